import { expect } from 'chai';
import { headlessChromium } from './chromium';
import { admin, demoServer, reader } from './demo-server';
import { authorize, tryOut } from './swagger-ui';
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

    const { request, status, body } = await tryOut(page, 'GET', '/api/notes');
    expect(await request.headerValue('authorization')).to.match(/^Bearer /);
    expect(await request.headerValue('cookie')).to.equal(null);
    expect(status).to.equal('200');
    expect(body.map(({ title }: { title: string }) => title)).to.deep.equal(['Welcome', 'A line to keep', 'Groceries']);
    expect(complaints).to.deep.equal([]);
  });

  it('shows what is refused: to a visitor, and without a scope that was not ticked', async () => {
    const { page } = visit();
    const visitors = await tryOut(page, 'GET', '/api/notes');
    expect([visitors.status, visitors.body.code]).to.deep.equal(['401', 'token_missing']);
    await authorize(page, admin, ['notes:read']);
    const readers = await tryOut(page, 'POST', '/api/notes');
    expect([readers.status, readers.body.code]).to.deep.equal(['403', 'insufficient_scope']);
  });

  it('writes with all scopes', async () => {
    const { page, complaints } = visit();
    await authorize(page, admin, ['notes:read', 'notes:write']);
    const { status, body } = await tryOut(page, 'POST', '/api/notes');
    expect(status).to.equal('201');
    expect(body).to.have.all.keys('id', 'title', 'text', 'updatedAt');
    expect(complaints).to.deep.equal([]);
  });

  it('gets new tokens and takes them back, once the example is filled in', async () => {
    const { page } = visit();
    const { status, body } = await tryOut(page, 'POST', '/token/revoke');
    expect([status, body]).to.deep.equal(['200', {}]);
    const refused = await tryOut(page, 'POST', '/token');
    expect([refused.status, refused.body.error]).to.deep.equal(['400', 'invalid_grant']);
  });

  it('takes who is logged in on the pages, by the cookie', async () => {
    const { page, complaints } = visit();
    await page.goto('/login');
    await visit().logIn(admin);
    await page.getByRole('link', { name: 'the API' }).click();
    const { request, status } = await tryOut(page, 'POST', '/api/notes');
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
