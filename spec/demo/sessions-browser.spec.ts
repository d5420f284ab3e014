import { expect } from 'chai';
import { headlessChromium } from './chromium';
import { admin, demoServer } from './demo-server';
import { visitor } from './visitor';

describe('demo: sessions in a browser', () => {
  const browser = headlessChromium();
  const demo = demoServer();
  const visit = visitor(browser, demo);

  it('are renewed unseen: when a form is sent, and in tabs opened at once', async () => {
    const { page, complaints } = visit();
    const context = page.context();
    await page.goto('/login');
    await page.getByLabel('Remember me').check();
    await visit().logIn(admin);
    await page.getByRole('link', { name: 'New note' }).click();
    await page.getByLabel('Title').fill('Written slowly');
    await context.clearCookies({ name: 'access-token' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Written slowly' }).waitFor();

    await context.clearCookies({ name: 'access-token' });
    const tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
    await Promise.all(tabs.map((tab, index) => tab.goto(index % 2 ? '/notes/new' : '/')));
    expect(tabs.map((tab) => new URL(tab.url()).pathname)).to.deep.equal([
      '/notes',
      '/notes/new',
      '/notes',
      '/notes/new',
    ]);
    expect(complaints).to.deep.equal([]);
  });

  it('end everywhere', async () => {
    const { page, complaints } = visit();
    const other = await demo().browserOf(admin);
    await page.goto('/login');
    await visit().logIn(admin);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Log out everywhere' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.context().cookies()).to.deep.equal([]);
    await other.get('/token/renew').expect(303).expect('Location', '/login?next=%2Fnotes');
    expect(complaints).to.deep.equal([]);
  });
});
