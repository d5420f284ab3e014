import { expect } from 'chai';
import { cookieOf, cookiesOf } from './cookies';
import { admin, demoServer, reader } from './demo-server';

describe('demo: the end of a session', () => {
  const demo = demoServer();
  const everywhere = '/account/logout';
  const refresh = (token: string | undefined) =>
    demo().http.post('/token').type('form').send({ grant_type: 'refresh_token', refresh_token: token });

  it('is the end of copies of its cookies, too', async () => {
    const browser = await demo().browserOf(admin);
    const [copy, refreshToken] = [cookiesOf(browser), cookieOf(browser, 'access-token-refresh')];
    await demo().http.get('/notes').set('Cookie', copy).expect(200);
    await browser.post('/logout').expect(303).expect('Location', '/');
    expect(cookiesOf(browser)).to.equal('');
    await demo().http.get('/notes').set('Cookie', copy).expect(307);
    await demo().http.get('/token/renew').set('Cookie', copy).expect(303).expect('Location', '/login?next=%2Fnotes');
    expect((await refresh(refreshToken).expect(400)).body.error).to.equal('invalid_grant');
  });

  it('leaves other browsers of the account logged in', async () => {
    const [one, other] = [await demo().browserOf(admin), await demo().browserOf(admin)];
    await one.post('/logout').expect(303);
    await other.get('/notes').expect(200);
  });

  describe('everywhere', () => {
    it('is offered on the page of the account', async () => {
      const browser = await demo().browserOf(reader);
      expect((await browser.get('/notes')).text).to.contain('href="/account"');
      const { text } = await browser.get('/account').expect(200);
      expect(text).to.contain('reader@example.org').and.contain(`action="${everywhere}"`);
    });

    it('is the end for other browsers and programs of the account', async () => {
      const [one, other] = [await demo().browserOf(admin), await demo().browserOf({ ...admin, remember: 'yes' })];
      const program = await demo().bearerOf(admin);
      await one.post(everywhere).expect(303).expect('Location', '/login');
      for (const browser of [one, other]) {
        await browser.get('/token/renew').expect(303).expect('Location', '/login?next=%2Fnotes');
        await browser.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
        expect(cookiesOf(browser)).to.equal('');
      }
      expect((await demo().http.get('/api/me').set(program).expect(401)).body.code).to.equal('token_revoked');
    });

    it('leaves other accounts alone, and a login straight after works', async () => {
      const someoneElse = await demo().browserOf(reader);
      await (await demo().browserOf(admin)).post(everywhere).expect(303);
      await someoneElse.get('/notes').expect(200);
      await (await demo().browserOf(admin)).get('/notes').expect(200);
    });

    it('is to be had by programs', async () => {
      const program = await demo().bearerOf(reader);
      await demo().http.post(everywhere).set(program).expect(303);
      await demo().http.get('/api/me').set(program).expect(401);
    });

    it('is refused to other sites, and to who is not logged in', async () => {
      const browser = await demo().browserOf(admin);
      await browser.post(everywhere).set('Sec-Fetch-Site', 'cross-site').expect(403);
      await browser.get('/notes').expect(200);
      await demo().http.post(everywhere).expect(303).expect('Location', '/login');
    });
  });
});
