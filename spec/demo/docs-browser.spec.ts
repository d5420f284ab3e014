import { expect } from 'chai';
import type { Page, Request } from 'playwright-core';
import { headlessChromium } from './chromium';
import { admin, demoServer, reader } from './demo-server';
import { visitor } from './visitor';

describe('demo: documentation in a browser', () => {
  const browser = headlessChromium();
  const demo = demoServer();
  const visit = visitor(browser, demo);
  beforeEach(async () => {
    await visit().page.goto('/docs');
  });

  it('logs in with name, password and the scopes that are ticked, and calls a closed operation', async () => {
    const { page, complaints } = visit();
    const login = await authorize(page, reader, ['notes:read']);
    expect(login.headers()['content-type']).to.match(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(new URLSearchParams(login.postData() ?? ''))).to.deep.equal({
      grant_type: 'password',
      username: reader.email,
      password: reader.password,
      scope: 'notes:read',
    });

    const [request, answer] = await tryOut(page, 'GET', '/api/notes');
    expect(await request.headerValue('authorization')).to.match(/^Bearer /);
    expect(await request.headerValue('cookie')).to.equal(null);
    expect(answer.status).to.equal('200');
    expect(answer.body.map(({ title }: { title: string }) => title)).to.deep.equal([
      'Welcome',
      'A line to keep',
      'Groceries',
    ]);
    expect(complaints).to.deep.equal([]);
  });

  it('shows that a closed operation refuses everybody else', async () => {
    const [, { status, body }] = await tryOut(visit().page, 'GET', '/api/notes');
    expect([status, body.code]).to.deep.equal(['401', 'token_missing']);
  });

  it('shows that a scope which was not ticked is missing', async () => {
    const { page } = visit();
    await authorize(page, admin, ['notes:read']);
    const [, { status, body }] = await tryOut(page, 'POST', '/api/notes');
    expect([status, body.code]).to.deep.equal(['403', 'insufficient_scope']);
  });

  it('writes with all scopes', async () => {
    const { page, complaints } = visit();
    await authorize(page, admin, ['notes:read', 'notes:write']);
    const [, { status, body }] = await tryOut(page, 'POST', '/api/notes');
    expect(status).to.equal('201');
    expect(body).to.have.all.keys('id', 'title', 'text', 'updatedAt');
    expect(complaints).to.deep.equal([]);
  });

  it('takes who is logged in on the pages, by the cookie', async () => {
    const { page, complaints } = visit();
    await page.goto('/login');
    await visit().logIn(admin);
    await page.getByRole('link', { name: 'the API' }).click();
    const [request, { status }] = await tryOut(page, 'POST', '/api/notes');
    expect(await request.headerValue('authorization')).to.equal(null);
    expect(status).to.equal('201');
    expect(complaints).to.deep.equal([]);
  });

  it('says that a password is wrong', async () => {
    const { page } = visit();
    await authorize(page, { ...reader, password: 'wrong' }, []);
    await page.getByText('Wrong email address or password').first().waitFor();
  });
});

/** Uses the dialog; the request that it made. */
async function authorize(page: Page, user: typeof reader, scopes: readonly string[]): Promise<Request> {
  await page.getByRole('button', { name: 'Authorize' }).click();
  const dialog = page.locator('.modal-ux');
  await dialog.getByLabel('username').fill(user.email);
  await dialog.getByLabel('password').fill(user.password);
  for (const scope of scopes) await dialog.getByText(scope).click();
  const response = page.waitForResponse('/token');
  await dialog.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
  const answered = await response;
  if (answered.ok()) {
    await dialog.getByRole('button', { name: /logout|remove/i }).waitFor();
    await dialog.locator('.close-modal').click();
  }
  return answered.request();
}

/** Calls an operation with the example values; the request, and the answer as the page shows it. */
async function tryOut(page: Page, method: string, path: string) {
  const operation = page
    .locator(`.opblock-${method.toLowerCase()}`)
    .filter({ has: page.locator(`[data-path="${path}"]`) });
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  const sent = page.waitForRequest(path);
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table');
  const status = await answer.locator('tbody .response-col_status').first().innerText();
  const body = JSON.parse(await answer.locator('.highlight-code code').first().innerText());
  return [await sent, { status: status.split('\n')[0], body }] as const;
}
