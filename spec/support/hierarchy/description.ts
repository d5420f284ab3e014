/**
 * A hierarchy of controllers as plain data: what a random one is generated as, what real classes are built from, and
 * what the oracle reads. Nothing here decides anything.
 */
export interface Hierarchy {
  /** Options of the manager: */
  readonly defaultAccess: 'public' | 'authenticated';
  readonly declaredScopes: readonly Scope[] | undefined;
  /** What declared scopes imply by themselves. */
  readonly implies: Implications;
  /** and of routing-controllers: whether `@CurrentUser()` is required where it does not say. */
  readonly requiredByDefault: boolean;
  /** The classes that the leaves have in common, the root first. */
  readonly shared: readonly Layer[];
  /** Whether they are one base class for all leaves, or a mixin (a generic base) that makes new classes for each. */
  readonly reuse: 'class' | 'mixin';
  /** The most derived classes: controllers all. */
  readonly leaves: readonly Layer[];
}

/** What is written on a class or a method. */
export interface Words {
  /** Stacked `@Authorized`, the outermost first. */
  readonly guards: readonly Guard[];
  readonly isPublic: boolean;
}

/** One class. */
export interface Layer extends Words {
  /** `'served'` ones are among the `controllers` of the server; the others are there to be left alone. */
  readonly controller: 'none' | 'served' | 'unserved';
  readonly isAbstract: boolean;
  readonly methods: readonly Method[];
}

/** A method that a class declares with a body of its own, whether a base class has one of that name or not. */
export interface Method extends Words {
  readonly name: string;
  /** Stacked `@Get` and `@Post`; none where the route, if any, is another class's to declare. */
  readonly verbs: readonly Verb[];
  readonly parameters: readonly Parameter[];
}

export type Verb = 'GET' | 'POST';

/** `@CurrentUser()`, the same with `required: true` or `required: false`, `@QueryParam('q')`. */
export type Parameter = 'user' | 'required user' | 'optional user' | 'query';

/** One `@Authorized`: without a role, with one alone, or with a list. */
export interface Guard {
  readonly roles: readonly RoleDescription[];
  readonly asList: boolean;
}

export type RoleDescription =
  | { scope: Scope }
  | { anyOf: readonly Scope[] }
  | { policy: PolicyName }
  | { either: readonly Branch[] }
  | { stepUp: StepUpDescription };

/** Scopes that scopes imply by themselves. */
export type Implications = Readonly<Partial<Record<Scope, readonly Scope[]>>>;

export type Leaf = Scope | PolicyName;

/** `anyOf` within `allOf`. */
export interface Group {
  readonly any: readonly Leaf[];
}

/** One of the alternatives of `anyOf`, with `allOf` for several: a policy is among them, or `allOf`. */
export type Branch = readonly (Leaf | Group)[];

/** The scopes and policies of a branch, with those of its groups. */
export const leavesOfBranch = (branch: Branch): Leaf[] =>
  branch.flatMap((one) => (typeof one === 'string' ? [one] : one.any));

export const isPolicy = (name: string): name is PolicyName => POLICIES.some((policy) => policy === name);

/** As it is written, and as `routes()` has it. */
export const branchSource = (branch: Branch, quote = ''): string => {
  const leafSource = (name: Leaf) => (isPolicy(name) ? `${name}${quote ? '' : '()'}` : `${quote}${name}${quote}`);
  const leaves = branch.map((one) =>
    typeof one === 'string' ? leafSource(one) : `anyOf(${one.any.map(leafSource).join(', ')})`,
  );
  return leaves.length === 1 ? (leaves[0] as string) : `allOf(${leaves.join(', ')})`;
};

/** Seconds, values of `acr`, or both. */
export interface StepUpDescription {
  readonly maxAge?: number;
  readonly acr?: readonly Acr[];
}

export const AGES = [3600, 7200, 10_800] as const;
export const ACRS = ['pwd', 'mfa', 'hwk'] as const;
export type Acr = (typeof ACRS)[number];

export const SCOPES = ['read', 'write', 'remove', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const POLICIES = ['isOwner', 'isOffice', 'isAwake'] as const;
export type PolicyName = (typeof POLICIES)[number];

/** What policies are about, and whether that is hidden from who may not know of it. */
export const SUBJECTS = {
  isOwner: { name: 'note', isHidden: false },
  isAwake: { name: 'team', isHidden: true },
} as const satisfies Partial<Record<PolicyName, { name: string; isHidden: boolean }>>;

export type SubjectName = (typeof SUBJECTS)[keyof typeof SUBJECTS]['name'];

export const subjectOf = (policy: PolicyName): { name: SubjectName; isHidden: boolean } | undefined =>
  policy === 'isOffice' ? undefined : SUBJECTS[policy];

/** A class of the hierarchy as it exists at run time: a mixin's layer makes several. */
export interface ClassNode {
  readonly layer: Layer;
  readonly name: string;
  readonly parent: ClassNode | undefined;
  /** The route of the controller, if it is one: no two have the same. */
  readonly prefix: string;
  /** How many classes are above it; part of the paths it declares, so that each tells which class declared it. */
  readonly depth: number;
}

/** All classes, each after its base class. */
export function classesOf({ shared, reuse, leaves }: Hierarchy): ClassNode[] {
  const common = reuse === 'class' ? basesOf(shared) : [];
  const own = leaves.flatMap((layer, index) => {
    const bases = reuse === 'class' ? [] : basesOf(shared, `-${index}`);
    return [...bases, nodeOf(layer, `Leaf${index}`, [...common, ...bases].at(-1))];
  });
  return [...common, ...own];
}

function basesOf(shared: readonly Layer[], copy = ''): ClassNode[] {
  const nodes: ClassNode[] = [];
  for (const layer of shared) nodes.push(nodeOf(layer, `Base${nodes.length}`, nodes.at(-1), copy));
  return nodes;
}

/** The controllers of the server. */
export const servedOf = (hierarchy: Hierarchy): ClassNode[] =>
  classesOf(hierarchy).filter(({ layer }) => layer.controller === 'served');

function nodeOf(layer: Layer, name: string, parent: ClassNode | undefined, copy = ''): ClassNode {
  const depth = parent ? parent.depth + 1 : 0;
  return { layer, name, parent, prefix: `/${name.toLowerCase()}${copy}`, depth };
}

/** A class and its base classes, the most derived first. */
export function chainOf(node: ClassNode): ClassNode[] {
  return node.parent ? [node, ...chainOf(node.parent)] : [node];
}

export const pathOf = (method: Method, declaredBy: ClassNode): string => `/${method.name}${declaredBy.depth}`;

/** The hierarchy as somebody would write it, for the messages of failures. */
export function sourceOf(hierarchy: Hierarchy): string {
  const classes = classesOf(hierarchy).map(
    (node) => `${classSource(node)} {\n${node.layer.methods.map((method) => methodSource(method, node)).join('\n')}\n}`,
  );
  const { defaultAccess, declaredScopes, implies, requiredByDefault } = hierarchy;
  const controllers = servedOf(hierarchy).map(({ prefix }) => prefix);
  const options = JSON.stringify({ controllers, defaultAccess, scopes: declaredScopes, implies, requiredByDefault });
  return `\n${classes.join('\n\n')}\n\n// ${options}\n`;
}

function classSource({ layer, name, parent, prefix }: ClassNode): string {
  const controller = layer.controller === 'none' ? [] : [`@JsonController('${prefix}')`];
  const head = `${layer.isAbstract ? 'abstract ' : ''}class ${name}${parent ? ` extends ${parent.name}` : ''}`;
  return [...wordsSource(layer), ...controller, head].join('\n');
}

function methodSource(method: Method, node: ClassNode): string {
  const verbs = method.verbs.map((verb) => `@${verb === 'GET' ? 'Get' : 'Post'}('${pathOf(method, node)}')`);
  const parameters = method.parameters.map((parameter, index) => `${parameterSource[parameter]} p${index}`);
  const lines = [...wordsSource(method), ...verbs, `${method.name}(${parameters.join(', ')}) {}`];
  return lines.map((line) => `  ${line}`).join('\n');
}

const parameterSource: Record<Parameter, string> = {
  user: '@CurrentUser()',
  'required user': '@CurrentUser({ required: true })',
  'optional user': '@CurrentUser({ required: false })',
  query: "@QueryParam('q')",
};

function wordsSource({ guards, isPublic }: Words): string[] {
  return [...(isPublic ? ['@Public()'] : []), ...guards.map(guardSource)];
}

function guardSource({ roles, asList }: Guard): string {
  const list = roles.map(roleSource).join(', ');
  return `@Authorized(${asList ? `[${list}]` : list})`;
}

function roleSource(role: RoleDescription): string {
  if ('scope' in role) return `'${role.scope}'`;
  if ('either' in role) return `anyOf(${role.either.map((branch) => branchSource(branch, "'")).join(', ')})`;
  if ('stepUp' in role) return `stepUp(${JSON.stringify(role.stepUp)})`;
  return 'policy' in role ? role.policy : `anyOf(${role.anyOf.map((scope) => `'${scope}'`).join(', ')})`;
}
