import { expect } from 'chai';
import { headlessChromium } from './chromium';
import { admin, demoServer, reader } from './demo-server';
import { visitor } from './visitor';

describe('demo: sessions in a browser', () => {
  const browser = headlessChromium();
  const demo = demoServer();
  const visit = visitor(browser, demo);

  it('are renewed unseen: when a form is sent, and in tabs opened at the same time', async () => {
    const { page, complaints } = visit();
    const context = page.context();
    const token = async () => (await context.cookies()).find(({ name }) => name === 'access-token')?.value;
    await page.goto('/login');
    await page.getByLabel('Stay logged in').check();
    await visit().logIn(admin);
    await page.getByRole('link', { name: 'New note' }).click();
    await page.getByLabel('Title').fill('Written slowly');
    const first = await token();
    demo().passDays(6);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Written slowly' }).waitFor();
    const second = await token();
    expect(second).not.to.equal(first);

    demo().passDays(6);
    const tabs = await Promise.all(Array.from({ length: 4 }, () => context.newPage()));
    const open = () => Promise.all(tabs.map((tab, index) => tab.goto(index % 2 ? '/notes/new' : '/')));
    const paths = ['/notes', '/notes/new', '/notes', '/notes/new'];
    await open();
    expect(tabs.map((tab) => new URL(tab.url()).pathname)).to.deep.equal(paths);
    expect(await token()).not.to.equal(second);
    demo().passDays(6);
    await open();
    expect(tabs.map((tab) => new URL(tab.url()).pathname)).to.deep.equal(paths);
    expect(complaints).to.deep.equal([]);
  });

  it('end on another device, with its next request', async () => {
    const { page, complaints } = visit();
    const other = await demo().browserOf(reader);
    await page.goto('/login');
    await visit().logIn(reader);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Chrome on Linux' }).getByText('this device').waitFor();
    const device = page.getByRole('listitem').filter({ hasNotText: 'this device' });
    await device.getByRole('button', { name: 'End' }).click();
    await device.waitFor({ state: 'detached' });
    await other.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
    expect(complaints).to.deep.equal([]);
  });

  it('end everywhere, once the password is confirmed', async () => {
    const { page, complaints } = visit();
    const other = await demo().browserOf(admin);
    await page.goto('/login');
    await visit().logIn(admin);
    await page.getByRole('link', { name: 'Account' }).click();
    demo().passMinutes(11);
    await page.getByRole('link', { name: 'Log out everywhere' }).click();
    await page.getByText('enter your password again').waitFor();
    await page.getByLabel('Password').fill(admin.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Log out everywhere' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.context().cookies()).to.deep.equal([]);
    await other.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
    expect(complaints).to.deep.equal([]);
  });

  it('stay in the browser in which the password is changed, and end in others', async () => {
    const { page, complaints } = visit();
    const other = await demo().browserOf(reader);
    await page.goto('/login');
    await visit().logIn(reader);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByLabel('Present password').fill(reader.password);
    await page.getByLabel('New password').fill('a better one');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('status').filter({ hasText: 'All other logins have ended' }).waitFor();
    expect(await page.locator('.devices li').count()).to.equal(1);
    await other.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
    expect(complaints).to.deep.equal([]);
  });

  it('begin with a new password that was set by a link', async () => {
    const { page, complaints } = visit();
    await page.goto('/login');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('Email').fill(reader.email);
    await page.getByRole('button', { name: 'Send a link' }).click();
    await page.getByRole('heading', { name: 'Look at your mail' }).waitFor();
    await page.goto(demo().linkTo(reader.email).path);
    await page.getByLabel('Password').fill('a better one');
    await page.getByRole('button', { name: 'Save and log in' }).click();
    await page.getByRole('heading', { name: 'Your notes' }).waitFor();
    expect(complaints).to.deep.equal([]);
  });
});
