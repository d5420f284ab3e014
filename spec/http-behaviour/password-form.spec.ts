import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import express from 'express';
import express4 from 'express-4';
import { Authorized, Get, JsonController, Post } from 'routing-controllers';
import { InvalidGrantError } from '../../src/errors/oauth2-error';
import { grantScopes } from '../../src/oauth2/grant-scopes';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { managerOf } from '../support/accounts';
import { bearer } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { type App, type Framework, onBothExpresses, onEachFramework } from '../support/servers';
import { capturingStderr, silencingStderr } from '../support/stderr';

const manager = managerOf();
const PASSWORD = 'correct horse battery staple';

@JsonController()
class Routes {
  @Post('/login')
  async login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    if (form.password !== PASSWORD) throw new InvalidGrantError('Wrong username or password');
    const scopes = grantScopes(form.scopes, ['read', 'write']);
    return manager.createTokenResponse({ data: { sub: form.username }, scopes });
  }

  @Post('/echo')
  echo(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return { form, isForm: form instanceof OAuth2PasswordRequestForm };
  }

  @Authorized('read')
  @Get('/notes')
  notes() {
    return {};
  }
}

const controllers = [Routes];
const credentials = { username: 'ada@example.com', password: PASSWORD };
const FORM = 'application/x-www-form-urlencoded';
const encode = (fields: Record<string, string> | [string, string][]) => new URLSearchParams(fields).toString();

const parsers: Record<string, (app: App, framework: Framework) => void> = {
  'nothing else set up': () => undefined,
  'urlencoded and json before it': (app, framework) => {
    const { urlencoded, json } = framework === 'Express 4' ? (express4 as unknown as typeof express) : express;
    app.use(urlencoded({ extended: true }));
    app.use(json());
  },
  'json alone before it': (app, framework) => {
    app.use((framework === 'Express 4' ? (express4 as unknown as typeof express) : express).json());
  },
};

describe('@PasswordForm', () => {
  silencingStderr();

  onEachFramework((start, framework) => {
    const setUps = Object.entries(parsers).filter(([name]) => framework !== 'Koa' || name.startsWith('nothing'));

    for (const [setUp, parse] of setUps) {
      describe(`with ${setUp}`, () => {
        const startIt = async () =>
          (await start({ manager, controllers, before: (app) => parse(app, framework) })).client;

        it('logs in with a form', async () => {
          const client = await startIt();
          const { status, body } = await client.post('/login').type('form').send(credentials);
          expect(status).to.equal(200);
          expect(body).to.include({ token_type: 'bearer', expires_in: 900, scope: 'read write' });
          expect((await client.get('/notes').set(bearer(body.access_token))).status).to.equal(200);
        });

        it('logs in with JSON', async () => {
          const client = await startIt();
          const { status, body } = await client.post('/login').send({ ...credentials, scope: 'write' });
          expect(status).to.equal(200);
          expect(body.scope).to.equal('write');
          expect((await client.get('/notes').set(bearer(body.access_token))).status).to.equal(403);
        });

        it('gives an OAuth2PasswordRequestForm of what was sent', async () => {
          const sent = {
            ...credentials,
            scope: 'read  write read',
            client_id: 'cli',
            client_secret: 's',
            other: 'ignored',
          };
          for (const type of ['form', 'json']) {
            const { body } = await (await startIt()).post('/echo').type(type).send(sent);
            expect(body.isForm, type).to.equal(true);
            expect(body.form, type).to.deep.equal({
              ...credentials,
              grant_type: 'password',
              scopes: ['read', 'write'],
              client_id: 'cli',
              client_secret: 's',
            });
          }
        });

        it('puts Cache-Control: no-store on the answer, a refusal too', async () => {
          const client = await startIt();
          for (const fields of [credentials, { ...credentials, password: 'wrong' }, { username: 'ada' }]) {
            const { headers } = await client.post('/login').type('form').send(fields);
            expect(headers['cache-control']).to.equal('no-store');
            expect(headers.pragma).to.equal('no-cache');
          }
        });

        const refusals: Record<string, { fields: object; error: string; description: string }> = {
          'a wrong password': {
            fields: { ...credentials, password: 'hunter2' },
            error: 'invalid_grant',
            description: 'Wrong username or password',
          },
          'no password': {
            fields: { username: 'ada' },
            error: 'invalid_request',
            description: 'Missing or malformed: password',
          },
          'an empty name': {
            fields: { ...credentials, username: '' },
            error: 'invalid_request',
            description: 'Missing or malformed: username',
          },
          'another grant': {
            fields: { ...credentials, grant_type: 'client_credentials' },
            error: 'unsupported_grant_type',
            description: 'The grant type is not supported',
          },
          'a scope that is not allowed': {
            fields: { ...credentials, scope: 'admin' },
            error: 'invalid_scope',
            description: 'The requested scope is not allowed',
          },
          'a scope that is none': {
            fields: { ...credentials, scope: 'rea"d' },
            error: 'invalid_scope',
            description: 'The requested scope is malformed',
          },
        };

        for (const [name, { fields, error, description }] of Object.entries(refusals)) {
          it(`answers ${name} as RFC 6749 §5.2 says, 400`, async () => {
            for (const type of ['form', 'json']) {
              const { status, body } = await (await startIt()).post('/login').type(type).send(fields);
              expect(status, type).to.equal(400);
              expect(body, type).to.deep.equal({ error, error_description: description });
            }
          });
        }

        it('refuses a parameter that is given twice, or not as text', async () => {
          const client = await startIt();
          const description = 'Given more than once, or not as text: password';
          const twice = encode([...Object.entries(credentials), ['password', 'hunter2']]);
          const answers = [
            await client.post('/login').type(FORM).send(twice),
            await client.post('/login').send({ ...credentials, password: ['hunter2'] }),
            await client.post('/login').send({ ...credentials, password: { $gt: '' } }),
            await client.post('/login').send({ ...credentials, password: 1234 }),
          ];
          for (const { status, body } of answers) {
            expect(status).to.equal(400);
            expect(body).to.deep.equal({ error: 'invalid_request', error_description: description });
          }
        });
      });
    }

    it('takes the names of parameters as they are: nothing is inherited', async () => {
      const { client } = await start({ manager, controllers });
      const bodies = ['{"__proto__":{"username":"ada","password":"hunter2"}}', '{"constructor":"username"}'];
      for (const body of bodies) {
        expect((await client.post('/login').type('json').send(body)).status).to.equal(400);
      }
      const form = '__proto__=a&__proto__[username]=ada&constructor=b&toString=c';
      expect((await client.post('/login').type(FORM).send(form)).body.error).to.equal('invalid_request');
    });

    it('keeps the connection of who is refused, and writes nothing', async () => {
      const { url } = await start({ manager, controllers });
      const keepAlive = new KeepAliveClient(url);
      const body = encode({ ...credentials, password: 'hunter2' });
      const written = await capturingStderr(async () => {
        for (let sent = 0; sent < 50; sent += 1) {
          const answer = await keepAlive.send({
            path: '/login',
            method: 'POST',
            headers: { 'Content-Type': FORM },
            body,
          });
          expect(answer.status).to.equal(400);
          expect(JSON.parse(answer.body).error).to.equal('invalid_grant');
        }
      });
      keepAlive.close();
      expect(keepAlive.connections).to.equal(1);
      expect(written).to.equal('');
    });

    it('answers likewise where the application leaves errors to nobody', async () => {
      const { client } = await start({ manager, controllers, defaultErrorHandler: false });
      const { status, text, headers } = await client
        .post('/login')
        .type('form')
        .send({ ...credentials, password: 'hunter2' });
      expect(status).to.equal(400);
      expect(headers['cache-control']).to.equal('no-store');
      expect(text).to.contain('Wrong username or password').and.not.contain('hunter2');
    });
  });

  describe('with a body that is no form', () => {
    const secret = 'hunter2';
    const big = `username=ada&password=${secret}&x=${'x'.repeat(200_000)}`;

    const bodies: Record<
      string,
      { type?: string; body?: string | Buffer; headers?: object; status: number; onKoa?: number }
    > = {
      'JSON that is cut off': { type: 'application/json', body: `{"password":"${secret}"`, status: 400 },
      'JSON that is none': { type: 'application/json', body: secret, status: 400 },
      'JSON that is text': { type: 'application/json', body: `"${secret}"`, status: 400 },
      'JSON that is a list': { type: 'application/json', body: `["${secret}"]`, status: 400 },
      'JSON that is null': { type: 'application/json', body: 'null', status: 400 },
      'an empty JSON body': { type: 'application/json', body: '', status: 400 },
      'an empty form': { type: FORM, body: '', status: 400 },
      'a form that is bad text': { type: FORM, body: `%E0%A4%A=${secret}&&&==%`, status: 400 },
      'a form that is too large': { type: FORM, body: big, status: 413 },
      'JSON that is too large': {
        type: 'application/json',
        body: JSON.stringify({ big: 'x'.repeat(2_000_000) }),
        status: 413,
      },
      'no type at all': { body: `password=${secret}`, status: 415 },
      'plain text': { type: 'text/plain', body: `password=${secret}`, status: 415 },
      multipart: { type: 'multipart/form-data; boundary=x', body: `--x\r\n\r\n${secret}\r\n--x--`, status: 415 },
      'a type that is no type': { type: 'garbage/', body: secret, status: 415 },
      'a compressed form': {
        type: FORM,
        body: gzipSync(`username=ada&password=${secret}`),
        headers: { 'Content-Encoding': 'gzip' },
        status: 415,
        // The body parser of routing-controllers' Koa server reads it, and the password is wrong.
        onKoa: 400,
      },
      'an encoding nobody knows': {
        type: FORM,
        body: secret,
        headers: { 'Content-Encoding': 'x-unknown' },
        status: 415,
      },
    };

    onEachFramework((start, framework) => {
      for (const [name, { type, body, headers = {}, status, onKoa = status }] of Object.entries(bodies)) {
        it(`answers ${framework === 'Koa' ? onKoa : status} to ${name}, and shows nothing of it`, async () => {
          const { url } = await start({ manager, controllers });
          const client = new KeepAliveClient(url);
          const bytes = Buffer.from(body ?? '');
          const answer = await client.send({
            path: '/login',
            method: 'POST',
            headers: { ...(type && { 'Content-Type': type }), 'Content-Length': bytes.length, ...headers },
            body: bytes as never,
          });
          client.close();
          expect(answer.status).to.equal(framework === 'Koa' ? onKoa : status);
          expect(answer.body).not.to.contain(secret);
          if (framework !== 'Koa') expect(JSON.parse(answer.body).error).to.equal('invalid_request');
        });
      }

      it('answers a client that sends no body', async () => {
        const { client } = await start({ manager, controllers });
        const { status } = await client.post('/login');
        expect(status).to.be.oneOf([400, 415]);
      });

      it('survives a client that goes away in the middle of it', async () => {
        const { client, url } = await start({ manager, controllers });
        const socket = connect(Number(new URL(url).port), '127.0.0.1');
        socket.write(
          `POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: ${FORM}\r\nContent-Length: 100\r\n\r\nusername=a`,
        );
        await new Promise<void>((resolve) => socket.once('connect', () => socket.end(resolve)));
        socket.destroy();
        expect((await client.post('/login').type('form').send(credentials)).status).to.equal(200);
      });
    });
  });

  onBothExpresses((start) => {
    it('answers 400 where another middleware has read the body away', async () => {
      const before = (app: App) =>
        app.use((request: App, _response: App, next: () => void) => request.on('end', next).resume());
      const { client } = await start({ manager, controllers, before });
      const { status, body } = await client.post('/login').type('form').send(credentials);
      expect(status).to.equal(400);
      expect(body.error_description).to.equal('The body has been read already');
    });
  });
});
