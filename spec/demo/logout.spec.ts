import { expect } from 'chai';
import { cookiesOf } from './cookies';
import { admin, demoServer, reader } from './demo-server';

describe('demo: the end of a session', () => {
  const demo = demoServer();
  const everywhere = '/account/logout';

  it('ends copies of its cookie, too', async () => {
    const browser = await demo().browserOf(admin);
    const copy = cookiesOf(browser);
    await demo().http.get('/notes').set('Cookie', copy).expect(200);
    await browser.post('/logout').expect(303).expect('Location', '/');
    expect(cookiesOf(browser)).to.equal('');
    await demo().http.get('/notes').set('Cookie', copy).expect(303).expect('Location', '/login?next=%2Fnotes');
  });

  it('leaves other browsers of the account logged in', async () => {
    const [one, other] = [await demo().browserOf(admin), await demo().browserOf(admin)];
    await one.post('/logout').expect(303);
    await other.get('/notes').expect(200);
  });

  it('comes with the next login in the same browser', async () => {
    const browser = await demo().browserOf(admin);
    const copy = cookiesOf(browser);
    await browser.post('/login').type('form').send(reader).expect(303);
    await demo().http.get('/notes').set('Cookie', copy).expect(303);
    expect((await browser.get('/notes').expect(200)).text).to.contain('reader@example.org');
  });

  describe('everywhere', () => {
    it('is offered on the page of the account', async () => {
      const browser = await demo().browserOf(reader);
      expect((await browser.get('/notes')).text).to.contain('href="/account"');
      const { text } = await browser.get('/account').expect(200);
      expect(text).to.contain('reader@example.org').and.contain(`href="${everywhere}"`);
      expect((await browser.get(everywhere).expect(200)).text).to.contain(`action="${everywhere}"`);
    });

    it('asks for the password again ten minutes after the login, and comes back', async () => {
      const browser = await demo().browserOf({ ...admin, remember: 'yes' });
      demo().passMinutes(11);
      const { headers } = await browser.get(everywhere).expect(303);
      expect(headers.location).to.equal('/login?confirm=yes&next=%2Faccount%2Flogout');
      const { text } = await browser.get(headers.location as string).expect(200);
      expect(text).to.contain('enter your password again').and.contain('value="admin@example.org"');
      const form = { ...admin, next: everywhere };
      await browser.post('/login').type('form').send(form).expect(303).expect('Location', everywhere);
      await browser.post(everywhere).expect(303).expect('Location', '/login');
    });

    it('ends other browsers and programs of the account', async () => {
      const [one, other] = [await demo().browserOf(admin), await demo().browserOf({ ...admin, remember: 'yes' })];
      const program = await demo().bearerOf(admin);
      await one.post(everywhere).expect(303).expect('Location', '/login');
      expect(cookiesOf(one)).to.equal('');
      for (const browser of [one, other])
        await browser.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
      expect((await demo().http.get('/api/me').set(program).expect(401)).body.code).to.equal('token_revoked');
    });

    it('ends nothing for a login that is too old', async () => {
      const [one, other] = [await demo().browserOf(admin), await demo().browserOf(admin)];
      demo().passMinutes(11);
      await one.post(everywhere).expect(303).expect('Location', '/login?confirm=yes');
      for (const browser of [one, other]) await browser.get('/notes').expect(200);
    });

    it('leaves other accounts alone, and a login straight after works', async () => {
      const someoneElse = await demo().browserOf(reader);
      await (await demo().browserOf(admin)).post(everywhere).expect(303);
      await someoneElse.get('/notes').expect(200);
      await (await demo().browserOf(admin)).get('/notes').expect(200);
    });

    it('is refused to other sites, and to who is not logged in', async () => {
      const browser = await demo().browserOf(admin);
      await browser.post(everywhere).set('Sec-Fetch-Site', 'cross-site').expect(403);
      await browser.get('/notes').expect(200);
      await demo().http.post(everywhere).expect(303).expect('Location', '/login');
    });
  });
});
