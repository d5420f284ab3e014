import { expect } from 'chai';
import { ada, demoServer, reader } from './demo-server';

describe('demo: rate limit', () => {
  const demo = demoServer({ attemptsPerMinute: 2 });
  const logIn = (password: string) =>
    demo()
      .http.post('/login')
      .type('form')
      .send({ ...reader, password });
  const wrong = { grant_type: 'password', username: reader.email, password: 'wrong' };
  const askForToken = () => demo().http.post('/token').type('form').send(wrong);

  it('stops logins after some failures, the right password included', async () => {
    await logIn('wrong').expect(400);
    await logIn('wrong').expect(400);
    const { text } = await logIn(reader.password).expect(429).expect('Retry-After', /^\d+$/);
    expect(text).to.contain('Too many attempts').and.contain('<html');
  });

  it('answers programs with JSON', async () => {
    await askForToken().expect(400);
    await askForToken().expect(400);
    const { body } = await askForToken().expect(429).expect('Retry-After', /^\d+$/);
    expect(body.message).to.contain('Too many attempts');
  });

  it('counts the form and the token route together', async () => {
    await logIn('wrong').expect(400);
    await askForToken().expect(400);
    await logIn('wrong').expect(429);
  });

  it('cannot be gone around by another spelling of the path', async () => {
    await logIn('wrong').expect(400);
    await logIn('wrong').expect(400);
    await demo()
      .http.post('/LOGIN/')
      .type('form')
      .send({ ...reader, password: 'wrong' })
      .expect(429);
  });

  it('cannot be gone around by a header that names another address', async () => {
    await logIn('wrong').expect(400);
    await logIn('wrong').expect(400);
    await logIn('wrong').set('X-Forwarded-For', '203.0.113.7').expect(429);
  });

  it('does not count logins that succeed', async () => {
    for (let login = 0; login < 4; login++) await logIn(reader.password).expect(303);
  });

  it('still shows the login page', async () => {
    await logIn('wrong').expect(400);
    await logIn('wrong').expect(400);
    await demo().http.get('/login').expect(200);
  });

  it('holds for registrations, those that succeed included', async () => {
    for (const email of ['a@example.org', 'b@example.org']) {
      await demo()
        .http.post('/register')
        .type('form')
        .send({ ...ada, email })
        .expect(303);
    }
    await demo().http.post('/api/accounts').send(ada).expect(429);
  });
});
