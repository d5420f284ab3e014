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
const screens = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1 },
  desktop: { viewport: { width: 1280, height: 900 } },
};
/** axe looks at both screens and both colours once; the other two are for the eye. */
const variants = [
  { screen: 'phone', colorScheme: 'light', hasAxe: true },
  { screen: 'desktop', colorScheme: 'dark', hasAxe: true },
  { screen: 'phone', colorScheme: 'dark', hasAxe: false },
  { screen: 'desktop', colorScheme: 'light', hasAxe: false },
];

const wanted = process.argv.slice(2);
const isWanted = (path) => wanted.length === 0 || wanted.some((part) => path.includes(part));
const { server, url } = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
let problems = 0;
try {
  for (const { screen, colorScheme, hasAxe } of variants) {
    const context = await browser.newContext({ ...screens[screen], colorScheme, reducedMotion: 'reduce' });
    const variant = `${screen}-${colorScheme}`;
    for (const path of pages().filter(isWanted)) await check(context, path, { variant, hasAxe });
    if (isWanted('/search') && screen === 'desktop') await checkSearch(context, variant);
    await context.close();
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;

function report(place, variant, text) {
  problems++;
  console.log(`${place} (${variant}): ${text}`);
}

async function check(context, path, { variant, hasAxe }) {
  const page = await context.newPage();
  const tell = (text) => report(path, variant, text);
  page.on('pageerror', (error) => tell(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') tell(message.text());
  });
  await page.goto(url + path);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: screenshotOf(path, variant) });
  if (hasAxe) await runAxe(page, tell);
  const { width, screen } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    screen: window.innerWidth,
  }));
  if (width > screen) tell(`${width} pixels wide on a screen of ${screen}`);
  await page.close();
}

async function checkSearch(context, variant) {
  const page = await context.newPage();
  const tell = (text) => report('search', variant, text);
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.keyboard.press('Control+k');
  await page.fill('.VPLocalSearchBox input', 'token_expired');
  await page.waitForSelector('.VPLocalSearchBox .result', { timeout: 10_000 });
  await page.screenshot({ path: screenshotOf('/search.html', variant) });
  await runAxe(page, tell);
  const [first = ''] = await page.locator('.VPLocalSearchBox .result').allInnerTexts();
  if (!first.includes('token_expired')) tell(`the first result for a code is ${first}`);
  await page.close();
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
  return join(
    screenshots,
    `${path
      .slice(1)
      .replace(/\.html$/, '')
      .replaceAll('/', '-')}-${variant}.png`,
  );
}
