import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import express from 'express';
import { Body, JsonController, Post } from 'routing-controllers';
import { InvalidRequestError } from '../../src/errors/oauth2-error';
import { readFormFields } from '../../src/http/form-body';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { managerOf } from '../support/accounts';
import { type App, listen, onBothExpresses, onEachFramework } from '../support/servers';
import { capturingStderr } from '../support/stderr';

@JsonController()
class Login {
  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return { ...form, isForm: form instanceof OAuth2PasswordRequestForm };
  }

  @Post('/echo')
  echo(@Body() body: object) {
    return body;
  }
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const GOOD = {
  grant_type: 'password',
  username: 'ada@example.com',
  password: 'p4$$ w&rd=ä',
  scope: 'notes:read notes:write',
};

/** What stands for a secret in the bodies of these specs; no answer may hold it. */
const SUBMITTED = 'hunter2';

describe('the password form', () => {
  onEachFramework((start, framework) => {
    const login = async (body: string | Buffer | undefined, type?: string, headers: Record<string, string> = {}) => {
      const { client } = await start({ manager: managerOf(), controllers: [Login] });
      const request = client.post('/login').set(headers);
      if (type !== undefined) request.set('Content-Type', type);
      if (typeof body === 'string' && type === undefined) request.set('Content-Type', '');
      // As bytes, so that supertest sends them as they are.
      return request.serialize((sent) => sent as string).send(body as never);
    };

    const form = (fields: Record<string, string> | string) => login(new URLSearchParams(fields).toString(), FORM);
    const json = (body: unknown) => login(typeof body === 'string' ? body : JSON.stringify(body), JSON_TYPE);

    it('is read from a form-encoded body', async () => {
      const response = await form(GOOD);
      expect(response.status).to.equal(200);
      expect(response.body).to.deep.equal({
        grant_type: 'password',
        username: GOOD.username,
        password: GOOD.password,
        scopes: ['notes:read', 'notes:write'],
        isForm: true,
      });
    });

    it('is read from a JSON body', async () => {
      const response = await json({ ...GOOD, client_id: 'app', client_secret: 'x' });
      expect(response.body).to.include({
        username: GOOD.username,
        password: GOOD.password,
        client_id: 'app',
        client_secret: 'x',
        isForm: true,
      });
    });

    it('may leave the grant type and the scope out, as HTML forms do', async () => {
      expect((await form({ username: 'ada', password: 'x' })).body).to.deep.include({
        grant_type: 'password',
        scopes: [],
      });
      expect((await form({ grant_type: '', username: 'ada', password: 'x', scope: '' })).body).to.deep.include({
        grant_type: 'password',
        scopes: [],
      });
    });

    it('ignores fields that it does not know', async () => {
      const { body, status } = await form({
        ...GOOD,
        csrf: '1',
        'a[b]': 'c',
        __proto__x: '1',
        scopes: 'admin',
        isAdmin: 'true',
      });
      expect(status).to.equal(200);
      expect(body).to.have.all.keys('grant_type', 'username', 'password', 'scopes', 'isForm');
      expect(body.scopes).to.deep.equal(['notes:read', 'notes:write']);
    });

    it('takes a content type with a charset, in any case', async () => {
      expect(
        (await login('username=ada&password=x', 'Application/X-WWW-Form-Urlencoded; charset=UTF-8')).status,
      ).to.equal(200);
    });

    it('has each scope once', async () => {
      expect((await form({ ...GOOD, scope: ' b  a b ' })).body.scopes).to.deep.equal(['b', 'a']);
    });

    it('keeps its answer out of caches, a refusal too', async () => {
      for (const response of [await form(GOOD), await form({ username: 'ada' })]) {
        expect(response.headers).to.include({ 'cache-control': 'no-store', pragma: 'no-cache' });
      }
    });

    const refused: [
      string,
      () => Promise<{ status: number; body: Record<string, unknown>; text: string }>,
      number,
      string,
      RegExp,
    ][] = [
      ['a missing name', () => form({ password: SUBMITTED }), 400, 'invalid_request', /Missing or malformed: username/],
      ['an empty name', () => form({ username: '', password: SUBMITTED }), 400, 'invalid_request', /username/],
      [
        'a missing password',
        () => form({ username: SUBMITTED }),
        400,
        'invalid_request',
        /Missing or malformed: password/,
      ],
      ['an empty password', () => form({ username: SUBMITTED, password: '' }), 400, 'invalid_request', /password/],
      ['neither', () => form({ x: SUBMITTED }), 400, 'invalid_request', /username, password/],
      [
        'a name given twice',
        () => form(`username=ada&username=${SUBMITTED}&password=x`),
        400,
        'invalid_request',
        /Given more than once, or not as text: username/,
      ],
      [
        'a password given twice, the same',
        () => form(`username=ada&password=${SUBMITTED}&password=${SUBMITTED}`),
        400,
        'invalid_request',
        /more than once.*password/,
      ],
      [
        'a scope given twice',
        () => form(`username=ada&password=x&scope=a&scope=${SUBMITTED}`),
        400,
        'invalid_request',
        /scope/,
      ],
      [
        'a nested name',
        () => json({ username: { $ne: SUBMITTED }, password: 'x' }),
        400,
        'invalid_request',
        /not as text: username/,
      ],
      [
        'a nested password',
        () => json({ username: 'ada', password: { $gt: '', [SUBMITTED]: 1 } }),
        400,
        'invalid_request',
        /not as text: password/,
      ],
      ['a list of names', () => json({ username: [SUBMITTED], password: 'x' }), 400, 'invalid_request', /username/],
      [
        'a number as the password',
        () => json({ username: 'ada', password: 12345678 }),
        400,
        'invalid_request',
        /password/,
      ],
      ['true as the name', () => json({ username: true, password: SUBMITTED }), 400, 'invalid_request', /username/],
      ['null as the name', () => json({ username: null, password: SUBMITTED }), 400, 'invalid_request', /username/],
      [
        'a nested name in a form',
        () => form({ 'username[$ne]': SUBMITTED, password: 'x' }),
        400,
        'invalid_request',
        /username/,
      ],
      ['another grant', () => form({ ...GOOD, grant_type: SUBMITTED }), 400, 'unsupported_grant_type', /not supported/],
      [
        'another grant in other letters',
        () => form({ ...GOOD, grant_type: 'Password' }),
        400,
        'unsupported_grant_type',
        /not supported/,
      ],
      [
        'a scope that is none',
        () => form({ ...GOOD, scope: `notes:read "${SUBMITTED}"` }),
        400,
        'invalid_scope',
        /malformed/,
      ],
      ['a JSON list', () => json([SUBMITTED]), 400, 'invalid_request', /named fields/],
    ];

    for (const [what, send, status, error, description] of refused) {
      it(`refuses ${what}`, async () => {
        const printed = await capturingStderr(async () => {
          const response = await send();
          expect(response.status).to.equal(status);
          expect(response.body).to.have.all.keys('error', 'error_description');
          expect(response.body.error).to.equal(error);
          expect(response.body.error_description).to.match(description);
          expect(response.text, 'what was submitted').not.to.include(SUBMITTED).and.not.to.include('12345678');
        });
        expect(printed, 'standard error').to.equal('');
      });
    }

    it('refuses no body at all', async () => {
      const { status, body } = await login(undefined);
      expect([400, 415]).to.include(status);
      expect(body.error).to.equal('invalid_request');
    });

    for (const type of [
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/jsonp',
      `text/plain; x=${FORM}`,
    ]) {
      it(`refuses ${type}`, async () => {
        const { status, body, text } = await login(`username=ada&password=${SUBMITTED}`, type);
        // koa-bodyparser, which routing-controllers puts first, hands over an empty body of a type it does not know.
        expect([status, body.error]).to.deep.equal([415, 'invalid_request']);
        expect(text).not.to.include(SUBMITTED);
      });
    }

    it('takes what the application’s own parser has read', async () => {
      if (framework === 'Koa') return; // there it always is: routing-controllers adds koa-bodyparser
      const parse = (app: App) => app.use(express.urlencoded({ extended: true }), express.json());
      const { client } = await start({ manager: managerOf(), controllers: [Login], before: parse });
      expect((await client.post('/login').type('form').send(GOOD)).body).to.include({ username: GOOD.username });
      expect((await client.post('/login').send(GOOD)).body).to.include({ username: GOOD.username });
      const nested = await client.post('/login').type('form').send(`username[$ne]=${SUBMITTED}&password=x`);
      expect([nested.status, nested.body.error]).to.deep.equal([400, 'invalid_request']);
    });

    it('leaves the other routes’ bodies alone', async () => {
      const { client } = await start({ manager: managerOf(), controllers: [Login] });
      expect((await client.post('/echo').send({ a: 1 })).body).to.deep.equal({ a: 1 });
    });
  });

  // On Koa, koa-bodyparser has read the body before.
  onBothExpresses((start) => {
    const login = async (body: string | Buffer, headers: Record<string, string>) => {
      const { client } = await start({ manager: managerOf(), controllers: [Login] });
      return client
        .post('/login')
        .set(headers)
        .serialize((sent) => sent as string)
        .send(body as never);
    };

    it('refuses malformed JSON without a word of it', async () => {
      for (const body of [`{"username":"${SUBMITTED}"`, `${SUBMITTED}`, '', '{"a":1}}', "{'username':'ada'}"]) {
        const response = await login(body, { 'Content-Type': JSON_TYPE });
        expect([response.status, response.body.error], body).to.deep.equal([400, 'invalid_request']);
        expect(response.text).not.to.include(SUBMITTED);
      }
    });

    it('refuses fields that are only inherited', async () => {
      const response = await login(`{"__proto__":{"username":"ada","password":"${SUBMITTED}"}}`, {
        'Content-Type': JSON_TYPE,
      });
      expect(response.body).to.deep.equal({
        error: 'invalid_request',
        error_description: 'Missing or malformed: username, password',
      });
    });

    for (const value of ['null', '42', '"text"', 'true']) {
      it(`refuses the JSON ${value}`, async () => {
        const response = await login(value, { 'Content-Type': JSON_TYPE });
        expect(response.body).to.deep.equal({
          error: 'invalid_request',
          error_description: 'The body must hold named fields',
        });
      });
    }

    it('refuses a body that is compressed', async () => {
      const response = await login(gzipSync('username=ada&password=x'), {
        'Content-Type': FORM,
        'Content-Encoding': 'gzip',
      });
      expect([response.status, response.body.error]).to.deep.equal([415, 'invalid_request']);
    });

    it('refuses more than 16 KiB', async () => {
      const body = (length: number) => 'username=ada&password='.padEnd(length, 'x');
      expect((await login(body(16 * 1024), { 'Content-Type': FORM })).status).to.equal(200);
      const response = await login(body(16 * 1024 + 1), { 'Content-Type': FORM });
      expect([response.status, response.body.error]).to.deep.equal([413, 'invalid_request']);
    });

    it('reads a field that is repeated thousands of times at the cost of any other body', async () => {
      const started = process.cpuUsage();
      const response = await login('a&'.repeat(8 * 1024), { 'Content-Type': FORM });
      const { user } = process.cpuUsage(started);
      expect(response.status).to.equal(400);
      expect(user / 1000, 'milliseconds of work; a second and more where it is quadratic').to.be.below(500);
    });
  });
});

describe('the fields of a body', () => {
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  const closing: (() => void)[] = [];

  it('cannot be read twice', async () => {
    const found = new Promise((resolve) => {
      const server = createServer(async (message, response) => {
        await readFormFields(message, undefined);
        resolve(await readFormFields(message, undefined).catch((error) => error));
        response.end();
      });
      closing.push(() => server.close().closeAllConnections());
      listen(server).then(({ client }) =>
        client
          .post('/')
          .type('form')
          .send('a=b')
          .then(() => undefined),
      );
    });
    expect(await found)
      .to.be.instanceOf(InvalidRequestError)
      .with.property('message', 'The body has been read already');
  });

  it('cannot be read of a request that breaks off', async () => {
    const found = new Promise((resolve) => {
      const server = createServer(async (message) =>
        resolve(await readFormFields(message, undefined).catch((error) => error)),
      );
      closing.push(() => server.close().closeAllConnections());
      listen(server).then(async ({ url }) => {
        const { connect } = await import('node:net');
        const socket = connect(Number(new URL(url).port), '127.0.0.1');
        socket.write(
          `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\nContent-Length: 100\r\n\r\nusername=ada`,
          () => setImmediate(() => socket.destroy()),
        );
      });
    });
    expect(await found)
      .to.be.instanceOf(InvalidRequestError)
      .with.property('message', 'The body could not be read');
  });
});
