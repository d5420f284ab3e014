import { expect } from 'chai';
import { HttpError } from 'routing-controllers';
import { Attempts } from '../../demo/accounts/attempts';
import { rejection } from '../support/rejection';
import { ada, admin, demoServer, reader } from './demo-server';

describe('demo: rate limit', () => {
  const demo = demoServer({ attemptsPerMinute: 2 });
  const logIn = (password: string, email = reader.email) =>
    demo().http.post('/login').type('form').send({ email, password });
  const wrong = { grant_type: 'password', username: reader.email, password: 'wrong' };
  const askForToken = (form: object = wrong) => demo().http.post('/token').type('form').send(form);
  const failTwice = async () => {
    for (let attempt = 0; attempt < 2; attempt++) await logIn('wrong').expect(400);
  };

  it('stops logins of an account after some failures, even with the right password', async () => {
    await failTwice();
    const { text } = await logIn(reader.password).expect(429).expect('Retry-After', /^\d+$/);
    expect(text).to.contain('Too many attempts').and.contain('<html');
  });

  it('answers programs with JSON', async () => {
    await askForToken().expect(400);
    await askForToken().expect(400);
    const { body } = await askForToken().expect(429).expect('Retry-After', /^\d+$/);
    expect(body.message).to.contain('Too many attempts');
  });

  it('counts the form, the token route and the forms that ask for the password again together', async () => {
    const browser = await demo().browserOf(reader);
    await logIn('wrong').expect(400);
    await browser
      .post('/account/password')
      .type('form')
      .send({ current: 'wrong', password: 'long enough' })
      .expect(400);
    await askForToken().expect(429);
  });

  it('lets others log in from the same address: an office is not locked out', async () => {
    await failTwice();
    for (let attempt = 0; attempt < 100; attempt++) await logIn('wrong').expect(429);
    await logIn(admin.password, admin.email).expect(303);
  });

  it('stops an address that tries many accounts', async () => {
    for (let account = 0; account < 40; account++) await logIn('wrong', `user${account}@example.org`).expect(400);
    await logIn(admin.password, admin.email).expect(429).expect('Retry-After', /^\d+$/);
  }).timeout(20_000);

  it('does not limit right logins and refreshes', async () => {
    const { body } = await askForToken({ ...wrong, password: reader.password }).expect(200);
    let token = body.refresh_token;
    for (let attempt = 0; attempt < 10; attempt++) {
      await logIn(reader.password).expect(303);
      const answer = await askForToken({ grant_type: 'refresh_token', refresh_token: token }).expect(200);
      token = answer.body.refresh_token;
    }
  });

  it('cannot be exceeded by attempts at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => logIn('wrong')));
    expect(answers.filter(({ status }) => status === 400)).to.have.lengthOf(2);
  });

  for (const [name, spelling] of [
    ['capital letters', 'READER@Example.org'],
    ['spaces', ' reader@example.org '],
  ] as const) {
    it(`cannot be evaded by ${name} in the email address`, async () => {
      await failTwice();
      await logIn('wrong', spelling).expect(429);
    });
  }

  it('cannot be evaded by another spelling of the path', async () => {
    await failTwice();
    await demo()
      .http.post('/LOGIN/')
      .type('form')
      .send({ ...reader, password: 'wrong' })
      .expect(429);
  });

  it('cannot be evaded by a header that names another address', async () => {
    await failTwice();
    await logIn('wrong').set('X-Forwarded-For', '203.0.113.7').expect(429);
  });

  it('is the same whether or not the account exists', async () => {
    const ofNobody = () => logIn('wrong', 'nobody@example.org');
    for (let attempt = 0; attempt < 2; attempt++) await ofNobody().expect(400);
    await ofNobody().expect(429);
  });

  it('still shows the login page', async () => {
    await failTwice();
    await demo().http.get('/login').expect(200);
  });

  for (const path of ['/register', '/password/forgotten']) {
    it(`limits the mails that ${path} sends to one address`, async () => {
      const ask = (email: string) => demo().http.post(path).type('form').send({ email });
      for (let mail = 0; mail < 2; mail++) await ask(reader.email).expect(200);
      await ask(reader.email).expect(429).expect('Retry-After', /^\d+$/);
      await ask(ada.email).expect(200);
    });
  }

  describe('of addresses', () => {
    const wrongLogin = async () => undefined;

    it('counts the addresses of one IPv6 network together', async () => {
      const attempts = new Attempts(2);
      const client = (end: string) => ({ email: ada.email, address: `2001:db8:0:1:${end}` });
      await attempts.logIn(client('1:2:3:4'), wrongLogin);
      await attempts.logIn(client(':5'), wrongLogin);
      const error = await rejection<HttpError>(attempts.logIn(client(':6'), wrongLogin));
      expect(error.httpCode).to.equal(429);
    });

    it('counts different IPv6 networks and IPv4 addresses apart', async () => {
      const attempts = new Attempts(1);
      for (const address of ['2001:db8::1', '2001:db8:0:1::1', '::ffff:192.0.2.1', '::ffff:192.0.2.2', '192.0.2.3'])
        await attempts.logIn({ email: ada.email, address }, wrongLogin);
    });
  });
});
