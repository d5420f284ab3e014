import { expect } from 'chai';
import { onEachServer, type ServerOptions } from '../../support/servers';
import { capturingStderr } from '../../support/stderr';
import {
  controllersOf,
  errorMiddlewaresOf,
  faultsOf,
  manager,
  type RefusedRequest,
  refusedRequests,
  waiting,
} from './refused-requests';

/** A connection that is let go shows in the second request, and a listener too many in the eleventh. */
const SOME = 20;

describe('a refusal', () => {
  onEachServer((start, framework, kind) => {
    const prefixes = Object.keys(controllersOf[kind]);

    /** Over one connection for each prefix. */
    const checkCosts = async (request: RefusedRequest, times: number, options: Partial<ServerOptions>) => {
      const { url } = await start({ manager, controllers: Object.values(controllersOf[kind]), ...options });
      const written = await capturingStderr(async () => {
        expect(await faultsOf(url, request, { prefixes, times })).to.deep.equal([]);
      });
      expect(written).to.equal('');
    };

    for (const defaultErrorHandler of [true, false]) {
      for (const [name, after] of Object.entries(errorMiddlewaresOf(framework))) {
        describe(`with defaultErrorHandler ${defaultErrorHandler} and ${name}`, () => {
          for (const request of refusedRequests) {
            it(`costs no connection and prints nothing for ${request.name}`, () =>
              checkCosts(request, SOME, { defaultErrorHandler, after }));
          }
        });
      }

      describe(`with defaultErrorHandler ${defaultErrorHandler}`, () => {
        const [first] = refusedRequests as [RefusedRequest];
        it(`costs no connection and prints nothing 500 times for ${first.name}`, () =>
          checkCosts(first, 500, { defaultErrorHandler }));

        for (const request of refusedRequests.filter(({ headers }) => headers)) {
          it(`costs no connection and prints nothing for ${request.name} where the loader is asynchronous`, () =>
            checkCosts(request, SOME, { manager: waiting, defaultErrorHandler }));
        }
      });
    }
  });
});
