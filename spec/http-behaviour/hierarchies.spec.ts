import { expect } from 'chai';
import fc from 'fast-check';
import { getMetadataArgsStorage } from 'routing-controllers';
import { ConfigurationError } from '../../src/index';
import { securedSpec } from '../../src/openapi/index';
import { type Json, operationsIn } from '../openapi/documents';
import { implicationsIn, policiesOf, promisesOf, stepUpOf } from '../openapi/promises';
import { hierarchies } from '../support/hierarchy/arbitrary';
import { DENIED_POLICY, forgettingAfter, journal, MISSING_SUBJECT } from '../support/hierarchy/builder';
import { differenceOf, notNamedIn } from '../support/hierarchy/compare';
import {
  type Hierarchy,
  type Implications,
  isPolicy,
  type Parameter,
  SCOPES,
  type StepUpDescription,
} from '../support/hierarchy/description';
import { type Expectation, type ExpectedRoute, expectationOf } from '../support/hierarchy/oracle';
import { loginFor, meets, type Probe, probesOf, withImplied } from '../support/hierarchy/probes';
import { EMAIL, hierarchyServer, managerFor, optionsOf, tokenWith } from '../support/hierarchy/server';
import { settings } from '../support/hierarchy/settings';
import { bearer } from '../support/http';
import { thrownBy } from '../support/rejection';
import { onEachSecureServer } from '../support/servers';
import '../support/quiet-lost-guards';

const GUARDED_HIERARCHIES = 200;
const DOCUMENTED_HIERARCHIES = 70;

/** Checks random hierarchies, each of which routing-controllers forgets afterwards. */
const checkAny = (check: (hierarchy: Hierarchy) => Promise<void>, runs: number) =>
  fc.assert(
    fc.asyncProperty(hierarchies, (hierarchy) => forgettingAfter(() => check(hierarchy))),
    settings(runs),
  );

/**
 * Random hierarchies of controllers, against an oracle that was written from the contract alone: what `routes()` lists,
 * and how real servers answer. And what documents of them promise, against these answers. On the manager's servers only:
 * routing-controllers' own lose inherited guards.
 */
describe('any hierarchy of controllers', () => {
  describe('in a sample of five hundred', () => {
    let sample: Hierarchy[];
    let expected: Expectation[];
    let routes: ExpectedRoute[];

    before(() => {
      sample = fc.sample(hierarchies, 500);
      expected = sample.map(expectationOf);
      routes = expected.filter(({ faults }) => faults.length === 0).flatMap((one) => one.routes);
    });

    for (const [kind, share, least, most] of [
      ['has a chain of four classes', () => shareOf(sample, ({ shared }) => shared.length === 3), 0.1, 1],
      ['has a shared base', () => shareOf(sample, ({ leaves }) => leaves.length > 1), 0.2, 1],
      ['is refused', () => shareOf(expected, ({ faults }) => faults.length > 0), 0.1, 0.5],
      ['has public routes', () => shareOf(routes, (route) => route.public), 0.1, 0.5],
      ['has routes with scopes', () => shareOf(routes, ({ scopes }) => scopes.length > 0), 0.2, 1],
      ['has routes with anyOf', () => shareOf(routes, ({ anyOf }) => anyOf.length > 0), 0.1, 1],
      ['has routes with step-up', () => shareOf(routes, ({ stepUp }) => stepUp !== undefined), 0.05, 1],
      ['has routes with alternatives of policies', () => shareOf(routes, ({ mixed }) => mixed.length > 0), 0.05, 1],
      [
        'has routes with groups within alternatives',
        () => shareOf(routes, ({ mixed }) => mixed.flat(2).some(isGroup)),
        0.02,
        1,
      ],
      ['has routes whose scopes imply others', () => shareOf(routes, impliesAny), 0.1, 1],
      ['has routes with policies', () => shareOf(routes, ({ policies }) => policies.length > 0), 0.1, 1],
    ] as const) {
      it(`${kind} often enough, and not too often`, () => {
        expect(share()).to.be.within(least, most);
      });
    }
  });

  onEachSecureServer((_start, framework) => {
    const server = hierarchyServer(framework);

    it('is guarded as it is written', async function () {
      this.timeout(180_000);
      this.slow(10_000);
      await checkAny(checkGuards, GUARDED_HIERARCHIES);
    });

    it('has a document that says who may call what', async function () {
      this.timeout(180_000);
      this.slow(10_000);
      await checkAny(checkDocument, DOCUMENTED_HIERARCHIES);
    });

    async function checkGuards(hierarchy: Hierarchy): Promise<void> {
      const expected = expectationOf(hierarchy);
      const manager = managerFor(hierarchy);
      const options = optionsOf(hierarchy);
      const serve = () => server.serve(manager, options);

      if (expected.faults.length > 0) {
        expectRefusal('routes()', () => manager.routes(options), expected);
        expectRefusal('the server', serve, expected);
        for (const route of expected.routes) await expectNoRoute(route);
        return;
      }
      const difference = differenceOf(manager.routes(options), expected.routes);
      if (difference) expect.fail(`routes():\n${difference}`);
      serve();
      for (const route of expected.routes) {
        for (const probe of probesOf(route)) await expectAnswer(route, probe);
      }
    }

    async function expectNoRoute(route: ExpectedRoute): Promise<void> {
      const { status } = await server.send(route);
      expect(status, `${route.method} ${route.path} after the server was refused`).to.equal(404);
    }

    async function expectAnswer(route: ExpectedRoute, probe: Probe): Promise<void> {
      const { method, path } = route;
      journal.length = 0;
      const { status, body } = await server.send({ method, path: `${path}?q=text`, headers: headersOf(probe) });
      const text = `${method} ${path} ${probe.name}: ${body}`;
      expect(status, text).to.equal(probe.status);
      expect(new Set(journal), `asked twice, ${text}`).to.have.property('size', journal.length);
      const isExpected = (name: string) => probe.asked?.includes(name) || !isPolicy(name);
      expect(
        journal.filter((name) => !isExpected(name)),
        `asked for nothing, ${text}`,
      ).to.deep.equal([]);
      if (status !== 200) return;
      const parameters = route.parameters.map((parameter) => given(parameter, probe.scopes === undefined));
      expect(JSON.parse(body), text).to.deep.equal({ runs: route.runs, given: parameters });
    }

    async function checkDocument(hierarchy: Hierarchy): Promise<void> {
      const manager = managerFor(hierarchy);
      const options = optionsOf(hierarchy);
      const documented = () => securedSpec(manager, getMetadataArgsStorage(), options) as Json;
      const refusal = refusalOf(() => manager.routes(options));
      expect(refusalOf(documented)).to.equal(refusal);
      if (refusal !== undefined) return;
      server.serve(manager, options);

      const document = documented();
      const operations = operationsIn(document);
      const implied = implicationsIn(document);
      const served = manager.routes(options).map(({ method, path }) => `${method} ${path}`);
      expect(operations.map(([name]) => name)).to.have.members(served);
      for (const [name, operation] of operations) await checkOperation(name, operation, implied);
    }

    async function checkOperation(name: string, operation: Json, implied: Implications): Promise<void> {
      const stepUp = stepUpOf(operation) as StepUpDescription;
      const login = loginFor(stepUp);
      const ifStrong = (status: 200 | 403) => (meets(login, stepUp) ? status : 401);
      for (const { name: why, scopes, status } of promisesOf(operation, SCOPES, (scopes) =>
        withImplied(scopes, implied),
      )) {
        const expected = status === 'success' ? ifStrong(200) : Number(status);
        await expectPromised(name, operation, { name: why, ...(scopes && { scopes }), login }, [expected]);
      }
      for (const denied of policiesOf(operation)) {
        const probe = { name: `denied by ${denied}`, scopes: SCOPES, login, denied };
        // A document does not say what is hidden.
        const statuses = [ifStrong(403), ...(operation.responses[404] ? [404] : [])];
        await expectPromised(name, operation, probe, statuses);
      }
    }

    async function expectPromised(
      name: string,
      operation: Json,
      probe: Omit<Probe, 'status'>,
      statuses: readonly number[],
    ): Promise<void> {
      const [method = '', path = ''] = name.split(' ');
      const { status, body } = await server.send({ method, path: `${path}?q=text`, headers: headersOf(probe) });
      expect(status, `${name} ${probe.name}: ${body}`).to.be.oneOf(statuses);
      expect(operation.responses, name).to.have.property(`${status}`);
    }
  });
});

const isGroup = (one: unknown): boolean => typeof one === 'object';

const impliesAny = ({ implies }: ExpectedRoute): boolean => Object.values(implies).some((scopes) => scopes.length > 0);

function shareOf<T>(all: readonly T[], isOne: (one: T) => boolean): number {
  return all.filter(isOne).length / all.length;
}

/** What a handler is given, as JSON. */
function given(parameter: Parameter, isAnonymous: boolean): string | null {
  if (parameter === 'query') return 'text';
  return isAnonymous ? null : EMAIL;
}

/** One `ConfigurationError` names all that is at fault. */
function expectRefusal(what: string, act: () => unknown, { faults }: Expectation): void {
  const error = thrownBy(act);
  expect(error, what).to.be.instanceOf(ConfigurationError);
  expect(notNamedIn(error.message, faults), error.message).to.deep.equal([]);
}

/** The problems of the routes, if there are any; documents and servers introduce them differently. */
function refusalOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigurationError);
    return (error as Error).message.split('\n').slice(1).sort().join('\n');
  }
}

function headersOf({ scopes, denied, missing, login }: Omit<Probe, 'status'>): Record<string, string> {
  return {
    ...(scopes && bearer(tokenWith(scopes, login))),
    ...(denied && { [DENIED_POLICY]: denied }),
    ...(missing && { [MISSING_SUBJECT]: missing }),
  };
}
