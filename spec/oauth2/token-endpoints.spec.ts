import { expect } from 'chai';
import { json, urlencoded } from 'express';
import { rateLimit } from 'express-rate-limit';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import type { TokenEndpointsOptions } from '../../src/oauth2/endpoint-options';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf, SECRET } from '../support/accounts';
import { rejection } from '../support/rejection';
import {
  closeServers,
  type Framework,
  onEachSecureServer,
  type RunningServer,
  type Start,
  starter,
} from '../support/servers';
import { fateOf } from '../support/sessions';
import { capturingStderr, silencingStderr } from '../support/stderr';
import { payloadOf } from '../support/tokens';

const granted: Record<string, readonly string[]> = {
  'ada@example.com': ['read', 'write'],
  'bob@example.com': ['read'],
};
const credentials = { username: 'ada@example.com', password: 'correct horse' };

const verifyPassword: TokenEndpointsOptions['verifyPassword'] = async (username, password) =>
  password === 'correct horse' && granted[username]
    ? { data: { sub: username, name: username.split('@')[0] }, scopes: granted[username] }
    : null;

interface Served extends RunningServer {
  manager: LoginManager<Account>;
  post: (fields: Record<string, string | string[]>, headers?: Record<string, string>) => Promise<Answer>;
  revoke: (fields: Record<string, string | string[]>, headers?: Record<string, string>) => Promise<Answer>;
}

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what was answered
  body: any;
  get: (name: string) => string | undefined;
}

async function serve(
  start: Start,
  options: LoginManagerOptions<Account> = {},
  endpoints: Partial<TokenEndpointsOptions> = {},
): Promise<Served> {
  const manager = managerOf({ sessionStore: new MemorySessionStore(), refreshLeeway: 0, ...options });
  const controllers = [tokenEndpoints(manager, { verifyPassword, ...endpoints })];
  const server = await start({ manager, controllers });
  const poster =
    (path: string) =>
    (fields: object, headers: Record<string, string> = {}) =>
      server.client.post(path).type('form').set(headers).send(fields) as unknown as Promise<Answer>;
  return { ...server, manager, post: poster('/login'), revoke: poster('/login/revoke') };
}

function expectError(answer: Answer, error: string, expected = 400): void {
  const { status, body } = answer;
  expect({ status, error: body.error }).to.deep.equal({ status: expected, error });
  expect(Object.keys(body).every((key) => ['error', 'error_description'].includes(key))).to.equal(true);
  expect(answer.get('Cache-Control')).to.equal('no-store');
}

describe('the token endpoint', () => {
  onEachSecureServer((start, framework) => {
    it('answers grant_type=password with a pair of tokens (RFC 6749 §4.3, §5.1)', async () => {
      const { manager, post } = await serve(start);
      const answer = await post({ grant_type: 'password', ...credentials, scope: 'read' });
      expect(answer.status).to.equal(200);
      expect(answer.body).to.have.all.keys('access_token', 'token_type', 'expires_in', 'refresh_token', 'scope');
      expect(answer.body).to.include({ token_type: 'bearer', expires_in: 900, scope: 'read' });
      expect(answer.get('Content-Type')).to.match(/^application\/json/);
      expect(answer.get('Cache-Control')).to.equal('no-store');
      expect(answer.get('Pragma')).to.equal('no-cache');
      expect(answer.get('Set-Cookie')).to.equal(undefined);
      expect(payloadOf(answer.body.access_token)).to.include({ sub: 'ada@example.com', name: 'ada' });
      expect(await fateOf(manager, answer.body.access_token)).to.equal('let in');
    });

    it('takes JSON, and a form without grant_type, as HTML forms are', async () => {
      const { client, post } = await serve(start);
      expect((await client.post('/login').send(credentials)).status).to.equal(200);
      expect((await post(credentials)).status).to.equal(200);
    });

    it('grants the scopes that are asked for, all where none are, and none that is not the user’s', async () => {
      const { post } = await serve(start);
      expect((await post(credentials)).body.scope).to.equal('read write');
      expect((await post({ ...credentials, scope: 'write' })).body.scope).to.equal('write');
      const bob = { ...credentials, username: 'bob@example.com' };
      expect((await post(bob)).body.scope).to.equal('read');
      expectError(await post({ ...bob, scope: 'read write' }), 'invalid_scope');
      expectError(await post({ ...bob, scope: 'a"b' }), 'invalid_scope');
    });

    it('refuses a wrong password or name alike', async () => {
      const { post } = await serve(start);
      const answers = [await post({ ...credentials, password: 'x' }), await post({ ...credentials, username: 'eve' })];
      for (const answer of answers) expectError(answer, 'invalid_grant');
      expect(answers[0]?.body).to.deep.equal(answers[1]?.body);
    });

    it('answers grant_type=refresh_token with the next pair (RFC 6749 §6)', async () => {
      const { manager, post } = await serve(start);
      const { body: first } = await post(credentials);
      const fewer = await post({ grant_type: 'refresh_token', refresh_token: first.refresh_token, scope: 'read' });
      expect(fewer.status).to.equal(200);
      expect(fewer.body).to.have.all.keys('access_token', 'token_type', 'expires_in', 'refresh_token', 'scope');
      expect(fewer.body.scope).to.equal('read');
      expect(fewer.get('Cache-Control')).to.equal('no-store');
      const again = await post({ grant_type: 'refresh_token', refresh_token: fewer.body.refresh_token });
      expect(again.body.scope).to.equal('read write');
      expect(payloadOf(again.body.access_token)).to.include({ name: 'ada' });

      expectError(await post({ grant_type: 'refresh_token', refresh_token: first.refresh_token }), 'invalid_grant');
      expect(await fateOf(manager, again.body.access_token)).to.equal('token_revoked');
      expectError(
        await post({ grant_type: 'refresh_token', refresh_token: again.body.refresh_token }),
        'invalid_grant',
      );
    });

    it('answers every fault as RFC 6749 §5.2 says, and keeps the refresh token good', async () => {
      const { post, client } = await serve(start);
      const { body } = await post(credentials);
      const grant = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
      const faults: [Record<string, string | string[]>, string][] = [
        [{ ...grant, scope: 'admin' }, 'invalid_scope'],
        [{ ...grant, refresh_token: [body.refresh_token, body.refresh_token] }, 'invalid_request'],
        [{ ...grant, grant_type: ['refresh_token', 'password'] }, 'invalid_request'],
        [{ ...grant, scope: ['read', 'write'] }, 'invalid_request'],
        [{ grant_type: 'refresh_token' }, 'invalid_request'],
        [{ grant_type: 'refresh_token', refresh_token: '' }, 'invalid_request'],
        [{ ...grant, refresh_token: body.access_token }, 'invalid_grant'],
        [{ ...grant, refresh_token: 'garbage' }, 'invalid_grant'],
        [{ ...grant, grant_type: 'client_credentials' }, 'unsupported_grant_type'],
        [{ ...grant, grant_type: 'Refresh_Token' }, 'unsupported_grant_type'],
        [{ ...grant, grant_type: 'toString' }, 'unsupported_grant_type'],
        [{ grant_type: 'password', username: 'ada@example.com' }, 'invalid_request'],
        [{ grant_type: 'password', password: 'x' }, 'invalid_request'],
        [{}, 'invalid_request'],
      ];
      const written = await capturingStderr(async () => {
        for (const [fields, error] of faults) expectError(await post(fields), error);
        expectError((await client.post('/login').type('text').send('x')) as never, 'invalid_request', 415);
        expectError((await client.post('/login').type('json').send('{')) as never, 'invalid_request');
        expectError((await client.post('/login').type('json').send('[]')) as never, 'invalid_request');
        expectError(await post(credentials, { Authorization: 'Basic ???' }), 'invalid_client', 401);
      });
      expect(written).to.equal('');
      expect((await post(grant)).status).to.equal(200);
    });

    it('shows nothing that was sent', async () => {
      const { post } = await serve(start);
      const secret = 'hunter2';
      const requests: Record<string, string | string[]>[] = [
        { ...credentials, password: secret },
        { grant_type: secret },
        { grant_type: 'refresh_token', refresh_token: secret },
        { grant_type: 'refresh_token', refresh_token: [secret, secret] },
        { ...credentials, scope: secret },
      ];
      for (const fields of requests) {
        expect(JSON.stringify((await post(fields)).body)).not.to.include(secret);
      }
    });

    it('refuses a deleted user', async () => {
      const options = { verifyPassword: () => ({ data: { sub: 'eve@example.com' } }) };
      const { post } = await serve(start, {}, options);
      const { body } = await post(credentials);
      expectError(await post({ grant_type: 'refresh_token', refresh_token: body.refresh_token }), 'invalid_grant');
    });

    it('gives the action to verifyPassword, and takes its lifetime', async () => {
      const seen: unknown[] = [];
      const { post } = await serve(
        start,
        {},
        {
          verifyPassword: (username, password, action) => {
            seen.push(username, password, action.request.headers['x-tenant']);
            return { data: { sub: username }, expires: '1m' };
          },
        },
      );
      const { body } = await post(credentials, { 'X-Tenant': 'a' });
      expect(seen).to.deep.equal([credentials.username, credentials.password, 'a']);
      expect(body.expires_in).to.equal(60);
      expect(body).not.to.have.property('scope');
    });

    it('gives no refresh token where there is no store, and says what it does not do', async () => {
      const { post, revoke } = await serve(start, { sessionStore: undefined });
      const { body } = await post(credentials);
      expect(body).to.have.all.keys('access_token', 'token_type', 'expires_in', 'scope');
      expectError(await post({ grant_type: 'refresh_token', refresh_token: 'x' }), 'unsupported_grant_type');
      expectError(await revoke({ token: body.access_token }), 'unsupported_token_type'); // RFC 7009 §2.2.1
    });

    describe('', () => {
      silencingStderr();

      it('passes on the error of a verifyPassword that fails', async () => {
        const { post } = await serve(start, {}, { verifyPassword: () => Promise.reject(new Error('down')) });
        expect((await post(credentials)).status).to.equal(500);
      });
    });

    if (framework !== 'Koa') {
      it('takes a body that was parsed before', async () => {
        const manager = managerOf({ sessionStore: new MemorySessionStore() });
        const controllers = [tokenEndpoints(manager, { verifyPassword })];
        const before = (app: { use: (handler: unknown) => void }) => {
          app.use(urlencoded({ extended: false }));
          app.use(json());
        };
        const { client } = await start({ manager, controllers, before });
        expect((await client.post('/login').type('form').send(credentials)).status).to.equal(200);
        expect((await client.post('/login').send(credentials)).status).to.equal(200);
      });

      it('is slowed down by a rate limiter that is put before it', async () => {
        const manager = managerOf({ sessionStore: new MemorySessionStore() });
        const controllers = [tokenEndpoints(manager, { verifyPassword })];
        const limiter = rateLimit({ windowMs: 60_000, limit: 3, skipSuccessfulRequests: true });
        const { client } = await start({ manager, controllers, before: (app) => app.use('/login', limiter) });
        const login = (password: string) => client.post('/login').send({ ...credentials, password });
        for (let time = 0; time < 5; time++) expect((await login('correct horse')).status).to.equal(200);
        const wrong = [];
        for (let time = 0; time < 5; time++) wrong.push((await login('x')).status);
        expect(wrong).to.deep.equal([400, 400, 400, 429, 429]);
      });
    }
  });

  describe('on routing-controllers’ own servers', () => {
    afterEach(closeServers);

    for (const framework of ['Express 5', 'Express 4', 'Koa'] as Framework[]) {
      it(`answers the same (${framework})`, async () => {
        const start: Start = ({ manager, ...options }) => starter(framework)({ manager, ...options });
        const { post, revoke } = await serve(start);
        const { body, status } = await post(credentials);
        expect(status).to.equal(200);
        const written = await capturingStderr(async () => {
          expectError(await post({ ...credentials, password: 'x' }), 'invalid_grant');
          const unknown = await post(credentials, { Authorization: 'Basic ???' });
          expectError(unknown, 'invalid_client', 401);
          expect(unknown.get('WWW-Authenticate')).to.match(/^Basic /);
          expectError(await post({ grant_type: 'refresh_token', refresh_token: 'x' }), 'invalid_grant');
        });
        expect(written).to.equal('');
        expect((await revoke({ token: body.refresh_token })).status).to.equal(200);
      });
    }
  });
});

describe('the revocation endpoint', () => {
  onEachSecureServer((start) => {
    it('takes an access token back, or a family, and answers 200 (RFC 7009 §2.2)', async () => {
      const { manager, post, revoke } = await serve(start);
      const [one, other] = [(await post(credentials)).body, (await post(credentials)).body];
      const first = await revoke({ token: one.access_token, token_type_hint: 'access_token' });
      expect(first.status).to.equal(200);
      expect(first.get('Cache-Control')).to.equal('no-store');
      expect(await fateOf(manager, one.access_token)).to.equal('token_revoked');
      expect((await post({ grant_type: 'refresh_token', refresh_token: one.refresh_token })).status).to.equal(200);
      await revoke({ token: other.refresh_token });
      expect(await fateOf(manager, other.access_token)).to.equal('token_revoked');
      expectError(await post({ grant_type: 'refresh_token', refresh_token: other.refresh_token }), 'invalid_grant');
    });

    it('answers 200 to invalid tokens, and to a wrong hint (RFC 7009 §2.1, §2.2)', async () => {
      const { manager, post, revoke } = await serve(start);
      const { body } = await post(credentials);
      for (const token of ['garbage', 'a.b.c', 'x'.repeat(9000)])
        expect((await revoke({ token })).status).to.equal(200);
      expect((await revoke({ token: body.refresh_token, token_type_hint: 'access_token' })).status).to.equal(200);
      expect(await fateOf(manager, body.access_token)).to.equal('token_revoked');
      expect((await revoke({ token: body.access_token, token_type_hint: 'unheard_of' })).status).to.equal(200);
      expect((await revoke({ token: body.refresh_token })).status, 'again').to.equal(200);
    });

    it('needs a token, once', async () => {
      const { post, revoke } = await serve(start);
      const { body } = await post(credentials);
      expectError(await revoke({}), 'invalid_request');
      expectError(await revoke({ token: '' }), 'invalid_request');
      expectError(await revoke({ token: [body.access_token, body.access_token] }), 'invalid_request');
    });
  });
});

describe('verifyPassword', () => {
  it('cannot put claims of the manager into tokens', async () => {
    const manager = new LoginManager(SECRET, '/login', { sessionStore: new MemorySessionStore() });
    const data = { sub: 'a', sid: 'mine' };
    expect((await rejection(manager.createTokenResponse({ data, refresh: true }))).message).to.include('sid');
  });
});
