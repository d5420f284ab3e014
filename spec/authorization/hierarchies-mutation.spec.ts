import { expect } from 'chai';
import fc from 'fast-check';
import { ControllerMetadata } from '../../src/authorization/controller-metadata';
import { getRouteMetadata, type RouteMetadata, resolveAccess } from '../../src/authorization/route-access';
import { describeRoute } from '../../src/authorization/route-table';
import { hierarchies } from '../support/hierarchy/arbitrary';
import { build, type Class, forgettingAfter } from '../support/hierarchy/builder';
import { differenceOf, notNamedIn } from '../support/hierarchy/compare';
import { type Hierarchy, servedOf } from '../support/hierarchy/description';
import { type Judge, judge, mutantJudges } from '../support/hierarchy/judges';
import { type Decide, mutants, retold } from '../support/hierarchy/mutants';
import { type ExpectedRoute, expectationOf } from '../support/hierarchy/oracle';
import { probesOf } from '../support/hierarchy/probes';
import { settings } from '../support/hierarchy/settings';

/**
 * Where a resolver says something else than the oracle, if anywhere: a fault that it does not report, one that there is
 * not, or a route of which it decided otherwise.
 */
const findDisagreement = (hierarchy: Hierarchy, decide: Decide): string | undefined =>
  forgettingAfter(() => disagreementOf(hierarchy, decide));

function metadataOf(
  { path, action }: ExpectedRoute,
  controllers: readonly Class[],
  declarations: ControllerMetadata,
  hierarchy: Hierarchy,
): RouteMetadata {
  const served = servedOf(hierarchy).findIndex(({ prefix }) => path.startsWith(`${prefix}/`));
  return getRouteMetadata(controllers[served] as Class, action, declarations, hierarchy.requiredByDefault);
}

function disagreementOf(hierarchy: Hierarchy, decide: Decide): string | undefined {
  const expected = expectationOf(hierarchy);
  const controllers = build(hierarchy);
  const declarations = new ControllerMetadata();

  const decided = expected.routes.map((one) => {
    const { method, path, controller, action } = one;
    const { access, problems } = decide(metadataOf(one, controllers, declarations, hierarchy), hierarchy);
    return { problems, route: describeRoute(method, path, controller, action, access) };
  });

  const problems = decided.flatMap((one) => one.problems);
  if (expected.faults.length > 0) {
    const unheard = notNamedIn(problems.join('\n'), expected.faults);
    return unheard.length > 0 ? `not reported: ${unheard}` : undefined;
  }
  if (problems.length > 0) return `reported: ${problems}`;
  return differenceOf(
    decided.map(({ route }) => route),
    expected.routes,
  );
}

/** Where a check answers a request otherwise than the oracle, if anywhere. */
const findWrongAnswer = (hierarchy: Hierarchy, answer: Judge): Promise<string | undefined> =>
  forgettingAfter(() => wrongAnswerOf(hierarchy, answer));

async function wrongAnswerOf(hierarchy: Hierarchy, answer: Judge): Promise<string | undefined> {
  const { faults, routes } = expectationOf(hierarchy);
  if (faults.length > 0) return undefined;
  const controllers = build(hierarchy);
  const declarations = new ControllerMetadata();
  for (const route of routes) {
    const { access } = resolveAccess(metadataOf(route, controllers, declarations, hierarchy), hierarchy);
    for (const probe of probesOf(route)) {
      const status = await answer(access, probe, hierarchy);
      if (status !== probe.status) return `${route.path} ${probe.name}: ${status} instead of ${probe.status}`;
    }
  }
  return undefined;
}

const answers = (answer: Judge) =>
  fc.asyncProperty(hierarchies, async (hierarchy) => {
    const wrong = await findWrongAnswer(hierarchy, answer);
    if (wrong) expect.fail(wrong);
  });

const agrees = (decide: Decide) =>
  fc.property(hierarchies, (hierarchy) => {
    const disagreement = findDisagreement(hierarchy, decide);
    if (disagreement) expect.fail(disagreement);
  });

// The rarest mistake shows in one hierarchy of a hundred or so.
const { seed } = settings(0);
const thorough = { numRuns: 10_000, endOnFailure: true, ...(seed !== undefined && { seed }) };

/**
 * Whether the properties of http-behaviour/hierarchies.spec.ts would notice a mistake: the same hierarchies and the same
 * oracle, against the function that decides, and against mutants of it that are each wrong in one rule. The mutants are
 * made by hand and injected here: what they are told was changed beforehand, so that nothing in `src` knows of them.
 * They are asked without HTTP, for speed, since the server, `routes()` and `protect` have that one function's word for
 * what a route needs.
 */
describe('the oracle of hierarchies', () => {
  it('agrees with the resolver', () => fc.assert(agrees(resolveAccess), settings(500)));

  it('agrees with the resolver as the mutants tell it', () => fc.assert(agrees(retold), settings(500)));

  for (const [name, mutant] of Object.entries(mutants)) {
    it(`notices where ${name}`, () => {
      const { counterexample } = fc.check(agrees(mutant), thorough);
      // Asked once more: a mutant that broke down would be a mistake of its own.
      const [hierarchy] = counterexample ?? expect.fail('no counterexample');
      expect(findDisagreement(hierarchy, mutant)).to.be.a('string');
    });
  }

  it('agrees with the check of requests', () => fc.assert(answers(judge), settings(200)));

  for (const [name, mutant] of Object.entries(mutantJudges)) {
    it(`notices in an answer where ${name}`, async () => {
      const { counterexample } = await fc.check(answers(mutant), thorough);
      const [hierarchy] = counterexample ?? expect.fail('no counterexample');
      expect(await findWrongAnswer(hierarchy, mutant)).to.be.a('string');
    });
  }

  it('is tried by at least sixty mutants', () => {
    expect(Object.keys({ ...mutants, ...mutantJudges })).to.have.length.of.at.least(60);
  });
});
