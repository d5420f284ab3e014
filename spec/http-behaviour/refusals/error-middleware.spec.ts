import { expect } from 'chai';
import { ExpressErrorMiddlewareInterface, Middleware } from 'routing-controllers';
import { LoginManager } from '../../../src/login-manager';
import { type Account, managerOf, SECRET, tokenOf } from '../../support/accounts';
import { bearer } from '../../support/http';
import { type App, onBothExpresses, onEachFramework, ownErrorHandling } from '../../support/servers';
import { JsonRoutes, refusedRequests, TextRoutes } from './refused-requests';

const controllers = [JsonRoutes, TextRoutes];

describe("a refusal in the application's own error handling", () => {
  const manager = managerOf({ useCookie: true });

  onEachFramework((start, framework) => {
    for (const prefix of ['/json', '/text']) {
      for (const { name, path, method = 'GET', headers = {}, status } of refusedRequests(manager, prefix)) {
        it(`can be answered there: ${name}, ${prefix}`, async () => {
          const seen: number[] = [];
          const answer = (error: { httpCode: number }) => {
            seen.push(error.httpCode);
            return { status: 418, body: { tea: true } };
          };
          const own = ownErrorHandling(framework, answer);
          const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
          const response = await client[method === 'GET' ? 'get' : 'post'](path).set(headers as Record<string, string>);
          expect(response.status).to.equal(418);
          expect(response.body).to.deep.equal({ tea: true });
          expect(response.headers).not.to.have.property('www-authenticate');
          expect(seen).to.deep.equal([status]);
        });
      }
    }

    it('arrives unanswered where the loader is asynchronous, too', async () => {
      const slow = new LoginManager<Account>(SECRET, '/login');
      slow.userLoader()(async (email: string) => ({ email, admin: false }));
      const own = ownErrorHandling(framework, ({ code }) => ({ status: 403, body: { code } }));
      const { client } = await start({ manager: slow, controllers, defaultErrorHandler: false, ...own });
      const response = await client.get('/json/scope').set(bearer(tokenOf(slow)));
      expect(response.body).to.deep.equal({ code: 'insufficient_scope' });
    });
  });

  onBothExpresses((start) => {
    it('arrives once and answered where the default handler is on', async () => {
      const seen: [string, boolean][] = [];
      const after = (app: App) =>
        app.use((error: App, _request: App, response: App, next: (error: unknown) => void) => {
          seen.push([error.code, response.headersSent]);
          next(error);
        });
      const { client } = await start({ manager, controllers, after });
      await client.get('/json/login');
      await client.get('/json/required');
      expect(seen).to.deep.equal([
        ['token_missing', true],
        ['token_missing', true],
      ]);
    });

    it("arrives once in an error middleware of routing-controllers' own kind", async () => {
      const seen: string[] = [];

      @Middleware({ type: 'after' })
      class Answering implements ExpressErrorMiddlewareInterface {
        error(error: App, _request: App, response: App) {
          seen.push(error.code);
          response.status(401).json({ answered: 'by the class' });
        }
      }

      const { client } = await start({ manager, controllers, middlewares: [Answering], defaultErrorHandler: false });
      expect((await client.get('/json/login')).body).to.deep.equal({ answered: 'by the class' });
      expect(seen).to.deep.equal(['token_missing']);
    });
  });
});
