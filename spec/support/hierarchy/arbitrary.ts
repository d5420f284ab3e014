import fc, { type Arbitrary } from 'fast-check';
import {
  ACRS,
  AGES,
  type Branch,
  branchSource,
  chainOf,
  type Guard,
  type Hierarchy,
  type Implications,
  isPolicy,
  type Layer,
  leavesOfBranch,
  type Method,
  type Parameter,
  POLICIES,
  type RoleDescription,
  SCOPES,
  type Scope,
  servedOf,
  sourceOf,
  type Verb,
  type Words,
} from './description';

// The weights keep about three hierarchies of four free of faults, with open and guarded routes among them.

const aged = fc.record({ maxAge: fc.constantFrom(...AGES) });
const strong = fc.record({ acr: fc.subarray([...ACRS], { minLength: 1 }) });

const leaves = [...SCOPES, ...POLICIES];
const branch: Arbitrary<Branch> = fc.oneof(
  fc.constantFrom(...leaves).map((leaf): Branch => [leaf]),
  fc.subarray(leaves, { minLength: 2, maxLength: 3 }),
  fc
    .tuple(fc.subarray(leaves, { minLength: 1, maxLength: 2 }), fc.subarray(leaves, { minLength: 2, maxLength: 2 }))
    .map(([all, any]): Branch => [...all, { any }]),
);
const branches = fc
  .uniqueArray(branch, { minLength: 2, maxLength: 3, selector: (one) => branchSource(one) })
  .filter((all) => all.some((one) => one.length > 1 || leavesOfBranch(one).some(isPolicy)));

const role: Arbitrary<RoleDescription> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ scope: fc.constantFrom(...SCOPES) }) },
  { weight: 2, arbitrary: fc.record({ anyOf: fc.subarray([...SCOPES], { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ either: branches }) },
  { weight: 2, arbitrary: fc.record({ policy: fc.constantFrom(...POLICIES) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      stepUp: fc.oneof(
        aged,
        strong,
        fc.tuple(aged, strong).map(([one, other]) => ({ ...one, ...other })),
      ),
    }),
  },
);

const guard: Arbitrary<Guard> = fc.oneof(
  fc.record({ roles: fc.constant([]), asList: fc.boolean() }),
  fc.record({ roles: fc.tuple(role), asList: fc.boolean() }),
  fc.record({ roles: fc.array(role, { minLength: 2, maxLength: 3 }), asList: fc.constant(true) }),
);

const guards: Arbitrary<Guard[]> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(guard) },
  { weight: 1, arbitrary: fc.array(guard, { minLength: 2, maxLength: 3 }) },
);

const words: Arbitrary<Words> = fc.oneof(
  { weight: 56, arbitrary: fc.constant({ guards: [], isPublic: false }) },
  { weight: 30, arbitrary: fc.record({ guards, isPublic: fc.constant(false) }) },
  { weight: 13, arbitrary: fc.constant({ guards: [], isPublic: true }) },
  { weight: 1, arbitrary: fc.record({ guards, isPublic: fc.constant(true) }) },
);

const verbs: Arbitrary<Verb[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Verb[]>([]) },
  { weight: 6, arbitrary: fc.constantFrom<Verb>('GET', 'POST').map((verb): Verb[] => [verb]) },
  { weight: 1, arbitrary: fc.constant<Verb[]>(['GET', 'POST']) },
);

const parameter: Arbitrary<Parameter> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('user' as const) },
  { weight: 3, arbitrary: fc.constant('required user' as const) },
  { weight: 2, arbitrary: fc.constant('optional user' as const) },
  { weight: 1, arbitrary: fc.constant('query' as const) },
);

const parameters: Arbitrary<Parameter[]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Parameter[]>([]) },
  { weight: 3, arbitrary: fc.array(parameter, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(parameter, { minLength: 2, maxLength: 2 }) },
);

const methodOf = (name: string): Arbitrary<Method> =>
  fc.tuple(words, verbs, parameters).map(([said, verbs, parameters]) => ({ name, ...said, verbs, parameters }));

/** A class that declares some of these methods. */
const layerOf = (names: readonly string[], controller: Arbitrary<Layer['controller']>): Arbitrary<Layer> =>
  fc
    .record({
      said: words,
      controller,
      isAbstract: fc.boolean(),
      methods: fc.tuple(...names.map((name) => fc.option(methodOf(name), { nil: undefined, freq: 2 }))),
    })
    .map(({ said, controller, isAbstract, methods }) => ({
      ...said,
      controller,
      isAbstract: isAbstract && controller === 'none',
      methods: methods.filter((method) => method !== undefined),
    }));

const ofBase = fc.oneof(
  { weight: 6, arbitrary: fc.constant('none' as const) },
  { weight: 2, arbitrary: fc.constant('served' as const) },
  { weight: 1, arbitrary: fc.constant('unserved' as const) },
);

const ofLeaves: Arbitrary<Layer['controller'][]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Layer['controller'][]>(['served']) },
  { weight: 3, arbitrary: fc.constant<Layer['controller'][]>(['served', 'served']) },
  { weight: 1, arbitrary: fc.constant<Layer['controller'][]>(['served', 'unserved']) },
);

const declaredScopes: Arbitrary<readonly Scope[] | undefined> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(undefined, SCOPES) },
  { weight: 1, arbitrary: fc.subarray([...SCOPES], { minLength: 2, maxLength: 3 }) },
);

/** A scope implies some of those before it, so that there is no circle. */
const implies: Arbitrary<Implications> = fc
  .tuple(...SCOPES.map((_, index) => fc.subarray(SCOPES.slice(0, index))))
  .map((lists) => Object.fromEntries(SCOPES.map((scope, index) => [scope, lists[index] ?? []])));

const hasRoute = (described: Hierarchy): boolean =>
  servedOf(described).some((node) =>
    chainOf(node).some(({ layer }) => layer.methods.some((method) => method.verbs.length > 0)),
  );

/** A hierarchy of one to four classes in each chain, and one to four methods that any of them may declare. */
export const hierarchies: Arbitrary<Hierarchy> = fc
  .tuple(fc.subarray(['first', 'second', 'third', 'fourth'], { minLength: 1 }), ofLeaves)
  .chain(([names, leaves]) =>
    fc.record({
      defaultAccess: fc.constantFrom('public' as const, 'authenticated' as const),
      declaredScopes,
      implies: fc.oneof(fc.constant<Implications>({}), implies),
      requiredByDefault: fc.nat(3).map((one) => one === 0),
      shared: fc.array(layerOf(names, ofBase), { maxLength: 3, size: 'max' }),
      reuse: fc.constantFrom('class' as const, 'mixin' as const),
      leaves: fc.tuple(...leaves.map((controller) => layerOf(names, fc.constant(controller)))),
    }),
  )
  .filter(hasRoute)
  // Only what is declared can imply anything.
  .map((described) => (described.declaredScopes === SCOPES ? described : { ...described, implies: {} }))
  .map((described) => Object.assign(described, { [fc.toStringMethod]: () => sourceOf(described) }));
