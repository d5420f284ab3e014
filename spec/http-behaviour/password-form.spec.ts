import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import bodyParser from 'body-parser';
import { expect } from 'chai';
import express from 'express';
import express4 from 'express-4';
import koaBodyParser from 'koa-bodyparser';
import { Authorized, Body, Get, JsonController, Post } from 'routing-controllers';
import { InvalidGrantError } from '../../src/errors/oauth2-error';
import { grantScopes } from '../../src/oauth2/grant-scopes';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { managerOf } from '../support/accounts';
import { bearer } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import {
  type App,
  type Framework,
  onEachServer,
  type RunningServer,
  type ServerOptions,
  sharedServer,
} from '../support/servers';
import { capturingStderr, silencingStderr } from '../support/stderr';

const manager = managerOf();
const PASSWORD = 'p4$$ w&rd=ä+';
/** What stands for a secret in the bodies of these specs; no answer may hold it. */
const SUBMITTED = 'hunter2';

@JsonController()
class Routes {
  @Post('/login')
  async login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    if (form.password !== PASSWORD) throw new InvalidGrantError('Wrong username or password');
    const scopes = grantScopes(form.scopes, ['read', 'write']);
    return manager.createTokenResponse({ data: { sub: form.username }, scopes });
  }

  @Post('/form')
  form(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return { ...form, isForm: form instanceof OAuth2PasswordRequestForm };
  }

  @Post('/body')
  body(@Body() body: object) {
    return body;
  }

  @Authorized('read')
  @Get('/notes')
  notes() {
    return {};
  }
}

type Fields = Record<string, string>;

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const ADA = { username: 'ada@example.com', password: PASSWORD };
const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

/** As koa-body and others do it: the body is read away, and what it held is in `ctx.request.body`. */
async function likeKoaBody(context: App, next: () => Promise<void>): Promise<void> {
  let text = '';
  for await (const chunk of context.req) text += chunk;
  if (context.is('json')) context.request.body = JSON.parse(text);
  else context.request.body = Object.fromEntries(new URLSearchParams(text));
  await next();
}

const LIKE_KOA_BODY = 'a parser like koa-body';
const four = express4 as unknown as typeof express;

const parsers: Record<Framework, Record<string, unknown[]>> = {
  'Express 5': {
    'express.urlencoded and express.json': [express.urlencoded(), express.json()],
    'express.urlencoded, extended, and express.json': [express.urlencoded({ extended: true }), express.json()],
    'express.json alone': [express.json()],
    'express.urlencoded alone, extended': [express.urlencoded({ extended: true })],
    'body-parser 1': [bodyParser.urlencoded({ extended: true }), bodyParser.json()],
  },
  'Express 4': {
    'express.urlencoded, extended, and express.json': [four.urlencoded({ extended: true }), four.json()],
    'express.json alone': [four.json()],
    'body-parser 1': [bodyParser.urlencoded({ extended: true }), bodyParser.json()],
  },
  Koa: {
    'koa-bodyparser': [koaBodyParser()],
    [LIKE_KOA_BODY]: [likeKoaBody],
  },
};

const missing = (names: string) => ({
  error: 'invalid_request',
  error_description: `Missing or malformed: ${names}`,
});
const noText = (name: string) => ({
  error: 'invalid_request',
  error_description: `Parameter must be a single string: ${name}`,
});
const otherGrant = { error: 'unsupported_grant_type', error_description: 'The grant type is not supported' };
const malformedScope = { error: 'invalid_scope', error_description: 'The requested scope is malformed' };

type Sent = [name: string, type: string, body: string, answer: object];

const inBoth = (name: string, fields: Fields, answer: object): Sent[] => [
  [`a form ${name}`, FORM, formOf(fields), answer],
  [`JSON ${name}`, JSON_TYPE, JSON.stringify(fields), answer],
];
const inForm = (name: string, form: string, answer: object): Sent => [`a form ${name}`, FORM, form, answer];
const inJson = (name: string, json: unknown, answer: object): Sent => [
  `JSON ${name}`,
  JSON_TYPE,
  JSON.stringify(json),
  answer,
];

const twoPasswords = inForm('with two passwords', `username=ada&password=x&password=${SUBMITTED}`, noText('password'));

/** Refused behind every parser. */
const refused: Sent[] = [
  ...inBoth('without a name', { password: SUBMITTED }, missing('username')),
  ...inBoth('with an empty name', { username: '', password: SUBMITTED }, missing('username')),
  ...inBoth('without a password', { username: SUBMITTED }, missing('password')),
  ...inBoth('with another grant type', { ...ADA, grant_type: SUBMITTED }, otherGrant),
  ...inBoth('with a malformed scope', { ...ADA, scope: `read "${SUBMITTED}"` }, malformedScope),
  ...inBoth(
    'with a scope that is not allowed',
    { ...ADA, scope: 'admin' },
    { error: 'invalid_scope', error_description: 'The requested scope is not allowed' },
  ),
  ...inBoth(
    'with a wrong password',
    { ...ADA, password: SUBMITTED },
    { error: 'invalid_grant', error_description: 'Wrong username or password' },
  ),
  inJson('with an object as the name', { username: { $ne: SUBMITTED }, password: 'x' }, noText('username')),
  inJson('with an array as the name', { username: [SUBMITTED], password: 'x' }, noText('username')),
  inJson(
    'with an object as the password',
    { username: 'ada', password: { $gt: '', [SUBMITTED]: 1 } },
    noText('password'),
  ),
  inJson('with an array as the password', { username: 'ada', password: [SUBMITTED] }, noText('password')),
  inJson('with a number as the password', { username: 'ada', password: 12345678 }, noText('password')),
  twoPasswords,
];

/** Refused, too, for values that parsers do not look at. */
const refusedToo: Sent[] = [
  ...inBoth('with an empty password', { username: SUBMITTED, password: '' }, missing('password')),
  ...inBoth('without a name and a password', { x: SUBMITTED }, missing('username, password')),
  ...inBoth('with the grant type of clients', { ...ADA, grant_type: 'client_credentials' }, otherGrant),
  ...inBoth('with the grant type in other letters', { ...ADA, grant_type: 'Password' }, otherGrant),
  ...inBoth('with a quote in a scope', { ...ADA, scope: 'rea"d' }, malformedScope),
  inForm('with two names', `username=ada&username=${SUBMITTED}&password=x`, noText('username')),
  inForm(
    'with the same password twice',
    `username=ada&password=${SUBMITTED}&password=${SUBMITTED}`,
    noText('password'),
  ),
  inForm('with two scopes', `username=ada&password=x&scope=a&scope=${SUBMITTED}`, noText('scope')),
  inJson('with true as the name', { username: true, password: SUBMITTED }, noText('username')),
  inJson('with null as the name', { username: null, password: SUBMITTED }, noText('username')),
  inJson('that is an array', [SUBMITTED], {
    error: 'invalid_request',
    error_description: 'The request body must be an object',
  }),
];

interface NoForm {
  type?: string;
  body: string | Buffer;
  status: number;
  description?: string;
  encoding?: string;
  /** What routing-controllers' own server of Koa answers, whose body parser reads first; in its own words if not ours. */
  onKoa?: [status: number, error?: string];
}

const NO_FIELDS = 'The request body must be an object';
const MISSING = 'Missing or malformed: username, password';
const noJson = (body: string, description?: string): NoForm => ({
  type: JSON_TYPE,
  body,
  status: 400,
  description,
  onKoa: [400],
});
const unread = (type: string | undefined, body = `username=ada&password=${SUBMITTED}`) => ({ type, body, status: 415 });
const longForm = (length: number) => ({
  type: FORM,
  body: `password=${SUBMITTED}&x=`.padEnd(length, 'x'),
  status: 413,
});
const longJson = (length: number) => ({
  type: JSON_TYPE,
  body: `{"password":"${SUBMITTED}`.padEnd(length, 'x').concat('"}'),
  status: 413,
});

const noForms: Record<string, NoForm> = {
  'JSON that is cut off': noJson(`{"password":"${SUBMITTED}"`),
  'JSON that is cut off in a string': noJson(`{"password":"${SUBMITTED}`),
  'JSON that is malformed at the password': noJson(`{"password":${SUBMITTED}}`),
  'JSON that is none': noJson(SUBMITTED),
  'JSON with a bracket too many': noJson('{"a":1}}'),
  'JSON with the wrong quotes': noJson("{'username':'ada'}"),
  'JSON that is a string': noJson(`"${SUBMITTED}"`, NO_FIELDS),
  'JSON that is a number': noJson('42', NO_FIELDS),
  'JSON that is true': noJson('true', NO_FIELDS),
  'JSON that is null': noJson('null', NO_FIELDS),
  'JSON whose fields are only inherited': noJson(`{"__proto__":{"username":"ada","password":"${SUBMITTED}"}}`, MISSING),
  'JSON with a name that every object inherits': { type: JSON_TYPE, body: '{"constructor":"username"}', status: 400 },
  'a form with names that every object inherits': {
    type: FORM,
    body: '__proto__=a&__proto__[username]=ada&constructor=b&toString=c',
    status: 400,
  },
  'an empty JSON body': { type: JSON_TYPE, body: '', status: 400 },
  'an empty form': { type: FORM, body: '', status: 400 },
  'no body': { type: undefined, body: '', status: 400 },
  'a form that is badly encoded': { type: FORM, body: `%E0%A4%A=${SUBMITTED}&&&==%`, status: 400 },
  'a form of 20 kB': { ...longForm(20_000), onKoa: [400, 'invalid_request'] },
  'a form of 200 kB': { ...longForm(200_000), onKoa: [413] },
  'a form of 2 MB': { ...longForm(2_000_000), onKoa: [413] },
  'JSON of 20 kB': { ...longJson(20_000), onKoa: [400, 'invalid_request'] },
  'JSON of 2 MB': { ...longJson(2_000_000), onKoa: [413] },
  'a body without a type': unread(undefined),
  'plain text': unread('text/plain'),
  'plain text with the type of a form in a parameter': unread(`text/plain; x=${FORM}`),
  multipart: unread('multipart/form-data; boundary=x', `--x\r\n\r\n${SUBMITTED}\r\n--x--`),
  XML: unread('application/xml'),
  JSONP: unread('application/jsonp'),
  'a type that is none': unread('garbage/', SUBMITTED),
  'a compressed form': {
    ...unread(FORM),
    body: gzipSync(`username=ada&password=${SUBMITTED}`),
    encoding: 'gzip',
    onKoa: [400, 'invalid_grant'],
  },
  'a form in an unknown encoding': { ...unread(FORM, SUBMITTED), encoding: 'x-unknown', onKoa: [415] },
};

function formOf(fields: Fields): string {
  return new URLSearchParams(fields).toString();
}

describe('the password form', () => {
  silencingStderr();

  onEachServer((start, framework, kind) => {
    const isKoasOwn = framework === 'Koa' && kind === 'own';
    const startIt = (more: Partial<ServerOptions> = {}) => start({ manager, controllers: [Routes], ...more });
    const plain = sharedServer(() => startIt());
    const post = ({ client }: RunningServer, path: string, type: string, body: string, headers: Fields = {}) =>
      client
        .post(path)
        .set({ 'Content-Type': type, ...headers })
        .serialize((sent) => sent as string)
        .send(body);
    const postBoth = async (server: RunningServer, path: string, fields: Fields, headers: Fields = {}) => [
      await post(server, path, FORM, formOf(fields), headers),
      await post(server, path, JSON_TYPE, JSON.stringify(fields), headers),
    ];

    const expectRefusal = async (server: RunningServer, [name, type, body, answer]: Sent) => {
      const response = await post(server, '/login', type, body);
      expect([response.status, response.body], name).to.deep.equal([400, answer]);
      expect(response.headers, name).to.include({ 'cache-control': 'no-store', pragma: 'no-cache' });
      expect(response.text, 'what was submitted').not.to.include(SUBMITTED).and.not.to.include('12345678');
    };

    const uses: [name: string, parsers: unknown[]][] = [['no parser', []], ...Object.entries(parsers[framework])];

    for (const [parser, middleware] of uses) {
      describe(`behind ${parser}`, () => {
        const behind = sharedServer(() => startIt({ before: (app) => void middleware.map((one) => app.use(one)) }));

        it('is read from a form and from JSON, and the answer is not cached', async () => {
          const fields = { ...ADA, scope: ' write  read write ', client_id: 'a', client_secret: 'b', remember: 'on' };
          const { scope, remember, ...known } = fields;
          for (const { status, body, headers } of await postBoth(behind(), '/form', fields)) {
            expect(status).to.equal(200);
            expect(body).to.deep.equal({
              ...known,
              grant_type: 'password',
              scopes: ['write', 'read'],
              fields: { remember: 'on' },
              isForm: true,
            });
            expect(headers).to.include({ 'cache-control': 'no-store', pragma: 'no-cache' });
          }
        });

        it('logs in with all scopes, and with those that are asked for', async () => {
          const server = behind();
          const all = await post(server, '/login', FORM, formOf(ADA));
          expect(all.body).to.include({ token_type: 'bearer', expires_in: 900, scope: 'read write' });
          expect(all.headers).to.include({ 'cache-control': 'no-store', pragma: 'no-cache' });
          expect((await server.client.get('/notes').set(bearer(all.body.access_token))).status).to.equal(200);
          const some = await post(server, '/login', JSON_TYPE, JSON.stringify({ ...ADA, scope: 'write' }));
          expect(some.body).to.include({ scope: 'write' });
          expect((await server.client.get('/notes').set(bearer(some.body.access_token))).status).to.equal(403);
        });

        it('has the client’s credentials of the body beside a header of another scheme', async () => {
          const fields = { ...ADA, client_id: 'a', client_secret: 'b' };
          for (const { body } of await postBoth(behind(), '/form', fields, { Authorization: 'Bearer x' })) {
            expect(body).to.include({ client_id: 'a', client_secret: 'b' });
          }
        });

        it('has the client’s credentials of a Basic header, decoded', async () => {
          const secret = encodeURIComponent('s%c+rät').replace(/%20/g, '+');
          const header = basic(`${encodeURIComponent('a:client')}:${secret}`);
          for (const { status, body } of await postBoth(behind(), '/form', ADA, header)) {
            expect([status, body.client_id, body.client_secret]).to.deep.equal([200, 'a:client', 's%c+rät']);
          }
        });

        it('refuses the client’s credentials in two places', async () => {
          const fields = { ...ADA, client_id: 'a', client_secret: SUBMITTED };
          const answers = await postBoth(behind(), '/form', fields, basic(`a:${SUBMITTED}`));
          for (const { status, body, text, headers } of answers) {
            expect([status, body.error]).to.deep.equal([400, 'invalid_request']);
            expect(headers['cache-control']).to.equal('no-store');
            expect(text).not.to.contain(SUBMITTED);
          }
        });

        it('refuses a Basic header that cannot be read, 401 with a challenge', async () => {
          const server = behind();
          for (const header of [basic(SUBMITTED), basic(`%E0%A4%A:${SUBMITTED}`), { Authorization: 'Basic' }]) {
            const { status, body, headers, text } = await post(server, '/form', FORM, formOf(ADA), header);
            expect([status, body.error]).to.deep.equal([401, 'invalid_client']);
            expect(headers['www-authenticate']).to.match(/^Basic realm=/);
            expect(headers['cache-control']).to.equal('no-store');
            expect(text).not.to.contain(SUBMITTED);
          }
        });

        it('refuses a nested name in a form', async () => {
          const response = await post(behind(), '/form', FORM, `username[$ne]=${SUBMITTED}&password=x`);
          expect([response.status, response.body.error]).to.deep.equal([400, 'invalid_request']);
          expect(response.body.error_description).to.match(/: username$/);
          expect(response.headers['cache-control']).to.equal('no-store');
          expect(response.text).not.to.contain(SUBMITTED);
        });

        if (middleware.length > 0) {
          it('is refused for the same reasons as without a parser', async () => {
            const server = behind();
            for (const sent of refused) {
              // What reads a repeated field as one has lost the other already.
              if (parser !== LIKE_KOA_BODY || sent !== twoPasswords) await expectRefusal(server, sent);
            }
          });
        }
      });
    }

    for (const refusal of [...refused, ...refusedToo]) {
      it(`refuses ${refusal[0]}`, async () => {
        const server = plain();
        expect(await capturingStderr(() => expectRefusal(server, refusal)), 'standard error').to.equal('');
      });
    }

    for (const [name, { type, body, encoding, description, ...row }] of Object.entries(noForms)) {
      const [status, error] = (isKoasOwn && row.onKoa) || [row.status, 'invalid_request'];
      it(`answers ${status} to ${name}, and shows nothing of it`, async () => {
        const { url } = plain();
        const client = new KeepAliveClient(url);
        const headers = {
          'Content-Length': Buffer.byteLength(body),
          ...(type && { 'Content-Type': type }),
          ...(encoding && { 'Content-Encoding': encoding }),
        };
        const answer = await client.send({ path: '/login', method: 'POST', headers, body: body as string });
        client.close();
        expect(answer.status).to.equal(status);
        expect(answer.body).not.to.contain(SUBMITTED);
        if (error === undefined) return;
        const refusal = JSON.parse(answer.body);
        expect(refusal.error).to.equal(error);
        expect(answer.headers['cache-control']).to.equal('no-store');
        if (description) expect(refusal.error_description).to.equal(description);
      });
    }

    it('refuses a request without a body', async () => {
      const { client } = plain();
      const { status, body } = await client.post('/login');
      expect(status).to.be.oneOf([400, 415]);
      expect(body.error).to.equal('invalid_request');
    });

    if (!isKoasOwn) {
      it('refuses more than 16 KiB', async () => {
        const server = plain();
        const form = (length: number) => 'username=ada&password='.padEnd(length, 'x');
        expect((await post(server, '/form', FORM, form(16 * 1024))).status).to.equal(200);
        const { status, body } = await post(server, '/form', FORM, form(16 * 1024 + 1));
        expect([status, body.error]).to.deep.equal([413, 'invalid_request']);
      });

      it('reads a field that is repeated thousands of times at the cost of any other body', async () => {
        const server = plain();
        const started = process.cpuUsage();
        const response = await post(server, '/login', FORM, 'a&'.repeat(8 * 1024));
        const { user } = process.cpuUsage(started);
        expect(response.status).to.equal(400);
        expect(user / 1000, 'milliseconds of work; a second and more where it is quadratic').to.be.below(500);
      });
    }

    it('may leave the grant type and the scope out, or empty, as HTML forms do', async () => {
      const server = plain();
      for (const left of ['', '&grant_type=&scope=']) {
        const { body } = await post(server, '/form', FORM, `username=ada&password=x${left}`);
        expect(body).to.deep.include({ grant_type: 'password', scopes: [] });
      }
    });

    it('has fields that it does not know apart from its own', async () => {
      const unknown = { csrf: '1', __proto__x: '1', scopes: 'admin', isAdmin: 'true' };
      const sent = formOf({ ...ADA, scope: 'read', ...unknown });
      const { status, body } = await post(plain(), '/form', FORM, `${sent}&a[b]=c`);
      expect(status).to.equal(200);
      const { fields, ...form } = body as { fields: object };
      expect(form).to.deep.equal({ ...ADA, grant_type: 'password', scopes: ['read'], isForm: true });
      expect(fields).to.include(unknown); // `a[b]` is text, or an object for a parser that makes one
    });

    it('takes a content type with a charset, in any case', async () => {
      const type = 'Application/X-WWW-Form-Urlencoded; charset=UTF-8';
      expect((await post(plain(), '/form', type, 'username=ada&password=x')).status).to.equal(200);
    });

    it('leaves the bodies of other routes alone', async () => {
      const { client } = plain();
      expect((await client.post('/body').send({ a: 1 })).body).to.deep.equal({ a: 1 });
    });

    it('keeps the connection of a client that is refused, and prints nothing', async () => {
      const { url } = plain();
      const client = new KeepAliveClient(url);
      const body = formOf({ ...ADA, password: SUBMITTED });
      const printed = await capturingStderr(async () => {
        for (let sent = 0; sent < 50; sent += 1) {
          const answer = await client.send({ path: '/login', method: 'POST', headers: { 'Content-Type': FORM }, body });
          expect([answer.status, JSON.parse(answer.body).error]).to.deep.equal([400, 'invalid_grant']);
        }
      });
      client.close();
      expect(client.connections).to.equal(1);
      expect(printed).to.equal('');
    });

    it('is refused with the same status and headers if nobody handles errors', async () => {
      const server = await startIt({ defaultErrorHandler: false });
      const body = formOf({ ...ADA, password: SUBMITTED });
      const { status, text, headers } = await post(server, '/login', FORM, body);
      expect([status, headers['cache-control']]).to.deep.equal([400, 'no-store']);
      expect(text).to.contain('Wrong username or password').and.not.contain(SUBMITTED);
    });

    it('survives a client that goes away in the middle of it', async () => {
      const server = plain();
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.write(`POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: ${FORM}\r\nContent-Length: 100\r\n\r\nusername=a`);
      await new Promise<void>((resolve) => socket.once('connect', () => socket.end(resolve)));
      socket.destroy();
      expect((await post(server, '/login', FORM, formOf(ADA))).status).to.equal(200);
    });

    if (framework !== 'Koa') {
      it('answers 400 if another middleware has read the body away', async () => {
        const readAway = (request: App, _response: App, next: () => void) => request.on('end', next).resume();
        const server = await startIt({ before: (app) => app.use(readAway) });
        const { status, body } = await post(server, '/login', FORM, formOf(ADA));
        expect([status, body.error_description]).to.deep.equal([400, 'The body has been read already']);
      });
    }
  });
});
