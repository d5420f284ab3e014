import { expect } from 'chai';
import { Accounts } from '../../demo/accounts/accounts';
import { ada, demoServer } from './demo-server';

describe('demo: registration', () => {
  const demo = demoServer();
  const register = (form: object) => demo().http.post('/register').type('form').send(form);

  it('logs in whoever registers', async () => {
    const browser = await demo().browserOfNewcomer();
    const { text } = await browser.get('/notes').expect(200);
    expect(text).to.contain('Your notes').and.contain('ada@example.org');
  });

  it('keeps the password as an argon2id hash', async () => {
    await register(ada).expect(303);
    expect(demo().services.get(Accounts).credentials(ada.email)?.passwordHash).to.match(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    );
  });

  it('says at the field that a password is too short', async () => {
    const { text } = await register({ ...ada, password: '7 chars' }).expect(400);
    expect(text).to.match(
      /<input id="password"[^>]* aria-invalid="true" aria-describedby="password-problem password-hint"/,
    );
    expect(text).to.contain('id="password-problem">Choose a password of 8 to 128 characters<');
  });

  it('refuses a password of more than 128 characters', () =>
    register({ ...ada, password: 'p'.repeat(129) }).expect(400));

  it('takes a password of 128 characters', () => register({ ...ada, password: 'p'.repeat(128) }).expect(303));

  it('shows the email address again in a form it refuses', async () => {
    const { text } = await register({ email: 'not an address', password: ada.password }).expect(400);
    expect(text).to.contain('value="not an address"').and.contain('Enter an email address');
  });

  it('never shows the password in a form it refuses', async () => {
    const { text } = await register({ email: 'nobody', password: 'analytical engine' }).expect(400);
    expect(text).not.to.contain('analytical');
  });

  it('refuses an email address that has an account, however it is written', async () => {
    await register(ada).expect(303);
    const { text, headers } = await register({ ...ada, email: ' ADA@Example.org' }).expect(409);
    expect(text).to.contain('There is an account with this email address already');
    expect(headers).not.to.have.property('set-cookie');
  });

  it('escapes a field that is sent twice', async () => {
    const { text } = await demo()
      .http.post('/register')
      .type('form')
      .send('email=<i>&email=<b>&password=analytical')
      .expect(400);
    expect(text).to.contain('value="&lt;i&gt;&lt;b&gt;"');
  });

  it('ignores what else a form says of the account', async () => {
    await register({ ...ada, admin: 'true', scopes: 'root' }).expect(303);
    expect(demo().services.get(Accounts).credentials(ada.email)?.account).to.include({ admin: false });
  });

  describe('by the API', () => {
    const registerByApi = (body: object) => demo().http.post('/api/accounts').send(body);

    it('answers with the account, without a password', async () => {
      const { body } = await registerByApi(ada).expect(201);
      expect(body).to.have.all.keys('id', 'email', 'admin', 'scopes', 'createdAt');
    });

    it('names what is wrong, and never the submitted values', async () => {
      const { body } = await registerByApi({ email: 'nobody', password: '7 chars' }).expect(400);
      expect(body).to.deep.equal({
        name: 'InvalidInputError',
        message: 'Some fields are not right',
        problems: {
          email: 'Enter an email address, such as ada@example.org',
          password: 'Choose a password of 8 to 128 characters',
        },
      });
    });

    it('quotes nothing of a malformed body', async () => {
      const { text } = await demo()
        .http.post('/api/accounts')
        .type('json')
        .send('{"password": analytical}')
        .expect(400);
      expect(text).not.to.contain('analytical');
    });

    it('refuses an array', async () => {
      const { body } = await registerByApi([ada]).expect(400);
      expect(body.problems).to.deep.equal({ form: 'Send one object' });
    });

    it('refuses an email address that has an account', async () => {
      await registerByApi(ada).expect(201);
      const { body } = await registerByApi(ada).expect(409);
      expect(body.message).to.equal('There is an account with this email address already');
    });
  });
});
