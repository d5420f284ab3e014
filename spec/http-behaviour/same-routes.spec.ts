import { expect } from 'chai';
import fc from 'fast-check';
import { forgettingAfter } from '../support/hierarchy/builder';
import { settings } from '../support/hierarchy/settings';
import { requestTo, serverOf } from '../support/routes/arbitrary';
import { applicationOf, ChangingServer, controllersOf, type Outcome } from '../support/routes/servers';
import { closeServers, type Framework, frameworks } from '../support/servers';
import { silencingStderr } from '../support/stderr';

/** On each framework; with so many requests to each server these are 10,000 pairs. */
const SERVERS = 84;
const REQUESTS = 40;

const cases = (framework: Framework) =>
  serverOf(framework).chain((server) =>
    fc.record({
      server: fc.constant(server),
      requests: fc.array(requestTo(server), { minLength: REQUESTS, maxLength: REQUESTS }),
    }),
  );

/** The manager's servers do not try all routes; routing-controllers' own, which do, say what has to come of it. */
describe("whatever the routes and the request, the manager's server", () => {
  silencingStderr();

  for (const framework of frameworks) {
    describe(`on ${framework}`, () => {
      const [own, secure] = [new ChangingServer(), new ChangingServer()];

      before(() => Promise.all([own.start(), secure.start()]));

      after(closeServers);

      it("answers with the route, the parameters and the status of routing-controllers' own server", async function () {
        this.timeout(120_000);
        this.slow(30_000);
        const reached: Outcome[] = [];
        await fc.assert(
          fc.asyncProperty(cases(framework), ({ server, requests }) =>
            forgettingAfter(async () => {
              const controllers = controllersOf(server);
              own.application = applicationOf(framework, 'own', controllers, server);
              secure.application = applicationOf(framework, 'secure', controllers, server);
              for (const request of requests) {
                const [expected, answer] = await Promise.all([own.ask(request), secure.ask(request)]);
                expect(answer, `${request.method} ${request.target}`).to.deep.equal(expected);
                reached.push(answer);
              }
            }),
          ),
          { ...settings(SERVERS), includeErrorInReport: true },
        );
        const found = reached.filter(({ body }) => body.includes('"route"'));
        expect(found.length / reached.length).to.be.within(0.2, 0.8); // or it would say little
      });
    });
  }
});
