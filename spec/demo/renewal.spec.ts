import { expect } from 'chai';
import { cookieOf, cookiesOf, expireAccess } from './cookies';
import { admin, demoServer, reader } from './demo-server';

describe('demo: renewal of a session', () => {
  const demo = demoServer();
  const toNotes = '/token/renew?next=%2Fnotes';
  const expired = async (user: Parameters<ReturnType<typeof demo>['browserOf']>[0] = reader) => {
    const browser = await demo().browserOf(user);
    expireAccess(browser);
    return browser;
  };

  it('is on the way to a page, once the access token has expired', async () => {
    const browser = await expired();
    await browser.get('/notes').expect(307).expect('Location', toNotes);
    await browser.get(toNotes).expect(307).expect('Location', '/notes').expect('Cache-Control', 'no-store');
    expect((await browser.get('/notes').expect(200)).text).to.contain('reader@example.org');
  });

  it('is on the way to pages that are open to everybody, too', async () => {
    const browser = await expired();
    for (const [path, next] of Object.entries({
      '/': '%2F',
      '/docs': '%2Fdocs',
      '/login?next=/x': '%2Flogin%3Fnext%3D%2Fx',
    }))
      await browser.get(path).expect(307).expect('Location', `/token/renew?next=${next}`);
  });

  it('keeps the form that was posted', async () => {
    const browser = await expired(admin);
    const form = { title: 'Not lost', text: '' };
    await browser.post('/notes').type('form').send(form).expect(307).expect('Location', toNotes);
    await browser.post(toNotes).type('form').send(form).expect(307).expect('Location', '/notes');
    await browser.post('/notes').type('form').send(form).expect(303);
  });

  it('keeps cookies as long as they were to be kept', async () => {
    for (const [remember, kept] of [
      ['yes', 3],
      [undefined, 0],
    ] as const) {
      const browser = await expired({ ...reader, remember } as never);
      const { headers } = await browser.get(toNotes).expect(307);
      const cookies = (headers as unknown as Record<string, string[]>)['set-cookie'] as string[];
      expect(cookies).to.have.lengthOf(3);
      expect(cookies.filter((cookie) => cookie.includes('Max-Age='))).to.have.lengthOf(kept);
    }
  });

  it('uses nothing up where nothing is due', async () => {
    const browser = await demo().browserOf(reader);
    const { headers } = await browser.get(toNotes).expect(307).expect('Location', '/notes');
    expect(headers).not.to.have.property('set-cookie');
  });

  it('is shared by the tabs that a browser opens at once', async () => {
    const browser = await expired();
    const cookies = cookiesOf(browser);
    const tabs = await Promise.all(Array.from({ length: 10 }, () => demo().http.get(toNotes).set('Cookie', cookies)));
    expect(tabs.map(({ headers }) => headers.location)).to.deep.equal(Array(10).fill('/notes'));
    await browser.get(toNotes).expect('Location', '/notes');
    await browser.get('/notes').expect(200);
  });

  it('ends at the login page where the session is over, and clears the cookies', async () => {
    const browser = await expired();
    const refreshToken = cookieOf(browser, 'access-token-refresh');
    await demo().http.post('/token/revoke').type('form').send({ token: refreshToken }).expect(200, {});
    await browser.get(toNotes).expect(303).expect('Location', '/login?next=%2Fnotes');
    expect(cookiesOf(browser)).to.equal('');
    await browser.get('/login').expect(200);
  });

  it('finds a token that was used before, and ends the session for both who have it', async () => {
    const browser = await expired();
    const stolen = `access-token-refresh=${cookieOf(browser, 'access-token-refresh')}`;
    await browser.get(toNotes).expect('Location', '/notes');
    await browser.get('/notes').expect(200);
    await demo().http.get(toNotes).set('Cookie', stolen).expect(303).expect('Location', '/login?next=%2Fnotes');
    await browser.get('/notes').expect(307).expect('Location', toNotes);
    await browser.get(toNotes).expect(303).expect('Location', '/login?next=%2Fnotes');
  });

  it('sends whoever has no session to the login, and not to another site', async () => {
    await demo().http.get(toNotes).expect(303).expect('Location', '/login?next=%2Fnotes');
    await demo().http.post(toNotes).expect(303).expect('Location', '/login');
    const browser = await expired();
    await browser.get('/token/renew?next=//evil.example').expect(307).expect('Location', '/notes');
  });

  it('is refused to the form of another site', async () => {
    const browser = await expired();
    const { headers } = await browser.post(toNotes).set('Sec-Fetch-Site', 'cross-site').expect(403);
    expect(headers).not.to.have.property('set-cookie');
  });

  it('is not for programs, who are told that their token has expired', async () => {
    const browser = await expired();
    await browser.get('/api/me').expect(401);
  });
});
