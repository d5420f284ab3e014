import { expect } from 'chai';
import { admin, demoServer, reader } from './demo-server';

describe('demo: token route', () => {
  const demo = demoServer();
  const grant = { grant_type: 'password', username: admin.email, password: admin.password };
  const post = (form: object) => demo().http.post('/token').type('form').send(form);

  it('answers the password grant of RFC 6749', async () => {
    const { body } = await post(grant).expect(200).expect('Cache-Control', 'no-store');
    expect(body).to.include({ token_type: 'bearer', expires_in: 900, scope: 'notes:read notes:write' });
    for (const token of [body.access_token, body.refresh_token]) expect(token).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('takes JSON too', () => demo().http.post('/token').send(grant).expect(200));

  it('sets no cookie', async () => {
    expect((await post(grant).expect(200)).headers).not.to.have.property('set-cookie');
  });

  it('gives a token for fewer scopes', async () => {
    const { body } = await post({ ...grant, scope: 'notes:read' }).expect(200);
    expect(body.scope).to.equal('notes:read');
  });

  it('gives no scope that the account does not have', async () => {
    const { body } = await post({
      ...grant,
      username: reader.email,
      password: reader.password,
      scope: 'notes:write',
    }).expect(400);
    expect(body.error).to.equal('invalid_scope');
  });

  it('answers a wrong name and a wrong password alike', async () => {
    const wrong = { error: 'invalid_grant', error_description: 'Wrong email address or password' };
    await post({ ...grant, password: 'wrong' }).expect(400, wrong);
    await post({ ...grant, username: 'nobody@example.org' }).expect(400, wrong);
  });

  it('names a missing parameter', async () => {
    const { body } = await post({ grant_type: 'password', username: admin.email }).expect(400);
    expect(body.error).to.equal('invalid_request');
    expect(body.error_description).to.contain('password');
  });

  it('gives a token that tells who one is', async () => {
    const { body } = await demo()
      .http.get('/api/me')
      .set(await demo().bearerOf(admin))
      .expect(200);
    expect(body).to.include({ email: admin.email, admin: true });
    expect(body).not.to.have.any.keys('password', 'passwordHash', 'password_hash');
  });
});
