import { expect } from 'chai';
import { Accounts } from '../../demo/accounts/accounts';
import { ada, demoServer, reader } from './demo-server';

describe('demo: registration', () => {
  const demo = demoServer();
  const ask = (form: object) => demo().http.post('/register').type('form').send(form);
  const choose = (form: object) => demo().http.post('/register/password').type('form').send(form);
  const register = async (form: object = {}) => {
    await ask({ email: ada.email }).expect(200);
    return choose({ ...demo().linkTo(ada.email).fields, password: ada.password, ...form });
  };

  it('logs in whoever follows the link of the mail and chooses a password', async () => {
    const browser = await demo().browserOfNewcomer();
    const { text } = await browser.get('/notes').expect(200);
    expect(text).to.contain('Your notes').and.contain('ada@example.org');
  });

  it('creates no account before that', async () => {
    await ask({ email: ada.email }).expect(200);
    expect(demo().services.get(Accounts).findCredentials(ada.email)).to.equal(undefined);
  });

  it('answers the same whether or not the address has an account, and tells its owner by mail', async () => {
    const taken = await ask({ email: reader.email }).expect(200);
    const free = await ask({ email: 'rider@example.org' }).expect(200);
    expect(free.text.replaceAll('rider@', 'reader@')).to.equal(taken.text);
    expect(free.headers).to.have.all.keys(Object.keys(taken.headers));
    const subjects = demo().mails.map(({ to, subject }) => `${to}: ${subject}`);
    expect(subjects).to.deep.equal(['reader@example.org: You have an account', 'rider@example.org: Your registration']);
  });

  it('takes an address that has an account for one, however it is written', async () => {
    await ask({ email: ' READER@Example.org' }).expect(200);
    expect(demo().mails[0]?.subject).to.equal('You have an account');
  });

  it('keeps the password as an argon2id hash', async () => {
    expect((await register()).status).to.equal(303);
    expect(demo().services.get(Accounts).findCredentials(ada.email)?.passwordHash).to.match(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    );
  });

  it('shows a form that sends the token of the link, and uses nothing up by that', async () => {
    await ask({ email: ada.email }).expect(200);
    const { path, fields } = demo().linkTo(ada.email);
    for (let visit = 0; visit < 2; visit++) {
      const { text } = await demo().http.get(path).expect(200);
      expect(text).to.contain(`name="token" value="${fields.token}"`);
    }
    await choose({ ...fields, password: ada.password }).expect(303);
  });

  it('says at the field that a password is too short, and uses nothing up by that', async () => {
    const { text, status } = await register({ password: '7 chars' });
    expect(status).to.equal(400);
    expect(text).to.match(
      /<input id="password"[^>]* aria-invalid="true" aria-describedby="password-problem password-hint"/,
    );
    expect(text).to.contain('id="password-problem">Choose a password of 8 to 128 characters<');
    expect(text).not.to.contain('7 chars');
    await choose({ ...demo().linkTo(ada.email).fields, password: ada.password }).expect(303);
  });

  it('refuses a password of more than 128 characters', async () => {
    expect((await register({ password: 'p'.repeat(129) })).status).to.equal(400);
  });

  it('takes a password of 128 characters', async () => {
    expect((await register({ password: 'p'.repeat(128) })).status).to.equal(303);
  });

  it('refuses a link that was used', async () => {
    await register();
    const { text, headers } = await choose({ ...demo().linkTo(ada.email).fields, password: 'of a thief' }).expect(400);
    expect(text).to.contain('The link is invalid, has expired or has been used');
    expect(headers).not.to.have.property('set-cookie');
  });

  it('refuses a second link once the account exists', async () => {
    await ask({ email: ada.email }).expect(200);
    const { fields } = demo().linkTo(ada.email);
    await register();
    const { text } = await choose({ ...fields, password: 'another one' }).expect(400);
    expect(text).to.contain('There is an account with this email address already');
  });

  it('refuses a link after an hour', async () => {
    await ask({ email: ada.email }).expect(200);
    demo().passDays(1 / 24);
    await choose({ ...demo().linkTo(ada.email).fields, password: ada.password }).expect(400);
  });

  for (const [name, form] of [
    ['no token', {}],
    ['a token that is none', { token: 'not.a.token' }],
    ['a token that is sent twice', { token: ['a', 'b'] }],
  ] as const) {
    it(`refuses a form with ${name}`, () => choose({ password: ada.password, ...form }).expect(400));
  }

  it('refuses the token of a login, and a login does not take the token of a link', async () => {
    const { Authorization } = await demo().bearerOf(reader);
    await choose({ token: Authorization.slice('Bearer '.length), password: ada.password }).expect(400);
    await ask({ email: ada.email }).expect(200);
    const { token = '' } = demo().linkTo(ada.email).fields;
    await demo().http.get('/api/me').auth(token, { type: 'bearer' }).expect(401);
  });

  it('shows the email address again in a form it refuses', async () => {
    const { text } = await ask({ email: 'not an address' }).expect(400);
    expect(text).to.contain('value="not an address"').and.contain('Enter an email address');
  });

  it('escapes a field that is sent twice', async () => {
    const { text } = await ask('email=<i>&email=<b>' as never).expect(400);
    expect(text).to.contain('value="&lt;i&gt;&lt;b&gt;"');
  });

  it('ignores what else a form says of the account', async () => {
    await register({ admin: 'true', scopes: 'root', email: 'admin@example.org' });
    expect(demo().services.get(Accounts).findCredentials(ada.email)?.account).to.include({ admin: false });
  });

  describe('that another site posts', () => {
    for (const [name, headers] of [
      ['a foreign site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
      ['a sibling host', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://other.example.org' }],
      ['a sandboxed frame', { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' }],
      ['an old browser', { Origin: 'https://evil.example' }],
    ] as const) {
      it(`sends no mail for ${name}`, async () => {
        await ask({ email: ada.email }).set(headers).expect(403);
        expect(demo().mails).to.deep.equal([]);
      });

      it(`creates no account for ${name}, and leaves the link good`, async () => {
        await ask({ email: ada.email }).expect(200);
        const form = { ...demo().linkTo(ada.email).fields, password: ada.password };
        const { text } = await choose(form).set(headers).expect(403);
        expect(text).to.contain('That came from another site');
        expect(demo().services.get(Accounts).findCredentials(ada.email)).to.equal(undefined);
        await choose(form).expect(303);
      });
    }
  });
});
