import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
const script = join(dirname(require.resolve('routing-controllers-login/package.json')), 'scripts/install-chromium.sh');

/** It asks nobody for anything but the demo. Its profile is a new, empty folder, which goes when it is closed. */
const args = [
  '--no-sandbox', // which root cannot have
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * For `describe`: one headless Chromium for all of its tests. Where there is none, root installs it; anybody else's
 * tests are pending, except under CI, where a missing browser is a failure.
 */
export function headlessChromium(): () => Browser {
  let browser: Browser | undefined;
  before(async function () {
    this.timeout(300_000);
    if (!existsSync(executablePath) && process.getuid?.() === 0) spawnSync(script, { stdio: 'inherit' });
    if (!existsSync(executablePath) && !process.env.CI) {
      console.warn(`No ${executablePath}: the browser specs are pending. Install it with ${script}`);
      this.skip();
    }
    browser = await chromium.launch({ executablePath, headless: true, args });
  });
  after(() => browser?.close());
  return () => browser as Browser;
}
