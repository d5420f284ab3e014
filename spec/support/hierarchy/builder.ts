import {
  type Action,
  Authorized,
  CurrentUser,
  Get,
  getMetadataArgsStorage,
  JsonController,
  Post,
  QueryParam,
} from 'routing-controllers';
import {
  type Alternative,
  allOf,
  anyOf,
  type Policy,
  Public,
  policy,
  type Role,
  stepUp,
  subject,
} from '../../../src/index';
import {
  type Branch,
  type ClassNode,
  classesOf,
  type Guard,
  type Hierarchy,
  isPolicy,
  type Leaf,
  type Method,
  type Parameter,
  type PolicyName,
  pathOf,
  type RoleDescription,
  type SubjectName,
  type Words,
} from './description';

/** The header that names the policies which are to answer false; the last one promises its answer. */
export const DENIED_POLICY = 'x-denied-policy';

const allows = (name: PolicyName, action: Action): boolean => {
  journal.push(name);
  return !String(action.request.headers[DENIED_POLICY]).split(',').includes(name);
};

/** The header that names the subjects which there are not. */
export const MISSING_SUBJECT = 'x-missing-subject';

/** What was asked and loaded since it was emptied last, in order. */
export const journal: (PolicyName | SubjectName)[] = [];

const load = (name: SubjectName, { request }: Action): { name: SubjectName } | null => {
  journal.push(name);
  return String(request.headers[MISSING_SUBJECT]).split(',').includes(name) ? null : { name };
};
const note = subject(async ({ action }) => load('note', action));
const team = subject(({ action }) => load('team', action), { hidden: true });

const policies: Record<PolicyName, Policy> = {
  isOwner: policy('isOwner', (_user, { action, note: { name } }) => name === 'note' && allows('isOwner', action), {
    note,
  }),
  isOffice: function isOffice(_user, action) {
    return allows('isOffice', action);
  },
  isAwake: policy(
    'isAwake',
    async (_user, { action, team: { name } }) => name === 'team' && allows('isAwake', action),
    {
      team,
    },
  ),
};

// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types controllers
export type Class = Function & { new (): object };

/** What a handler answers with: which method ran, and what it was given. */
export interface Ran {
  runs: string;
  given: unknown[];
}

/**
 * Makes real classes, with routing-controllers' own decorators, in the order in which the compiler calls them.
 *
 * @returns The controllers to serve.
 */
export function build(hierarchy: Hierarchy): Class[] {
  const classes = new Map<ClassNode, Class>();
  for (const node of classesOf(hierarchy)) classes.set(node, buildClass(node, node.parent && classes.get(node.parent)));
  return [...classes].filter(([{ layer }]) => layer.controller === 'served').map(([, controller]) => controller);
}

function buildClass(node: ClassNode, base: Class | undefined): Class {
  const { layer, name } = node;
  const made = emptyClass(name, base);
  for (const method of layer.methods) addMethod(made, method, node);
  for (const decorate of wordsOf(layer)) decorate(made);
  if (layer.controller !== 'none') JsonController(node.prefix)(made);
  return made;
}

/** As the compiler leaves it, an abstract class is a class like any other. */
function emptyClass(name: string, base: Class | undefined): Class {
  return (base ? { [name]: class extends base {} } : { [name]: class {} })[name] as Class;
}

function addMethod({ prototype }: Class, method: Method, node: ClassNode): void {
  const runs = `${node.name}.${method.name}`;
  const value = (...given: unknown[]): Ran => ({ runs, given: given.map(jsonOf) });
  Object.defineProperty(prototype, method.name, { value, writable: true, configurable: true });
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method.name) as PropertyDescriptor;

  method.parameters.forEach((parameter, index) => {
    parameterDecorators[parameter](prototype, method.name, index);
  });
  for (const verb of [...method.verbs].reverse()) {
    (verb === 'GET' ? Get : Post)(pathOf(method, node))(prototype, method.name);
  }
  for (const decorate of wordsOf(method)) decorate(prototype, method.name, descriptor);
}

const jsonOf = (value: unknown) => (value as { email: string } | null)?.email ?? value ?? null;

// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types its decorators
const parameterDecorators: Record<Parameter, Function> = {
  user: CurrentUser(),
  'required user': CurrentUser({ required: true }),
  'optional user': CurrentUser({ required: false }),
  query: QueryParam('q'),
};

/** The decorators of a class or a method, the innermost first. */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types its decorators
function wordsOf({ guards, isPublic }: Words): Function[] {
  // biome-ignore lint/complexity/noBannedTypes: likewise
  const authorized: Function[] = guards.map((guard) => Authorized(rolesOf(guard))).reverse();
  return isPublic ? [...authorized, Public()] : authorized;
}

function rolesOf({ roles, asList }: Guard): Role | Role[] | undefined {
  return asList ? roles.map(roleOf) : roles.map(roleOf)[0];
}

function roleOf(role: RoleDescription): Role {
  if ('scope' in role) return role.scope;
  if ('stepUp' in role) return stepUp(role.stepUp);
  if ('either' in role) return anyOf(...role.either.map(branchOf));
  return 'policy' in role ? policies[role.policy] : anyOf(...role.anyOf);
}

function branchOf(branch: Branch): Alternative {
  const leafOf = (name: Leaf) => (isPolicy(name) ? policies[name] : name);
  const leaves = branch.map((one) => (typeof one === 'string' ? leafOf(one) : anyOf(...one.any.map(leafOf))));
  return leaves.length === 1 ? (leaves[0] as Alternative) : allOf(...leaves);
}

/**
 * Lets routing-controllers forget what was decorated meanwhile: it searches these lists for every class and method, so
 * that each hierarchy would otherwise take longer than the one before.
 */
export function forgettingAfter<T>(use: () => T): T {
  const storage: Record<string, unknown> = { ...getMetadataArgsStorage() };
  const lists = Object.values(storage).filter((list) => Array.isArray(list));
  const lengths = lists.map((list) => list.length);
  const forget = () => {
    lists.forEach((list, index) => {
      list.length = lengths[index] as number;
    });
  };
  let result: T | undefined;
  try {
    result = use();
  } catch (error) {
    forget();
    throw error;
  }
  if (result instanceof Promise) return result.finally(forget) as T;
  forget();
  return result;
}
