import { expect } from 'chai';
import { anyOf } from '../../src/authorization/alternatives';
import type { Role } from '../../src/authorization/requirement';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { badTokens, clock } from '../support/bad-tokens';
import { bearer, cookie, foreign } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { type App, type Framework, onEachFramework, ownErrorHandling, type Start } from '../support/servers';
import { capturingStderr } from '../support/stderr';

type Handler = (request: App) => Promise<unknown>;

/** Starts an application with one handler of its own, which routing-controllers knows nothing of. */
async function startPlain(start: Start, framework: Framework, handler: Handler, ofKoa = (context: App) => context) {
  const plain =
    framework === 'Koa'
      ? async (context: App) => {
          context.body = { answer: await handler(ofKoa(context)) };
        }
      : async (request: App, response: App, next: (error: unknown) => void) => {
          try {
            response.json({ answer: await handler(request) });
          } catch (error) {
            next(error);
          }
        };
  const own = ownErrorHandling(framework, ({ status = 500, code, name }) => ({ status, body: { code, name } }));
  const before = (app: App) => {
    own.before?.(app);
    app.use(plain);
  };
  return start({ manager, controllers: [], before, ...(own.after && { after: own.after }) });
}

const manager = managerOf({ clock: clock.tell, useCookie: true });
const isAdmin = (account: Account) => account.admin;

const roles: Record<string, { required: Role<Account> | Role<Account>[]; scopes: string[]; code?: string }> = {
  'no scopes': { required: [], scopes: [] },
  'a scope that is there': { required: 'read', scopes: ['read'] },
  'a scope that is missing': { required: 'write', scopes: ['read'], code: 'insufficient_scope' },
  'all of a list': { required: ['read', 'write'], scopes: ['read', 'write'] },
  'not all of a list': { required: ['read', 'write'], scopes: ['read'], code: 'insufficient_scope' },
  'one of anyOf': { required: anyOf('read', 'write'), scopes: ['write'] },
  'none of anyOf': { required: anyOf('read', 'write'), scopes: ['wright'], code: 'insufficient_scope' },
  'a policy that is true': { required: isAdmin, scopes: [] },
  'a policy that is false': {
    required: ['read', (account) => !account.admin],
    scopes: ['read'],
    code: 'policy_denied',
  },
};

describe('authenticate', () => {
  onEachFramework((start, framework) => {
    it('gives user, token, payload and scopes', async () => {
      const { client } = await startPlain(start, framework, (request) => manager.authenticate(request));
      const token = tokenOf(manager, 'ada@example.com', ['read']);
      const { user, payload, ...others } = (await client.get('/').set(bearer(token))).body.answer;
      expect(user).to.deep.equal({ email: 'ada@example.com', admin: true });
      expect(payload.sub).to.equal('ada@example.com');
      expect(payload.exp).to.equal(clock.now / 1000 + 15 * 60);
      expect(others).to.deep.equal({ token, scopes: ['read'] });
    });

    if (framework === 'Koa') {
      it('takes ctx.request as well as ctx', async () => {
        const handler: Handler = (request) => manager.authenticate(request);
        const { client } = await startPlain(start, framework, handler, (context) => context.request);
        const { body } = await client.get('/').set(bearer(tokenOf(manager)));
        expect(body.answer.user.email).to.equal('ada@example.com');
        expect((await client.get('/')).status).to.equal(401);
      });
    }

    for (const [name, { required, scopes, code }] of Object.entries(roles)) {
      it(`takes what @Authorized takes: ${name}`, async () => {
        const { client } = await startPlain(start, framework, async (request) => {
          return Boolean(await manager.authenticate(request, required));
        });
        const { status, body } = await client.get('/').set(bearer(tokenOf(manager, 'ada@example.com', scopes)));
        expect(status).to.equal(code ? 403 : 200);
        expect(body).to.deep.include(code ? { code } : { answer: true });
      });
    }

    it('throws as the checker does, for every kind of invalid token', async () => {
      const { client } = await startPlain(start, framework, (request) => manager.authenticate(request));
      for (const [name, { token, code }] of Object.entries({
        none: { token: undefined, code: 'token_missing' },
        ...badTokens,
      })) {
        const response = await client.get('/').set(token === undefined ? {} : bearer(token));
        expect(response.status, name).to.equal(401);
        expect(response.body.code, name).to.equal(code);
        expect(response.headers['www-authenticate'], name).to.match(/^Bearer/);
      }
    });

    it('throws a CrossOriginError where a foreign page posts with the cookie', async () => {
      const { client } = await startPlain(start, framework, (request) => manager.authenticate(request));
      const { status, body } = await client.post('/').set({ ...cookie(tokenOf(manager)), ...foreign });
      expect(status).to.equal(403);
      expect(body.name).to.equal('CrossOriginError');
    });

    it('costs nothing where nobody handles what it throws', async () => {
      const before = (app: App) =>
        app.use((request: App, _response: App, next: (error: unknown) => void) =>
          framework === 'Koa' ? manager.authenticate(request) : manager.authenticate(request).catch(next),
        );
      const { url } = await start({ manager, controllers: [], before });
      const keepAlive = new KeepAliveClient(url);
      const written = await capturingStderr(async () => {
        for (let sent = 0; sent < 20; sent += 1) {
          const { status, headers, body } = await keepAlive.send({ path: '/' });
          expect(status).to.equal(401);
          expect(headers['www-authenticate']).to.equal('Bearer realm="api"');
          expect(body)
            .to.contain('Authentication is required')
            .and.not.match(/\bat .*:\d+/);
        }
      });
      keepAlive.close();
      expect(keepAlive.connections).to.equal(1);
      expect(written).to.equal('');
    });
  });
});

describe('optional', () => {
  onEachFramework((start, framework) => {
    it('gives the user', async () => {
      const { client } = await startPlain(start, framework, (request) => manager.optional(request));
      const { body } = await client.get('/').set(bearer(tokenOf(manager)));
      expect(body.answer.email).to.equal('ada@example.com');
    });

    it('gives null where no token was sent', async () => {
      const { client } = await startPlain(start, framework, (request) => manager.optional(request));
      const { status, body } = await client.get('/');
      expect(status).to.equal(200);
      expect(body).to.deep.equal({ answer: null });
    });

    for (const [name, { token }] of Object.entries(badTokens)) {
      it(`gives null for ${name}`, async () => {
        const { client } = await startPlain(start, framework, (request) => manager.optional(request, 'write'));
        const { status, body } = await client.get('/').set(bearer(token));
        expect(status).to.equal(200);
        expect(body).to.deep.equal({ answer: null });
      });
    }

    it('gives null where a foreign page posts with the cookie', async () => {
      const { client } = await startPlain(start, framework, (request) => manager.optional(request));
      const { status, body } = await client.post('/').set({ ...cookie(tokenOf(manager)), ...foreign });
      expect(status).to.equal(200);
      expect(body).to.deep.equal({ answer: null });
    });

    for (const [name, { required, scopes, code }] of Object.entries(roles)) {
      it(`requires of somebody who is logged in what it is told to: ${name}`, async () => {
        const { client } = await startPlain(start, framework, async (request) => {
          return (await manager.optional(request, required))?.email;
        });
        const { status, body } = await client.get('/').set(bearer(tokenOf(manager, 'ada@example.com', scopes)));
        expect(status).to.equal(code ? 403 : 200);
        expect(body).to.deep.include(code ? { code } : { answer: 'ada@example.com' });
      });
    }
  });
});
