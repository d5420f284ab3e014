import { expect } from 'chai';
import { LoginManager } from '../../../src/login-manager';
import { type Account, managerOf, SECRET } from '../../support/accounts';
import { onBothExpresses, onEachFramework } from '../../support/servers';
import { capturingStderr } from '../../support/stderr';
import { errorMiddlewares, faultsOf, JsonRoutes, refusedRequests, TextRoutes } from './refused-requests';

describe('a refusal costs nothing: 500 over one connection', () => {
  const manager = managerOf({ useCookie: true });
  const controllers = [JsonRoutes, TextRoutes];

  onBothExpresses((start) => {
    for (const defaultErrorHandler of [true, false]) {
      for (const [name, after] of Object.entries(errorMiddlewares)) {
        describe(`defaultErrorHandler ${defaultErrorHandler}, ${name}`, () => {
          for (const request of refusedRequests(manager, '/json')) {
            it(`for ${request.name}`, async () => {
              const { url } = await start({ manager, controllers, defaultErrorHandler, after });
              const written = await capturingStderr(async () => {
                expect(await faultsOf(url, request, 500)).to.deep.equal([]);
              });
              expect(written).to.equal('');
            });
          }
        });
      }
    }
  });

  onBothExpresses((start) => {
    const waiting = new LoginManager<Account>(SECRET, '/login', { useCookie: true });
    waiting.userLoader()(async (email: string) => ({ email, admin: false }));

    for (const defaultErrorHandler of [true, false]) {
      for (const request of refusedRequests(waiting, '/json').filter(({ headers }) => headers)) {
        it(`for ${request.name} after the user was waited for, defaultErrorHandler ${defaultErrorHandler}`, async () => {
          const { url } = await start({ manager: waiting, controllers, defaultErrorHandler });
          const written = await capturingStderr(async () => {
            expect(await faultsOf(url, request, 500)).to.deep.equal([]);
          });
          expect(written).to.equal('');
        });
      }
    }
  });

  onEachFramework(
    (start) => {
      for (const defaultErrorHandler of [true, false]) {
        for (const request of refusedRequests(manager, '/json')) {
          it(`for ${request.name}, defaultErrorHandler ${defaultErrorHandler}`, async () => {
            const { url } = await start({ manager, controllers, defaultErrorHandler });
            const written = await capturingStderr(async () => {
              expect(await faultsOf(url, request, 500)).to.deep.equal([]);
            });
            expect(written).to.equal('');
          });
        }
      }
    },
    ['Koa'],
  );
});
