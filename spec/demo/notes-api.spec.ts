import { expect } from 'chai';
import { Database } from '../../demo/database';
import { ada, admin, type DemoServer, demoServer, reader } from './demo-server';

describe('demo: notes API', () => {
  const demo = demoServer();
  const draft = { title: 'Lovelace', text: 'Note G' };

  it('answers a visitor with 401 and a challenge, not with a redirect', async () => {
    const { body } = await demo().http.get('/api/notes').expect(401).expect('WWW-Authenticate', 'Bearer realm="api"');
    expect(body).to.deep.include({ code: 'token_missing' });
  });

  it('does so however the path is written', () => demo().http.get('/API/Notes').expect(401));

  it('tells a program that its token is no good', async () => {
    const { body } = await demo().http.get('/api/notes').auth('not.a.token', { type: 'bearer' }).expect(401);
    expect(body.code).to.equal('token_invalid');
  });

  it('writes, reads, changes and deletes a note', async () => {
    await demo().browserOfNewcomer();
    const token = await demo().bearerOf(ada);
    const { body: note } = await demo().http.post('/api/notes').set(token).send(draft).expect(201);
    expect(note).to.include(draft).and.have.all.keys('id', 'title', 'text', 'updatedAt');
    const path = `/api/notes/${note.id}`;
    await demo().http.get('/api/notes').set(token).expect(200, [note]);
    await demo().http.put(path).set(token).send({ title: 'Babbage' }).expect(200);
    expect((await demo().http.get(path).set(token).expect(200)).body).to.include({
      id: note.id,
      title: 'Babbage',
      text: '',
    });
    await demo().http.delete(path).set(token).expect(204);
    await demo().http.get(path).set(token).expect(404);
  });

  it('lets a reader read', async () => {
    const { body } = await demo()
      .http.get('/api/notes')
      .set(await demo().bearerOf(reader))
      .expect(200);
    expect(body).to.have.lengthOf(3);
  });

  const writing = [
    ['post', () => '/api/notes'],
    ['put', firstNote],
    ['delete', firstNote],
  ] as const;
  for (const [method, path] of writing) {
    it(`refuses a reader's ${method}, and says which scope it takes`, async () => {
      const call = demo()
        .http[method](await path(demo()))
        .set(await demo().bearerOf(reader))
        .send(draft);
      const { body } = await call
        .expect(403)
        .expect('WWW-Authenticate', 'Bearer realm="api", error="insufficient_scope", scope="notes:write"');
      expect(body.code).to.equal('insufficient_scope');
    });
  }

  it('refuses a token that was asked for reading only', async () => {
    const token = await demo().bearerOf(admin, 'notes:read');
    await demo().http.post('/api/notes').set(token).send(draft).expect(403);
  });

  it('refuses a token that was granted a scope which the account has lost since then', async () => {
    const token = await demo().bearerOf(admin);
    const browser = await demo().browserOf(admin);
    await demo().http.post('/api/notes').set(token).send(draft).expect(201);
    demo().services.get(Database).run("UPDATE accounts SET scopes = 'notes:read' WHERE email = ?", admin.email);
    await demo().http.post('/api/notes').set(token).send(draft).expect(403);
    await browser.post('/api/notes').send(draft).expect(403);
    await demo().http.get('/api/notes').set(token).expect(200);
  });

  it("keeps everybody from others' notes", async () => {
    const path = await firstNote(demo());
    await demo().browserOfNewcomer();
    const token = await demo().bearerOf(ada);
    await demo().http.get(path).set(token).expect(404);
    await demo().http.put(path).set(token).send(draft).expect(404);
    await demo().http.delete(path).set(token).expect(404);
  });

  for (const [what, body] of [
    ['without a title', { text: 'x' }],
    ['with an empty title', { title: '  ' }],
    ['with a title of 121 characters', { title: 't'.repeat(121) }],
    ['with a title that is no text', { title: 5 }],
    ['with a text of 10001 characters', { title: 't', text: 't'.repeat(10_001) }],
    ['with a text that is null', { title: 't', text: null }],
    ['in an array', [{ title: 't' }]],
  ] as const) {
    it(`refuses a note ${what}`, async () => {
      const { body: answer } = await demo()
        .http.post('/api/notes')
        .set(await demo().bearerOf(admin))
        .send(body)
        .expect(400);
      expect(answer.name).to.equal('InvalidInputError');
    });
  }

  it('quotes nothing of a malformed body', async () => {
    const call = demo()
      .http.post('/api/notes')
      .set(await demo().bearerOf(admin))
      .type('json')
      .send('{"title": analytical}');
    expect((await call.expect(400)).text).not.to.contain('analytical');
  });

  it('names what is wrong, and never the submitted values', async () => {
    const call = demo()
      .http.post('/api/notes')
      .set(await demo().bearerOf(admin))
      .send({ title: '', text: 'analytical' });
    expect((await call.expect(400)).body).to.deep.equal({
      name: 'InvalidInputError',
      message: 'Some fields are not right',
      problems: { title: 'Give it a title of at most 120 characters' },
    });
  });

  it('refuses what a page of another site writes with the cookie', async () => {
    const browser = await demo().browserOf(admin);
    const { body } = await browser.post('/api/notes').set('Sec-Fetch-Site', 'cross-site').send(draft).expect(403);
    expect(body.code).to.equal('cross_origin');
  });

  it('takes what our own pages write with the cookie', async () => {
    const browser = await demo().browserOf(admin);
    await browser.post('/api/notes').send(draft).expect(201);
  });

  it('answers an unknown path with JSON', async () => {
    const { body } = await demo().http.get('/api/nothing').expect(404);
    expect(body).to.deep.equal({ name: 'NotFoundError', message: 'There is nothing here' });
  });
});

/** The path of one of the reader's notes. */
async function firstNote(demo: DemoServer): Promise<string> {
  const { body } = await demo.http.get('/api/notes').set(await demo.bearerOf(reader));
  return `/api/notes/${body[0].id}`;
}
