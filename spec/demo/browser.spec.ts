import { expect } from 'chai';
import { headlessChromium } from './chromium';
import { admin, demoServer, reader } from './demo-server';
import { desktop, phone, visitor } from './visitor';

describe('demo: pages in a browser', () => {
  const browser = headlessChromium();
  const demo = demoServer();
  const visit = visitor(browser, demo);

  it('let somebody log in, write a note, and log out', async () => {
    const { page, complaints } = visit();
    await page.goto('/');
    await page.getByRole('link', { name: 'Log in' }).first().click();
    await visit().logIn(admin);
    await page.getByRole('link', { name: 'New note' }).click();
    await page.getByLabel('Title').fill('Lovelace');
    await page.getByLabel('Text').fill('Note G,\nwith a <b>program</b>');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Lovelace' }).waitFor();
    expect(await page.locator('.text').innerText()).to.equal('Note G,\nwith a <b>program</b>');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Write it down' }).waitFor();
    expect(await page.context().cookies()).to.deep.equal([]);
    expect(complaints).to.deep.equal([]);
  });

  it('send a visitor to the login, and back to where they wanted to go', async () => {
    const { page, complaints } = visit();
    await page.goto('/notes/new?from=mail');
    expect(visit().path).to.equal('/login?next=%2Fnotes%2Fnew%3Ffrom%3Dmail');
    await visit().logIn({ ...admin, password: 'wrong' });
    await page.getByRole('alert').filter({ hasText: 'Wrong email address or password' }).waitFor();
    await visit().logIn(admin);
    await page.getByRole('heading', { name: 'New note' }).waitFor();
    expect(visit().path).to.equal('/notes/new?from=mail');
    expect(complaints).to.deep.equal([failedToLoad('400 (Bad Request)')]);
  });

  it('show nothing any more after the logout, by the back button neither', async () => {
    const { page, complaints } = visit();
    await page.goto('/notes');
    await visit().logIn(reader);
    await page.getByRole('heading', { name: 'Your notes' }).waitFor();
    expect(await page.context().cookies()).to.have.lengthOf(1);
    expect(await page.evaluate('document.cookie'), 'what scripts see').to.equal('');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Write it down' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(visit().path).to.equal('/login?next=%2Fnotes');
    expect(complaints).to.deep.equal([]);
  });

  it('break no policy and fit the screens of a phone and a desktop', async () => {
    const { page, complaints } = visit();
    const look = async (path: string) => {
      await page.goto(path);
      await page.locator('h1, h2').first().waitFor();
      const overflows = [await visit().overflowAt(phone), await visit().overflowAt(desktop)];
      expect([path, visit().path, ...overflows, ...complaints]).to.deep.equal([path, path, 0, 0]);
    };
    for (const path of ['/', '/login', '/register', '/password/forgotten', '/password/reset', '/docs'])
      await look(path);
    await page.goto('/login');
    await visit().logIn(admin);
    await page.getByRole('heading', { name: 'Your notes' }).waitFor();
    for (const path of ['/notes', '/notes/1', '/notes/new', '/notes/1/edit', '/admin', '/account']) await look(path);
    await page.goto('/nothing');
    expect(complaints).to.deep.equal([failedToLoad('404 (Not Found)')]);
  });

  for (const path of ['/login', '/docs']) {
    it(`run no script of somebody else's at ${path}`, async () => {
      const { page, complaints } = visit();
      await page.goto(path);
      const violation = page.waitForEvent('console', (message) => message.text().includes('Content Security Policy'));
      await page.evaluate(
        `document.body.append(Object.assign(document.createElement('script'), { textContent: 'hacked = 1' }))`,
      );
      await violation;
      expect(await page.evaluate('typeof hacked')).to.equal('undefined');
      expect(complaints).to.have.lengthOf(1);
    });
  }
});

function failedToLoad(status: string): string {
  return `Failed to load resource: the server responded with a status of ${status}`;
}
