import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import express from 'express';
import { Authorized, Get, JsonController } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { policy } from '../../src/authorization/policy';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { redirectTo } from '../../src/errors/redirect-to';
import type { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { type App, closeServers, createApp, type Framework, frameworks, listen, nothingElse } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import { thrownReasons } from '../support/thrown-reasons';
import { refusingUnhandledRejections } from '../support/unhandled';

const isAdmin = policy('isAdmin', (account: Account) => account.admin);
const ADA = { email: 'ada@example.com', admin: true };

@JsonController()
class Routes {
  @Authorized(['read', isAdmin])
  @Get('/authorized')
  authorized() {
    return {};
  }
}

/** Stands for Swagger UI: answers everything, with the user it finds. */
function serveUser(framework: Framework): App {
  if (framework === 'Koa') {
    return (context: App) => {
      context.body = { user: context.request.user, inState: context.state.user };
    };
  }
  return (request: App, response: App) => response.json({ user: request.user });
}

class Forbidden extends Error {
  httpCode = 418;
  headers = { 'X-Reason': 'scope' };
  detail = 'a scope is missing';
}

describe('manager.guard', () => {
  silencingStderr();
  refusingUnhandledRejections();
  afterEach(closeServers);

  for (const framework of frameworks) {
    describe(`on ${framework}`, () => {
      const start = async (manager: LoginManager<Account>, ...roles: Parameters<typeof manager.guard>) => {
        const app = createApp(framework);
        const served = serveUser(framework);
        if (framework === 'Koa') app.use(manager.guard(...roles)).use(served);
        else app.use('/docs', manager.guard(...roles), served);
        return listen(app);
      };

      it('lets in who has the scopes and whom the policies accept, and sets request.user', async () => {
        const manager = managerOf();
        const { client } = await start(manager, 'read', anyOf('a', 'b'), isAdmin);
        const { status, body } = await client.get('/docs').set(bearer(tokenOf(manager, ADA.email, ['read', 'b'])));
        expect(status).to.equal(200);
        expect(body).to.deep.equal(framework === 'Koa' ? { user: ADA, inState: ADA } : { user: ADA });
      });

      it('requires a login only, without roles', async () => {
        const manager = managerOf();
        const { client } = await start(manager);
        expect((await client.get('/docs').set(bearer(tokenOf(manager)))).status).to.equal(200);
        expect((await client.get('/docs')).status).to.equal(401);
      });

      const requests: Record<string, (manager: LoginManager<Account>) => Record<string, string>> = {
        'without a token': () => ({}),
        'with a bad token': () => bearer('garbage'),
        'without the scope': (manager) => bearer(tokenOf(manager, ADA.email, ['write'])),
        'that a policy denies': (manager) => bearer(tokenOf(manager, 'bob@example.com', ['read'])),
      };
      const exceptions = {
        "the library's errors": {},
        'exceptions of the application': { outOfScopeException: Forbidden, notAuthenticatedException: Forbidden },
        'a redirect': { notAuthenticatedException: redirectTo('/login') },
      };
      for (const [option, options] of Object.entries(exceptions)) {
        for (const [name, headersOf] of Object.entries(requests)) {
          it(`answers a request ${name} as @Authorized does: ${option}`, async () => {
            const manager = managerOf(options);
            const app = createApp(framework);
            const routes = { controllers: [Routes], ...nothingElse, developmentMode: false };
            if (framework === 'Koa') manager.useKoaServer(app, routes);
            else manager.useExpressServer(app, routes);
            const headers = headersOf(manager);
            const expected = await (await listen(app)).client.get('/authorized').set(headers);
            const { client } = await start(manager, 'read', isAdmin);
            const answer = await client.get('/docs').set(headers);
            expect(answer.status).to.equal(expected.status).and.not.equal(200);
            expect(answer.body).to.deep.equal(expected.body);
            expect(answer.headers['content-type']).to.equal(expected.headers['content-type']);
            for (const header of ['www-authenticate', 'location', 'x-reason']) {
              expect(answer.headers[header], header).to.equal(expected.headers[header]);
            }
          });
        }
      }

      it('refuses a cross-site request with the cookie', async () => {
        const manager = managerOf({ useCookie: true });
        const { client } = await start(manager);
        const { status, body } = await client.post('/docs').set({ ...cookie(tokenOf(manager)), ...foreign });
        expect([status, body.code]).to.deep.equal([403, 'cross_origin']);
      });

      it('keeps the connection, of requests with a body too', async () => {
        const { url } = await start(managerOf());
        const client = new KeepAliveClient(url);
        for (let count = 0; count < 20; count++) {
          expect((await client.send({ path: '/docs' })).status).to.equal(401);
          expect((await client.send({ path: '/docs', method: 'POST', body: 'x'.repeat(1000) })).status).to.equal(401);
        }
        client.close();
        expect(client.connections).to.equal(1);
      });

      it('answers HEAD without a body', async () => {
        const { client } = await start(managerOf());
        const { status, text } = await client.head('/docs');
        expect([status, text]).to.deep.equal([401, undefined]);
      });

      for (const [name, reason] of Object.entries(thrownReasons)) {
        it(`passes on ${name} as an error, and lets nobody in`, async () => {
          const manager = managerOf();
          const { client } = await start(manager, () => Promise.reject(reason()));
          expect((await client.get('/docs').set(bearer(tokenOf(manager)))).status).to.equal(500);
        });
      }
    });
  }

  it('guards static files', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'guard-'));
    writeFileSync(path.join(folder, 'page.html'), 'secret');
    const manager = managerOf();
    const { client } = await listen(
      createApp('Express 5').use('/docs', manager.guard(isAdmin), express.static(folder)),
    );
    expect((await client.get('/docs/page.html')).text).not.to.include('secret');
    expect((await client.get('/docs/page.html').set(bearer(tokenOf(manager)))).text).to.equal('secret');
  });

  for (const role of [undefined, null, 7, {}, [undefined]]) {
    it(`refuses ${JSON.stringify(role) ?? 'undefined'} when it is created`, () => {
      expect(() => managerOf().guard(role as never)).to.throw(ConfigurationError);
    });
  }

  it('refuses an undeclared scope when it is created', () => {
    expect(() => managerOf({ scopes: { read: 'Read' } }).guard('raed')).to.throw(
      ConfigurationError,
      /Did you mean "read"/,
    );
  });
});
