import { expect } from 'chai';
import { ExpressErrorMiddlewareInterface, Middleware } from 'routing-controllers';
import { type App, onEachServer, ownErrorHandling, type ServerOptions } from '../../support/servers';
import { controllersOf, manager, refusedRequests, sendTo, waiting } from './refused-requests';

describe("a refusal in the application's own error handling", () => {
  onEachServer((start, framework, kind) => {
    const prefixes = Object.keys(controllersOf[kind]);
    const controllers = Object.values(controllersOf[kind]);

    for (const request of refusedRequests) {
      it(`can be answered there with another status, and then has no challenge: ${request.name}`, async () => {
        const seen: unknown[] = [];
        const own = ownErrorHandling(framework, ({ httpCode, status, code }) => {
          seen.push([httpCode, status, code]);
          return { status: 418, body: { tea: true } };
        });
        const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
        for (const prefix of prefixes) {
          const { status, body, headers } = await sendTo(client, prefix, request);
          expect([status, body]).to.deep.equal([418, { tea: true }]);
          expect(headers).not.to.have.property('www-authenticate');
        }
        expect(seen).to.deep.equal(prefixes.map(() => [request.status, request.status, request.code]));
      });

      it(`can be answered there with its own status, and then has its challenge: ${request.name}`, async () => {
        const own = ownErrorHandling(framework, ({ status }) => ({ status, body: { own: true } }));
        const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
        for (const prefix of prefixes) {
          const { status, body, headers } = await sendTo(client, prefix, request);
          expect([status, body]).to.deep.equal([request.status, { own: true }]);
          expect(headers['www-authenticate']).to.equal(request.challenge);
        }
      });
    }

    it('arrives unanswered where the loader is asynchronous, too', async () => {
      const own = ownErrorHandling(framework, ({ code }) => ({ status: 403, body: { code } }));
      const { client } = await start({ manager: waiting, controllers, defaultErrorHandler: false, ...own });
      for (const request of refusedRequests.filter(({ headers }) => headers)) {
        expect((await sendTo(client, '/json', request)).body).to.deep.equal({ code: request.code });
      }
    });
  });

  onEachServer(
    (start, _framework, kind) => {
      const controllers = Object.values(controllersOf[kind]);
      let heard: unknown[];

      beforeEach(() => {
        heard = [];
      });

      @Middleware({ type: 'after' })
      class Hearing implements ExpressErrorMiddlewareInterface {
        error(error: App, _request: App, response: App, next: (error: unknown) => void) {
          heard.push([error.code, response.headersSent]);
          next(error);
        }
      }

      @Middleware({ type: 'after' })
      class Answering implements ExpressErrorMiddlewareInterface {
        error(error: App, _request: App, response: App) {
          heard.push([error.code, response.headersSent]);
          response.status(401).json({ answered: 'by the class' });
        }
      }

      const after = (app: App) =>
        app.use((error: App, _request: App, response: App, next: (error: unknown) => void) =>
          new Hearing().error(error, _request, response, next),
        );

      for (const [name, options] of Object.entries<Partial<ServerOptions>>({
        'of Express': { after },
        'of routing-controllers': { middlewares: [Hearing] },
      })) {
        it(`arrives once in an error middleware ${name}, answered where the default handler is on`, async () => {
          const { client } = await start({ manager, controllers, ...options });
          for (const request of refusedRequests) await sendTo(client, '/json', request);
          expect(heard).to.deep.equal(refusedRequests.map(({ code }) => [code, true]));
        });
      }

      it('arrives once in an error middleware of routing-controllers, which answers where the default handler is off', async () => {
        const { client } = await start({ manager, controllers, middlewares: [Answering], defaultErrorHandler: false });
        expect((await client.get('/json/login')).body).to.deep.equal({ answered: 'by the class' });
        expect(heard).to.deep.equal([['token_missing', false]]);
      });
    },
    ['Express 5', 'Express 4'],
  );
});
