import { createServer, type RequestListener } from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import { ConfigurationError, type LoginManager } from '../../src/index';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { hierarchies } from '../support/hierarchy/arbitrary';
import { build, DENIED_POLICY, forgettingAfter } from '../support/hierarchy/builder';
import { differenceOf, notNamedIn } from '../support/hierarchy/compare';
import type { Hierarchy, Parameter } from '../support/hierarchy/description';
import { type Expectation, type ExpectedRoute, expectationOf } from '../support/hierarchy/oracle';
import { type Probe, probesOf } from '../support/hierarchy/probes';
import { settings } from '../support/hierarchy/settings';
import { bearer } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { thrownBy } from '../support/rejection';
import { closeServers, createApp, type Framework, listen, nothingElse } from '../support/servers';

const HIERARCHIES_OF_EACH_FRAMEWORK = 200;

const EMAIL = 'ada@example.com';

// Hierarchies of the same options share a manager: none may leave anything behind for the next.
const managers = new Map<string, LoginManager<Account>>();
const tokens = new Map<string, string>();

/** What a handler is given, as JSON. */
const given = (parameter: Parameter, isAnonymous: boolean) => {
  if (parameter === 'query') return 'text';
  return isAnonymous ? null : EMAIL;
};

/**
 * Random hierarchies of controllers, against an oracle that was written from the contract alone: what `routes()` lists,
 * and how real servers answer.
 */
describe('any hierarchy of controllers', () => {
  it('is of many kinds', () => {
    const sample = fc.sample(hierarchies, 500);
    const expected = sample.map(expectationOf);
    const routes = expected.filter(({ faults }) => faults.length === 0).flatMap((one) => one.routes);
    const share = <T>(all: readonly T[], isOne: (one: T) => boolean) => all.filter(isOne).length / all.length;
    expect(
      share(sample, ({ shared }) => shared.length === 3),
      'chains of four',
    ).to.be.above(0.1);
    expect(
      share(sample, ({ leaves }) => leaves.length > 1),
      'shared bases',
    ).to.be.above(0.2);
    expect(
      share(expected, ({ faults }) => faults.length > 0),
      'refused servers',
    ).to.be.within(0.1, 0.5);
    expect(
      share(routes, (route) => route.public),
      'public routes',
    ).to.be.within(0.1, 0.5);
    expect(
      share(routes, (route) => route.scopes.length > 0),
      'scopes',
    ).to.be.above(0.2);
    expect(
      share(routes, (route) => route.anyOf.length > 0),
      'anyOf',
    ).to.be.above(0.1);
    expect(
      share(routes, (route) => route.policies.length > 0),
      'policies',
    ).to.be.above(0.1);
  });

  for (const framework of ['Express 5', 'Express 4', 'Koa'] as const satisfies Framework[]) {
    describe(`on ${framework}`, () => {
      let client: KeepAliveClient;
      let application: RequestListener;

      // One server and one connection for the applications of all hierarchies: to start it takes longer than to ask it.
      before(async () => {
        const { url } = await listen(createServer((request, response) => application(request, response)));
        client = new KeepAliveClient(url);
      });

      after(() => {
        client.close();
        closeServers();
      });

      it('is guarded as it is written', async function () {
        this.timeout(60_000);
        this.slow(10_000);
        await fc.assert(
          fc.asyncProperty(hierarchies, (hierarchy) => forgettingAfter(() => checkHierarchy(hierarchy))),
          settings(HIERARCHIES_OF_EACH_FRAMEWORK),
        );
      });

      async function checkHierarchy(hierarchy: Hierarchy): Promise<void> {
        const expected = expectationOf(hierarchy);
        const manager = managerFor(hierarchy);
        const defaults = { paramOptions: { required: hierarchy.requiredByDefault } };
        const options = { ...nothingElse, controllers: build(hierarchy), defaults };
        const app = createApp(framework);
        const serve = () => {
          if (framework === 'Koa') manager.useKoaServer(app, options);
          else manager.useExpressServer(app, options);
        };

        if (expected.faults.length > 0) {
          expectRefusal('routes()', () => manager.routes(options), expected);
          expectRefusal('the server', serve, expected);
        } else {
          const difference = differenceOf(manager.routes(options), expected.routes);
          if (difference) expect.fail(`routes():\n${difference}`);
          serve();
        }

        application = framework === 'Koa' ? app.callback() : app;
        for (const route of expected.routes) {
          if (expected.faults.length > 0) await expectNoRoute(route);
          else for (const probe of probesOf(route)) await expectAnswer(route, probe);
        }
      }

      async function expectNoRoute(route: ExpectedRoute): Promise<void> {
        const { status } = await client.send(route);
        expect(status, `${route.method} ${route.path} after the server was refused`).to.equal(404);
      }

      async function expectAnswer(route: ExpectedRoute, probe: Probe): Promise<void> {
        const { method, path } = route;
        const { status, body } = await client.send({ method, path: `${path}?q=text`, headers: headersOf(probe) });
        const text = `${method} ${path} ${probe.name}: ${body}`;
        expect(status, text).to.equal(probe.status);
        if (status !== 200) return;
        const parameters = route.parameters.map((parameter) => given(parameter, probe.scopes === undefined));
        expect(JSON.parse(body), text).to.deep.equal({ runs: route.runs, given: parameters });
      }
    });
  }
});

function managerFor({ defaultAccess, declaredScopes }: Hierarchy): LoginManager<Account> {
  const key = `${defaultAccess} ${declaredScopes}`;
  const scopes = declaredScopes && Object.fromEntries(declaredScopes.map((scope) => [scope, `May ${scope}`]));
  const manager = managers.get(key) ?? managerOf({ defaultAccess, ...(scopes && { scopes }) });
  managers.set(key, manager);
  return manager;
}

/** One `ConfigurationError` names all that is at fault. */
function expectRefusal(what: string, act: () => unknown, { faults }: Expectation): void {
  const error = thrownBy(act);
  expect(error, what).to.be.instanceOf(ConfigurationError);
  expect(notNamedIn(error.message, faults), error.message).to.deep.equal([]);
}

function headersOf({ scopes, denied }: Probe): Record<string, string> {
  return { ...(scopes && bearer(tokenWith(scopes))), ...(denied && { [DENIED_POLICY]: denied }) };
}

// The managers have the same secret, so that a token of one is good for all.
const issuer = managerOf();

function tokenWith(scopes: readonly string[]): string {
  const key = scopes.join(' ');
  const token = tokens.get(key) ?? tokenOf(issuer, EMAIL, scopes);
  tokens.set(key, token);
  return token;
}
