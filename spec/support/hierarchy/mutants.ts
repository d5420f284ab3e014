import { AllOf, type Alternative, AnyOf, allOf, anyOf, leavesOf } from '../../../src/authorization/alternatives';
import type { MemberMetadata } from '../../../src/authorization/controller-metadata';
import { isPublic } from '../../../src/authorization/public';
import { type RouteMetadata, resolveAccess } from '../../../src/authorization/route-access';
import { StepUp } from '../../../src/authorization/step-up';
import { Public } from '../../../src/index';
import type { StepUpDescription } from './description';

/** Decides what a route needs: the resolver, or a mutant of it. */
export type Decide = typeof resolveAccess;

// A mutant is the resolver on declarations of which one kind was changed or taken away before it saw them. That is as
// good as a changed line of it, needs no hook in `src`, and names the rule that is broken.

/** What the decorators of one class of the chain say, `@Public` included. */
interface Level {
  readonly ofClass: Words;
  readonly ofMethod: Words;
  readonly hasBody: boolean;
}

interface Words {
  readonly authorized: readonly unknown[];
  readonly isPublic: boolean;
  readonly params: MemberMetadata['params'];
}

function levelsOf({ chain, classes, methods, method }: RouteMetadata): Level[] {
  return chain.map((type, index) => ({
    ofClass: wordsOf(classes[index] as MemberMetadata, isPublic(type)),
    ofMethod: wordsOf(methods[index] as MemberMetadata, isPublic(type, method)),
    hasBody: Object.hasOwn(type.prototype, method),
  }));
}

function wordsOf({ authorized, params }: MemberMetadata, isPublic: boolean): Words {
  return { authorized, params, isPublic };
}

/** The declarations of these levels, of classes that were made for them. */
function declarationsOf(levels: readonly Level[], route: RouteMetadata): RouteMetadata {
  const { method } = route;
  const chain = levels.map(({ ofClass, ofMethod, hasBody }, index) => {
    const { name } = route.chain[index] as { name: string };
    const type = { [name]: class {} }[name] as new () => Record<string, unknown>;
    if (hasBody) type.prototype[method] = () => undefined;
    if (ofClass.isPublic) Public()(type);
    if (ofMethod.isPublic) Public()(type.prototype, method);
    return type;
  });
  const membersOf = (members: readonly MemberMetadata[], words: readonly Words[]) =>
    words.map(({ authorized, params }, index) => ({
      ...(members[index] as MemberMetadata),
      type: chain[index] as MemberMetadata['type'],
      authorized: [...authorized],
      params,
    }));
  const classes = levels.map(({ ofClass }) => ofClass);
  const methods = levels.map(({ ofMethod }) => ofMethod);
  return { ...route, chain, classes: membersOf(route.classes, classes), methods: membersOf(route.methods, methods) };
}

/** The resolver, told something else about the classes of a route. */
const told =
  (
    change: (levels: readonly Level[], route: RouteMetadata, rules: Parameters<Decide>[1]) => readonly Level[],
  ): Decide =>
  (route, rules) =>
    resolveAccess(declarationsOf(change(levelsOf(route), route, rules), route), rules);

type Change = (words: Words, index: number, levels: readonly Level[], route: RouteMetadata) => Words;

const toldOfClasses = (change: Change) =>
  told((levels, route) =>
    levels.map((level, index) => ({ ...level, ofClass: change(level.ofClass, index, levels, route) })),
  );

const toldOfMethods = (change: Change) =>
  told((levels, route) =>
    levels.map((level, index) => ({ ...level, ofMethod: change(level.ofMethod, index, levels, route) })),
  );

/** Of classes and methods alike. */
const toldOfBoth = (change: (authorized: readonly unknown[]) => readonly unknown[]) =>
  told((levels) =>
    levels.map(({ ofClass, ofMethod, hasBody }) => ({
      ofClass: { ...ofClass, authorized: change(ofClass.authorized) },
      ofMethod: { ...ofMethod, authorized: change(ofMethod.authorized) },
      hasBody,
    })),
  );

const rolesOf = (argument: unknown): unknown[] => (argument === undefined ? [] : [argument].flat());

const toldOfRoles = (change: (roles: unknown[]) => unknown[]) =>
  toldOfBoth((authorized) => authorized.map((argument) => change(rolesOf(argument))));

type StepUps = Pick<StepUpDescription, 'maxAge'> & { readonly acr?: readonly string[] };

/** The resolver, combining step-ups in another way. */
const withStepUp =
  (
    combine: (all: readonly StepUps[], combined: StepUps) => { [K in keyof StepUps]?: StepUps[K] | undefined },
  ): Decide =>
  (route, rules) => {
    const { access, problems } = resolveAccess(route, rules);
    const { stepUp, ...others } = access.requirement;
    if (!stepUp) return { access, problems };
    const all = [...route.classes, ...route.methods]
      .flatMap(({ authorized }) => authorized.flatMap(rolesOf))
      .flatMap((role) => (role instanceof StepUp ? [role.requirement] : []));
    const requirement = { ...others, stepUp: combine(all, stepUp) } as typeof access.requirement;
    return { access: { ...access, requirement }, problems };
  };

const isMixed = (role: unknown): role is AnyOf =>
  role instanceof AnyOf && role.roles.some((one) => typeof one !== 'string');

/** Alternatives with policies among them, changed; without any left they are dropped. */
const toldOfMixed = (change: (branches: readonly Alternative[]) => readonly Alternative[]) =>
  toldOfRoles((roles) =>
    roles.flatMap<unknown>((role) => {
      if (!isMixed(role)) return [role];
      const branches = change(role.roles);
      return branches.length > 0 ? [anyOf(...branches)] : [];
    }),
  );

/** The groups within `allOf` among alternatives, changed. */
const toldOfGroups = (change: (group: AnyOf) => readonly Alternative[]) =>
  toldOfMixed((branches) =>
    branches.map((branch) =>
      branch instanceof AllOf
        ? allOf(...branch.roles.flatMap((one) => (one instanceof AnyOf ? change(one) : [one])))
        : branch,
    ),
  );

const unguarded = (words: Words): Words => ({ ...words, authorized: [] });
const closed = (words: Words): Words => ({ ...words, isPublic: false });
const opened = (words: Words): Words => ({ ...words, isPublic: true });
const isAuthorized = ({ authorized }: Words): boolean => authorized.length > 0;

const requiresUser = ({ params }: Words, { requiredByDefault }: RouteMetadata): boolean =>
  params.some(({ type, required }) => type === 'current-user' && (required ?? requiredByDefault));

const withRequired = (words: Words, change: (required: boolean | undefined) => boolean | undefined): Words => ({
  ...words,
  params: words.params.map((param) =>
    param.type === 'current-user' ? { ...param, required: change(param.required) as boolean } : param,
  ),
});

const bodyOf = (levels: readonly Level[]): number => levels.findIndex(({ hasBody }) => hasBody);

const anyMethodGuarded = (levels: readonly Level[], route: RouteMetadata): boolean =>
  levels.some(({ ofMethod }) => isAuthorized(ofMethod) || requiresUser(ofMethod, route));

/** The resolver, taking nothing away: the mutants differ from it by what their names say. */
export const retold: Decide = told((levels) => levels);

/** What each of them forgets or does wrong. */
export const mutants: Record<string, Decide> = {
  // Inheritance
  'guards of base classes are lost': toldOfClasses((words, index) => (index > 0 ? unguarded(words) : words)),
  'guards of the controller class are lost': toldOfClasses((words, index) => (index === 0 ? unguarded(words) : words)),
  'guards of classes are lost where the method has its own': toldOfClasses((words, _, levels) =>
    levels.some(({ ofMethod }) => isAuthorized(ofMethod)) ? unguarded(words) : words,
  ),
  'guards of inherited methods are lost': toldOfMethods((words, index) => (index > 0 ? unguarded(words) : words)),
  'guards of overridden methods are lost': toldOfMethods((words, index, levels) =>
    index > bodyOf(levels) ? unguarded(words) : words,
  ),
  'guards of overridden methods are lost where the override has its own': toldOfMethods((words, index, levels) =>
    index > levels.findIndex(({ ofMethod }) => isAuthorized(ofMethod)) ? unguarded(words) : words,
  ),
  'guards of the method that runs are lost': toldOfMethods((words, index, levels) =>
    index === bodyOf(levels) ? unguarded(words) : words,
  ),
  'only a class and its base class are looked at': told((levels) => levels.slice(0, 2)),
  'the fourth class of a chain is not looked at': told((levels) => levels.slice(0, 3)),

  // Stacks and lists of roles
  'only the innermost of stacked guards counts': toldOfBoth((authorized) => authorized.slice(0, 1)),
  'only the outermost of stacked guards counts': toldOfBoth((authorized) => authorized.slice(-1)),
  'a guard without roles is no guard': toldOfBoth((authorized) =>
    authorized.filter((argument) => rolesOf(argument).length > 0),
  ),
  'only the first role of a list counts': toldOfRoles((roles) => roles.slice(0, 1)),
  'one scope of a list is enough': toldOfRoles((roles) => {
    const scopes = roles.filter((role) => typeof role === 'string');
    return scopes.length > 1 ? [anyOf(...scopes), ...roles.filter((role) => typeof role !== 'string')] : roles;
  }),
  'all scopes of anyOf are needed': toldOfRoles((roles) =>
    roles.flatMap<unknown>((role) => (role instanceof AnyOf ? role.roles : [role])),
  ),
  'anyOf is dropped': toldOfRoles((roles) => roles.filter((role) => !(role instanceof AnyOf))),
  'several anyOf are one': (route, rules) => {
    const { access, problems } = resolveAccess(route, rules);
    const { anyOf } = access.requirement;
    const requirement = { ...access.requirement, anyOf: anyOf.length > 0 ? [[...new Set(anyOf.flat())]] : [] };
    return { access: { ...access, requirement }, problems };
  },
  'policies are dropped': toldOfRoles((roles) => roles.filter((role) => typeof role !== 'function')),

  // Alternatives with policies among them
  'alternatives with policies are dropped': toldOfRoles((roles) => roles.filter((role) => !isMixed(role))),
  'policies among alternatives are dropped': toldOfMixed((branches) =>
    branches.filter((branch) => typeof branch !== 'function'),
  ),
  'allOf among alternatives is dropped': toldOfMixed((branches) =>
    branches.filter((branch) => !(branch instanceof AllOf)),
  ),
  'one role of an allOf is enough': toldOfMixed((branches) =>
    branches.flatMap((branch) => (branch instanceof AllOf ? branch.roles : [branch])),
  ),
  'only the first role of an allOf counts': toldOfMixed((branches) =>
    branches.map((branch) => (branch instanceof AllOf ? (branch.roles[0] as Alternative) : branch)),
  ),
  'only the first of the alternatives with policies counts': toldOfMixed((branches) => branches.slice(0, 1)),
  'all alternatives with policies are needed': toldOfRoles((roles) =>
    roles.flatMap<unknown>((role) => (isMixed(role) ? role.roles : [role])),
  ),
  'a group within allOf is dropped': toldOfGroups(() => []),
  'all roles of a group within allOf are needed': toldOfGroups(({ roles }) => roles),
  'only the first role of a group within allOf counts': toldOfGroups(({ roles }) => roles.slice(0, 1)),
  'several groups with policies are one': (route, rules) => {
    const { access, problems } = resolveAccess(route, rules);
    const { alternatives, ...others } = access.requirement;
    const merged = alternatives.length > 0 ? [anyOf(...alternatives.flatMap(({ roles }) => roles))] : [];
    return { access: { ...access, requirement: { ...others, alternatives: merged } }, problems };
  },
  'only the first group with policies counts': (route, rules) => {
    const { access, problems } = resolveAccess(route, rules);
    const { alternatives, ...others } = access.requirement;
    return { access: { ...access, requirement: { ...others, alternatives: alternatives.slice(0, 1) } }, problems };
  },

  // Step-up
  'step-ups are dropped': toldOfRoles((roles) => roles.filter((role) => !(role instanceof StepUp))),
  'step-ups of classes are lost': toldOfClasses((words) => ({
    ...words,
    authorized: words.authorized.map((argument) => rolesOf(argument).filter((role) => !(role instanceof StepUp))),
  })),
  'the longest age counts': withStepUp((all, { acr }) => ({
    maxAge: Math.max(...all.map(({ maxAge = 0 }) => maxAge)) || undefined,
    acr,
  })),
  'an age is dropped beside an acr': withStepUp((_, { maxAge, acr }) => (acr ? { acr } : { maxAge })),
  'an acr is dropped beside an age': withStepUp((_, { maxAge, acr }) => (maxAge === undefined ? { acr } : { maxAge })),
  'any list of acr will do': withStepUp((all, { maxAge }) => {
    const values = new Set(all.flatMap(({ acr = [] }) => acr));
    return { maxAge, acr: values.size > 0 ? [...values] : undefined };
  }),
  'only the first list of acr counts': withStepUp((all, { maxAge }) => ({
    maxAge,
    acr: all.find(({ acr }) => acr)?.acr,
  })),

  // @Public
  '@Public of a class goes to derived classes': toldOfClasses((words, index, levels) =>
    index === 0 && !isAuthorized(words) && levels.some(({ ofClass }) => ofClass.isPublic) ? opened(words) : words,
  ),
  '@Public of a class is ignored': toldOfClasses(closed),
  '@Public of a class opens its guarded methods': told((levels) =>
    levels[0]?.ofClass.isPublic ? levels.map((level) => ({ ...level, ofMethod: unguarded(level.ofMethod) })) : levels,
  ),
  '@Public of a class does not open what its base class guards': toldOfClasses((words, index, levels) =>
    levels.slice(index + 1).some(({ ofClass }) => isAuthorized(ofClass)) ? closed(words) : words,
  ),
  '@Public of a method goes to overrides': toldOfMethods((words, index, levels, route) => {
    const isOverride = index === bodyOf(levels) && levels.some(({ ofMethod }) => ofMethod.isPublic);
    return isOverride && !anyMethodGuarded(levels, route) ? opened(words) : words;
  }),
  '@Public of a method is ignored': toldOfMethods(closed),
  '@Public of a method does not open a route of a guarded class': toldOfMethods((words, _, levels) =>
    levels.some(({ ofClass }) => isAuthorized(ofClass)) ? closed(words) : words,
  ),

  // Logins that no @Authorized asks for
  'defaultAccess is ignored': (route, rules) => resolveAccess(route, { ...rules, defaultAccess: 'public' }),
  'every route is closed': (route, rules) => resolveAccess(route, { ...rules, defaultAccess: 'authenticated' }),
  'a required current user is no login': toldOfMethods((words) => withRequired(words, () => false)),
  'a current user that a base class requires is no login': toldOfMethods((words, index) =>
    index > 0 ? withRequired(words, () => false) : words,
  ),
  'every current user is required': toldOfMethods((words) => withRequired(words, () => true)),
  'a current user is not required by default': (route, rules) =>
    resolveAccess({ ...route, requiredByDefault: false }, rules),
  'the default requires a current user that is said to be optional': toldOfMethods((words) =>
    withRequired(words, (required) => required || undefined),
  ),

  // Faults
  '@Public beside @Authorized on a class is not reported': toldOfClasses((words) =>
    isAuthorized(words) ? closed(words) : words,
  ),
  '@Public beside @Authorized on a method is not reported': toldOfMethods((words) =>
    isAuthorized(words) ? closed(words) : words,
  ),
  '@Public beside a required current user is not reported': toldOfMethods((words, _index, _levels, route) =>
    requiresUser(words, route) ? closed(words) : words,
  ),
  '@Public on an override of a guarded method is not reported': toldOfMethods((words, index, levels, route) =>
    anyMethodGuarded(levels.slice(index + 1), route) ? closed(words) : words,
  ),
  'contradictions of base classes are not reported': toldOfClasses((words, index) =>
    index > 0 && isAuthorized(words) ? closed(words) : words,
  ),
  'contradictions of inherited methods are not reported': toldOfMethods((words, index, levels, route) =>
    index > 0 && anyMethodGuarded(levels.slice(index), route) ? closed(words) : words,
  ),
  'undeclared scopes are not reported': (route, rules) => resolveAccess(route, { ...rules, declaredScopes: undefined }),
  'undeclared scopes among alternatives are not reported': (route, rules) => {
    const isDeclared = (scope: string) => rules.declaredScopes?.includes(scope) ?? true;
    const withoutUndeclared = toldOfRoles((roles) =>
      roles.filter(
        (role) =>
          !(role instanceof AnyOf) || leavesOf(role).every((leaf) => typeof leaf !== 'string' || isDeclared(leaf)),
      ),
    );
    return withoutUndeclared(route, rules);
  },
  'only the first fault of a route is reported': (route, rules) => {
    const { access, problems } = resolveAccess(route, rules);
    return { access, problems: problems.slice(0, 1) };
  },
};
