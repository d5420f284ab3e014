import { expect } from 'chai';
import fc from 'fast-check';
import { ControllerMetadata } from '../../src/authorization/controller-metadata';
import { getRouteMetadata, resolveAccess } from '../../src/authorization/route-access';
import { describeRoute } from '../../src/authorization/route-table';
import { hierarchies } from '../support/hierarchy/arbitrary';
import { build, type Class, forgettingAfter } from '../support/hierarchy/builder';
import { differenceOf, notNamedIn } from '../support/hierarchy/compare';
import { type Hierarchy, servedOf } from '../support/hierarchy/description';
import { type Decide, mutants, retold } from '../support/hierarchy/mutants';
import { expectationOf } from '../support/hierarchy/oracle';
import { settings } from '../support/hierarchy/settings';

/**
 * Where a resolver says something else than the oracle, if anywhere: a fault that it does not report, one that there is
 * not, or a route of which it decided otherwise.
 */
const findDisagreement = (hierarchy: Hierarchy, decide: Decide): string | undefined =>
  forgettingAfter(() => disagreementOf(hierarchy, decide));

function disagreementOf(hierarchy: Hierarchy, decide: Decide): string | undefined {
  const expected = expectationOf(hierarchy);
  const controllers = build(hierarchy);
  const declarations = new ControllerMetadata();

  const decided = expected.routes.map(({ method, path, controller, action }) => {
    const served = servedOf(hierarchy).findIndex(({ prefix }) => path.startsWith(`${prefix}/`));
    const type = controllers[served] as Class;
    const route = getRouteMetadata(type, action, declarations, hierarchy.requiredByDefault);
    const { access, problems } = decide(route, hierarchy);
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
});
