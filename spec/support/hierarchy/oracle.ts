import {
  ACRS,
  type Branch,
  type ClassNode,
  chainOf,
  type Guard,
  type Hierarchy,
  type Implications,
  isPolicy,
  leavesOfBranch,
  type Parameter,
  pathOf,
  type StepUpDescription,
  servedOf,
  type Verb,
  type Words,
} from './description';

/** What the contract says of a route. */
export interface ExpectedRoute {
  readonly method: Verb;
  readonly path: string;
  readonly controller: string;
  readonly action: string;
  /** Whether nobody needs to be logged in. The rest is then empty. */
  readonly public: boolean;
  readonly scopes: readonly string[];
  readonly anyOf: readonly (readonly string[])[];
  readonly policies: readonly string[];
  /** Groups with policies among them, of which one branch is needed. */
  readonly mixed: readonly (readonly Branch[])[];
  readonly stepUp?: StepUpDescription;
  /** What its scopes imply by themselves. */
  readonly implies: Implications;
  /** The method that runs, */
  readonly runs: string;
  /** and what it is given. */
  readonly parameters: readonly Parameter[];
}

export interface Expectation {
  /** The classes and methods for which the server must be refused. */
  readonly faults: readonly string[];
  readonly routes: readonly ExpectedRoute[];
}

type Options = Pick<Hierarchy, 'defaultAccess' | 'declaredScopes' | 'implies' | 'requiredByDefault'>;

/** Decorators of one target: a class of the chain, or one method as a class of the chain declares it. */
interface Target extends Words {
  readonly name: string;
  readonly requiresUser: boolean;
}

/**
 * What sections 2 and 7 of the contract say of a hierarchy. Written from their text, and sharing nothing with the
 * library: no file of `src` is imported here.
 */
export function expectationOf(hierarchy: Hierarchy): Expectation {
  const decisions = servedOf(hierarchy).flatMap((controller) =>
    methodNamesOf(controller).flatMap((name) => decide(controller, name, hierarchy)),
  );
  return {
    faults: [...new Set(decisions.flatMap(({ faults }) => faults))],
    routes: decisions.flatMap(({ routes }) => routes),
  };
}

function methodNamesOf(controller: ClassNode): string[] {
  return [...new Set(chainOf(controller).flatMap(({ layer }) => layer.methods.map(({ name }) => name)))];
}

/** Of one method of a controller, which may have a route, several, or none. */
function decide(controller: ClassNode, action: string, options: Options): Expectation {
  // Lists of classes and of methods are the most derived first.
  const chain = chainOf(controller);
  const declared = chain.flatMap((node) =>
    node.layer.methods.filter(({ name }) => name === action).map((method) => ({ method, node })),
  );
  // As routing-controllers has it: the nearest class that declares routes for a method declares all of them.
  const routed = declared.find(({ method }) => method.verbs.length > 0);
  if (!routed) return { faults: [], routes: [] };

  const classes = chain.map(({ name, layer }): Target => ({ ...layer, name, requiresUser: false }));
  const methods = declared.map(({ method, node }): Target => {
    const requiresUser = method.parameters.some((parameter) => isRequiredUser(parameter, options));
    return { ...method, name: `${node.name}.${action}`, requiresUser };
  });
  const route = {
    path: `${controller.prefix}${pathOf(routed.method, routed.node)}`,
    controller: controller.name,
    action,
    ...accessOf(classes, methods, options),
    implies: options.implies,
    runs: methods[0]?.name as string,
    // The nearest class that decorates any parameter says what all of them are.
    parameters: declared.find(({ method }) => method.parameters.length > 0)?.method.parameters ?? [],
  };
  return {
    faults: [...contradictions(classes, methods), ...undeclared([...classes, ...methods], options)],
    routes: routed.method.verbs.map((method) => ({ ...route, method })),
  };
}

function isRequiredUser(parameter: Parameter, { requiredByDefault }: Options): boolean {
  return parameter === 'required user' || (parameter === 'user' && requiredByDefault);
}

/** "`@CurrentUser({ required: true })` implies a login", so it is as good as `@Authorized()`. */
const isGuarded = ({ guards, requiresUser }: Target): boolean => guards.length > 0 || requiresUser;

/** "Beside `@Authorized` on the same target, or on an override of a guarded method, it is a `ConfigurationError`." */
function contradictions(classes: readonly Target[], methods: readonly Target[]): string[] {
  return [
    ...classes.filter((one) => one.isPublic && isGuarded(one)),
    ...methods.filter(({ isPublic }, index) => isPublic && methods.slice(index).some(isGuarded)),
  ].map(({ name }) => name);
}

/** "Once given, a scope named by `@Authorized` that is not in it is an error." */
function undeclared(targets: readonly Target[], { declaredScopes }: Options): string[] {
  if (!declaredScopes) return [];
  const isDeclared = (scope: string) => declaredScopes.some((declared) => declared === scope);
  return targets
    .filter(({ guards }) => {
      const { scopes, anyOf, mixed } = rolesOf(guards);
      const named = mixed
        .flat()
        .flatMap(leavesOfBranch)
        .filter((name) => !isPolicy(name));
      return ![...scopes, ...anyOf.flat(), ...named].every(isDeclared);
    })
    .map(({ name }) => name);
}

type Access = Pick<ExpectedRoute, 'public' | 'scopes' | 'anyOf' | 'policies' | 'mixed' | 'stepUp'>;

const open: Access = { public: true, scopes: [], anyOf: [], policies: [], mixed: [] };

function accessOf(classes: readonly Target[], methods: readonly Target[], { defaultAccess }: Options): Access {
  // "On a method it goes with that method's body, not to an override": the nearest method is the one that runs.
  if (methods[0]?.isPublic) return open;

  // "The nearest word counts", and a method is nearer than its class; "on a class it does not go to derived classes".
  if (classes[0]?.isPublic && !methods.some(isGuarded)) return open;

  // "Guards are the union over the class chain: `@Authorized` of a base class, of its methods and of overridden methods
  // holds in derived controllers." "Stacked `@Authorized` add up."
  const targets = [...classes, ...methods];

  // "With `defaultAccess: 'authenticated'` every route needs a login unless it is `@Public()`; with `'public'` only
  // `@Authorized` ones do."
  if (defaultAccess === 'public' && !targets.some(isGuarded)) return open;
  return { public: false, ...rolesOf(targets.flatMap(({ guards }) => guards)) };
}

/** "`anyOf(…)` takes policies beside scopes, and `allOf(…)`." "All scopes of class and method are required; `@Authorized(anyOf('a', 'b'))` needs one of them." */
function rolesOf(guards: readonly Guard[]): Omit<Access, 'public'> {
  const roles = guards.flatMap((guard) => guard.roles);
  const alternatives = roles.flatMap((role) => ('anyOf' in role ? [sortedSet(role.anyOf).join(' ')] : []));
  return {
    scopes: sortedSet(roles.flatMap((role) => ('scope' in role ? [role.scope] : []))),
    anyOf: sortedSet(alternatives).map((scopes) => scopes.split(' ')),
    policies: sortedSet(roles.flatMap((role) => ('policy' in role ? [role.policy] : []))),
    mixed: roles.flatMap((role) => ('either' in role ? [role.either] : [])),
    ...stepUpOf(roles.flatMap((role) => ('stepUp' in role ? [role.stepUp] : []))),
  };
}

/** "Adds up with scopes and over the class chain: the shortest age, and every list of `acr` holds." */
function stepUpOf(all: readonly StepUpDescription[]): Pick<Access, 'stepUp'> {
  if (all.length === 0) return {};
  const ages = all.flatMap(({ maxAge = [] }) => maxAge).sort((one, other) => one - other);
  const lists = all.flatMap(({ acr }) => (acr ? [acr] : []));
  return {
    stepUp: {
      ...(ages[0] && { maxAge: ages[0] }),
      ...(lists.length > 0 && { acr: ACRS.filter((value) => lists.every((list) => list.includes(value))) }),
    },
  };
}

const sortedSet = (values: readonly string[]): string[] => [...new Set(values)].sort();
