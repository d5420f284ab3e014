// Opens each page of the built site in Chromium, on a phone and a desktop, in light and dark; takes a screenshot, and
// reports what axe finds serious, what is wider than the screen, and what the browser complains of.
//
//   node .vitepress/check/run.mjs [part of a path]...      (the search is /search)

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { pages, serve } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = join(import.meta.dirname, '../screenshots');
/** Each page is loaded once for a screen. axe looks at both screens and both colours once; the rest is for the eye. */
const screens = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, axeIn: 'light' },
  desktop: { viewport: { width: 1280, height: 900 }, axeIn: 'dark' },
};
/** What readers search for, and a part of the first result. */
const searches = {
  'redirect to login': 'Redirect to the login page',
  LOGIN_WEAK_SECRET: 'LOGIN_WEAK_SECRET',
  refreshUrl: 'refreshUrl',
  token_expired: 'token_expired',
};

const wanted = process.argv.slice(2);
const isWanted = (path) => wanted.length === 0 || wanted.some((part) => path.includes(part));
const { server, url } = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
let problems = 0;
try {
  for (const [screen, { axeIn, ...options }] of Object.entries(screens)) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    let place = '';
    const tell = (text) => report(`${place} (${screen})`, text);
    page.on('pageerror', (error) => tell(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') tell(message.text());
    });
    for (place of [...pages(), '/search'].filter(isWanted)) {
      if (place === '/search') await search(page, tell);
      else await open(page, place, tell);
      for (const colour of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: colour });
        await page.waitForSelector(colour === 'dark' ? 'html.dark' : 'html:not(.dark)', { state: 'attached' });
        await page.screenshot({ path: screenshotOf(place, `${screen}-${colour}`) });
        if (colour === axeIn) await runAxe(page, tell);
      }
    }
    await context.close();
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;

function report(place, text) {
  problems++;
  console.log(`${place}: ${text}`);
}

async function open(page, path, tell) {
  await page.goto(url + path);
  await page.evaluate(() => document.fonts.ready);
  const { width, screen } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    screen: window.innerWidth,
  }));
  if (width > screen) tell(`${width} pixels wide on a screen of ${screen}`);
}

async function search(page, tell) {
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.click('.VPNavBarSearch button');
  for (const [words, expected] of Object.entries(searches)) {
    await page.fill('.VPLocalSearchBox input', words);
    const first = page.locator('.VPLocalSearchBox .result').first();
    await first
      .filter({ hasText: expected })
      .waitFor({ timeout: 10_000 })
      .catch(() => tell(`the first result for ${words} lacks ${expected}`));
  }
}

async function runAxe(page, tell) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  for (const { id, impact, help, nodes } of violations) {
    if (impact !== 'serious' && impact !== 'critical') continue;
    tell(
      `${impact}: ${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ target }) => target.join(' '))
        .join(', ')}`,
    );
  }
}

function screenshotOf(path, variant) {
  const name = path
    .slice(1)
    .replace(/\.html$/, '')
    .replaceAll('/', '-');
  return join(screenshots, `${name}-${variant}.png`);
}
