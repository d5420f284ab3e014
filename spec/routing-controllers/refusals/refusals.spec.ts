import { expect } from 'chai';
import { managerOf } from '../../support/accounts';
import { onBothExpresses, onEachFramework } from '../../support/frameworks';
import { capturingStderr } from '../../support/stderr';
import { errorMiddlewares, JsonRoutes, refusedRequests, TextRoutes, tally } from './refused-requests';

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
                expect(await tally(url, request, 500)).to.deep.equal({ connections: 1, faults: [] });
              });
              expect(written).to.equal('');
            });
          }
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
              expect(await tally(url, request, 500)).to.deep.equal({ connections: 1, faults: [] });
            });
            expect(written).to.equal('');
          });
        }
      }
    },
    ['Koa'],
  );
});
