import { expect } from 'chai';
import { expectValid, operationsIn } from '../openapi/documents';
import { admin, demoServer, reader } from './demo-server';

describe('demo: OpenAPI document', () => {
  const demo = demoServer();
  const read = async () => (await demo().http.get('/openapi.json').expect(200).expect('Content-Type', /json/)).body;

  it('is valid, so nothing refers to what is not there', async () => expectValid(await read()));

  it('speaks of the API, and not of pages', async () => {
    expect(operationsIn(await read()).map(([name]) => name)).to.have.members([
      'POST /token',
      'POST /token/revoke',
      'GET /api/me',
      'GET /api/notes',
      'POST /api/notes',
      'GET /api/notes/{id}',
      'PUT /api/notes/{id}',
      'DELETE /api/notes/{id}',
    ]);
  });

  it('says who may call what, by header or cookie', async () => {
    const security = Object.fromEntries(
      operationsIn(await read()).map(([name, operation]) => [name, operation.security]),
    );
    const needs = (...scopes: string[]) => [{ OAuth2PasswordBearer: scopes }, { cookieAuth: [] }];
    expect(security).to.deep.equal({
      'POST /token': undefined,
      'POST /token/revoke': undefined,
      'GET /api/me': needs(),
      'GET /api/notes': needs('notes:read'),
      'POST /api/notes': needs('notes:write'),
      'GET /api/notes/{id}': needs('notes:read'),
      'PUT /api/notes/{id}': needs('notes:write'),
      'DELETE /api/notes/{id}': needs('notes:write'),
    });
  });

  it('takes tokens from where they are to be had', async () => {
    const { password } = (await read()).components.securitySchemes.OAuth2PasswordBearer.flows;
    expect(password.scopes).to.have.all.keys('notes:read', 'notes:write', 'accounts:read');
    expect(password.scopes['notes:write']).to.equal('Write notes (implies notes:read)');
    const { email: username, password: secret } = reader;
    const form = { grant_type: 'password', username, password: secret };
    const { body } = await demo().http.post(password.tokenUrl).type('form').send(form).expect(200);
    const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
    // Without a `refreshUrl` the token URL takes refresh tokens (OpenAPI 3, OAuth Flow Object).
    await demo()
      .http.post(password.refreshUrl ?? password.tokenUrl)
      .type('form')
      .send(refresh)
      .expect(200);
  });

  it('describes what the answers are', async () => {
    const { schemas } = (await read()).components;
    const token = await demo().bearerOf(admin);
    const { body: notes } = await demo().http.get('/api/notes').set(token);
    expect(notes[0]).to.have.all.keys(schemas.Note.required);
    const { body: account } = await demo().http.get('/api/me').set(token).expect(200);
    expect(account).to.have.all.keys(schemas.Account.required);
  });

  it('asks for no more than the API does', async () => {
    const { schemas } = (await read()).components;
    expect(schemas.NoteDraft.required).to.deep.equal(['title']);
    const token = await demo().bearerOf(admin);
    await demo().http.post('/api/notes').set(token).send({ title: 'Alone' }).expect(201);
  });

  it('names the answers of a deletion as they are', async () => {
    const { responses } = (await read()).paths['/api/notes/{id}'].delete;
    expect(responses).to.have.all.keys('204', '401', '403', '404');
  });
});

describe('demo: documentation', () => {
  const demo = demoServer();

  it('may run our scripts, show icons and call the API, and no more', async () => {
    const { headers } = await demo().http.get('/docs').expect(200);
    expect(headers['content-security-policy']).to.equal(
      "default-src 'none';base-uri 'none';connect-src 'self';form-action 'none';frame-ancestors 'none';" +
        "img-src 'self' data:;script-src 'self';style-src 'self'",
    );
  });

  it('needs nothing inline, and nothing from elsewhere', async () => {
    const { text } = await demo().http.get('/docs').expect(200);
    expect(text).not.to.match(/<script>|<style| style=| on\w+=|https?:/);
  });

  it('has no page of Swagger UI beside ours', async () => {
    for (const file of ['index.html', 'swagger-initializer.js', '']) {
      const { text } = await demo().http.get(`/docs/${file}`);
      expect(text).not.to.contain('petstore');
    }
    await demo().http.get('/docs/index.html').expect(404);
  });

  it('is reached from every page', async () => {
    const browser = await demo().browserOf(reader);
    for (const path of ['/notes', '/nothing']) expect((await browser.get(path)).text).to.contain('href="/docs"');
    expect((await demo().http.get('/')).text).to.contain('href="/docs"');
  });
});
