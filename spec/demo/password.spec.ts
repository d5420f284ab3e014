import { expect } from 'chai';
import { Accounts, type Credentials } from '../../demo/accounts/accounts';
import { cookiesOf } from './cookies';
import { ada, admin, demoServer, reader } from './demo-server';

describe('demo: a new password', () => {
  const demo = demoServer();
  const password = 'a better one';
  const logIn = (user: object) => demo().http.post('/login').type('form').send(user);

  describe('by somebody who is logged in', () => {
    const change = (browser: Awaited<ReturnType<ReturnType<typeof demo>['browserOf']>>, form: object) =>
      browser.post('/account/password').type('form').send(form);
    const right = { current: reader.password, password };

    it('counts from then on, and the old one no more', async () => {
      await change(await demo().browserOf(reader), right)
        .expect(303)
        .expect('Location', '/account?changed=password');
      await logIn(reader).expect(400);
      await logIn({ ...reader, password }).expect(303);
    });

    it('ends all other logins of the account, and keeps its own browser logged in', async () => {
      const [own, other] = [await demo().browserOf(reader), await demo().browserOf({ ...reader, remember: 'yes' })];
      const program = await demo().bearerOf(reader);
      const form = { grant_type: 'password', username: reader.email, password: reader.password };
      const { body } = await demo().http.post('/token').type('form').send(form).expect(200);
      await change(own, right).expect(303);
      const account = demo().http.get('/account?changed=password').set('Cookie', cookiesOf(own));
      const { text } = await account.expect(200);
      expect(text).to.contain('All other logins have ended').and.contain('this device');
      expect(text.split('<li>')).to.have.lengthOf(2);
      await other.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
      await demo().http.get('/api/me').set(program).expect(401);
      const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
      expect((await demo().http.post('/token').type('form').send(refresh).expect(400)).body.error).to.equal(
        'invalid_grant',
      );
    });

    it('ends the logins that were there, whoever sets it', async () => {
      const browser = await demo().browserOf(reader);
      const program = await demo().bearerOf(reader);
      const accounts = demo().services.get(Accounts);
      const { account } = accounts.findCredentials(reader.email) as Credentials;
      accounts.setPassword(account, 'the hash of another password');
      await browser.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
      expect((await demo().http.get('/api/me').set(program).expect(401)).body.code).to.equal('token_revoked');
    });

    it('leaves other accounts logged in', async () => {
      const someoneElse = await demo().browserOf(admin);
      await change(await demo().browserOf(reader), right).expect(303);
      await someoneElse.get('/notes').expect(200);
    });

    for (const [name, remember] of [
      ['that ends with the browser', undefined],
      ['that lasts', 'yes'],
    ] as const) {
      it(`keeps a login ${name} as it was`, async () => {
        const browser = await demo().browserOf({ ...reader, ...(remember && { remember }) });
        const { headers } = await change(browser, right).expect(303);
        const cookie = String(headers['set-cookie'])
          .split(/,(?=access-token=)/)
          .find((text) => /^access-token=\w/.test(text));
        expect(cookie?.includes('Max-Age=')).to.equal(remember !== undefined);
      });
    }

    for (const [name, form, field, message] of [
      ['a wrong present password', { ...right, current: 'wrong' }, 'current', 'That is not your password'],
      ['no present password', { password }, 'current', 'Enter your present password'],
      ['a short new password', { ...right, password: 'short' }, 'password', 'Choose a password of 8 to 128 characters'],
    ] as const) {
      it(`is refused with ${name}`, async () => {
        const browser = await demo().browserOf(reader);
        const { text } = await change(browser, form).expect(400);
        expect(text).to.contain(`id="${field}-problem">${message}<`);
        await logIn(reader).expect(303);
      });
    }

    it('is refused to other sites', async () => {
      const browser = await demo().browserOf(reader);
      await change(browser, right).set('Sec-Fetch-Site', 'cross-site').expect(403);
      await logIn(reader).expect(303);
    });
  });

  describe('by somebody who has forgotten the old one', () => {
    const ask = (email: string) => demo().http.post('/password/forgotten').type('form').send({ email });
    const reset = (form: object) => demo().http.post('/password/reset').type('form').send(form);
    const link = async (email = reader.email) => {
      await ask(email).expect(200);
      return demo().linkTo(email);
    };

    it('is offered on the login page', async () => {
      expect((await demo().http.get('/login')).text).to.contain('href="/password/forgotten"');
      await demo().http.get('/password/forgotten').expect(200);
    });

    it('answers the same whether or not there is an account, and sends mail only if there is', async () => {
      const known = await ask(reader.email).expect(200);
      const unknown = await ask('rider@example.org').expect(200);
      expect(unknown.text.replaceAll('rider@', 'reader@')).to.equal(known.text);
      expect(unknown.headers).to.have.all.keys(Object.keys(known.headers));
      expect(demo().mails.map(({ to }) => to)).to.deep.equal([reader.email]);
    });

    it('is set by the link, which logs in and ends all other logins', async () => {
      const other = await demo().browserOf(reader);
      const program = await demo().bearerOf(reader);
      const { path, fields } = await link();
      await demo().http.get(path).expect(200);
      const browser = demo().browser();
      const sent = browser.post('/password/reset').type('form');
      await sent
        .send({ ...fields, password })
        .expect(303)
        .expect('Location', '/notes');
      expect((await browser.get('/notes').expect(200)).text).to.contain(reader.email);
      await other.get('/notes').expect(303);
      await demo().http.get('/api/me').set(program).expect(401);
      await logIn(reader).expect(400);
      await logIn({ ...reader, password }).expect(303);
    });

    it('is set once by a link', async () => {
      const { fields } = await link();
      await reset({ ...fields, password }).expect(303);
      const { text } = await reset({ ...fields, password: 'of a thief' }).expect(400);
      expect(text).to.contain('The link is invalid, has expired or has been used');
      await logIn({ ...reader, password }).expect(303);
    });

    it('is set by one of many that use a link at the same time', async () => {
      const { fields } = await link();
      const answers = await Promise.all(Array.from({ length: 5 }, () => reset({ ...fields, password })));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([303, 400, 400, 400, 400]);
    });

    it('is not set by a link from before the last change', async () => {
      const old = await link();
      const { fields } = await link();
      await reset({ ...fields, password }).expect(303);
      await reset({ ...old.fields, password: 'of a thief' }).expect(400);
    });

    it('is not set after an hour', async () => {
      const { fields } = await link();
      demo().passDays(1 / 24);
      await reset({ ...fields, password }).expect(400);
    });

    it('is not set by a link of another account, or of a registration', async () => {
      const own = await link();
      const others = await link(admin.email);
      await reset({ account: others.fields.account, token: own.fields.token, password }).expect(400);
      await demo().http.post('/register').type('form').send({ email: ada.email }).expect(200);
      const { token } = demo().linkTo(ada.email).fields;
      await reset({ account: others.fields.account, token, password }).expect(400);
      await logIn(admin).expect(303);
    });

    for (const [name, form] of [
      ['no token', { account: 'x' }],
      ['no account', { token: 'x' }],
      ['a token that is none', { account: 'x', token: 'not.a.token' }],
      ['two tokens', { account: 'x', token: ['a', 'b'] }],
      ['two accounts', { account: ['a', 'b'], token: 'x' }],
    ] as const) {
      it(`is not set by a form with ${name}`, () => reset({ ...form, password }).expect(400));
    }

    it('can be too short without using the link up', async () => {
      const { fields } = await link();
      const { text } = await reset({ ...fields, password: 'short' }).expect(400);
      expect(text)
        .to.contain('Choose a password of 8 to 128 characters')
        .and.contain(fields.token as string);
      await reset({ ...fields, password }).expect(303);
    });

    it('is neither asked for nor set by another site', async () => {
      const foreign = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
      await ask(reader.email).set(foreign).expect(403);
      expect(demo().mails).to.deep.equal([]);
      const { fields } = await link();
      await reset({ ...fields, password })
        .set(foreign)
        .expect(403);
      await reset({ ...fields, password }).expect(303);
    });
  });
});
