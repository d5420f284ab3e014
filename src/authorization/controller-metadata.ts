import { getMetadataArgsStorage, type MetadataArgsStorage } from 'routing-controllers';

// biome-ignore lint/complexity/noBannedTypes: the type of any class
export type Class = Function;

type Items<K extends keyof MetadataArgsStorage> = MetadataArgsStorage[K] extends (infer T)[] ? readonly T[] : never;

/** The decorators of a class itself, or of one method of it. */
export interface MemberMetadata {
  readonly type: Class;
  /** The argument of each `@Authorized`. */
  readonly authorized: readonly unknown[];
  readonly uses: Items<'uses'>;
  readonly interceptors: Items<'useInterceptors'>;
  readonly params: Items<'params'>;
  /** Status codes, headers and other response handlers. */
  readonly handlers: Items<'responseHandlers'>;
}

/** A controller class and the classes it extends. */
export interface ClassChain {
  /** The derived class first. */
  readonly chain: readonly Class[];
  /** The decorators of each class itself. */
  readonly classes: readonly MemberMetadata[];
  /** Whether a class that the controller extends has decorators. */
  readonly inherits: boolean;
}

/** The members of a class by method name; undefined stands for the class itself. */
type Members = Map<string | undefined, Writable<MemberMetadata>>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Index of routing-controllers' metadata by class and method. The storage has one array for each kind of decorator,
 * which would have to be searched for every class of every route. The storage is only read.
 */
export class ControllerMetadata {
  private readonly members = new Map<Class, Members>();
  private readonly chains = new Map<Class, ClassChain>();

  constructor(storage: MetadataArgsStorage = getMetadataArgsStorage()) {
    for (const use of storage.uses) add(this.at(use.target, use.method), 'uses', use);
    for (const use of storage.useInterceptors) add(this.at(use.target, use.method), 'interceptors', use);
    for (const param of storage.params) add(this.at(param.object.constructor, param.method), 'params', param);
    for (const handler of storage.responseHandlers) {
      const member = this.at(handler.target, handler.method || undefined);
      if (handler.type === 'authorized') add(member, 'authorized', handler.value);
      else add(member, 'handlers', handler);
    }
  }

  /** Returns the class chain of a controller; cached, because all its routes share it. */
  chainOf(controller: Class): ClassChain {
    const cached = this.chains.get(controller);
    if (cached) return cached;
    const chain = classChain(controller);
    const inherits = chain.some((type, index) => index > 0 && this.members.has(type));
    const created = { chain, classes: this.membersOf(chain), inherits };
    this.chains.set(controller, created);
    return created;
  }

  /** Returns the decorators of a method in each class of the chain; without a method, those of the classes. */
  membersOf(chain: readonly Class[], method?: string): MemberMetadata[] {
    return chain.map((type) => this.members.get(type)?.get(method) ?? emptyMember(type));
  }

  private at(type: Class, method: string | undefined): Writable<MemberMetadata> {
    const ofClass: Members = this.members.get(type) ?? new Map();
    const existing = ofClass.get(method);
    if (existing) return existing;
    const member = emptyMember(type);
    this.members.set(type, ofClass.set(method, member));
    return member;
  }
}

type Param = { readonly type: string; readonly required?: boolean | undefined };

/** Returns whether a parameter takes the current user. */
export function takesUser({ type }: Param): boolean {
  return type === 'current-user';
}

/** Returns whether a parameter takes the current user and requires a login. */
export function requiresUser(param: Param, requiredByDefault: boolean): boolean {
  return takesUser(param) && (param.required ?? requiredByDefault);
}

/** Returns a class and all classes it extends, the derived class first. */
export function classChain(type: Class): Class[] {
  const base: unknown = Object.getPrototypeOf(type);
  return typeof base === 'function' && base !== Function.prototype ? [type, ...classChain(base)] : [type];
}

const NONE: readonly never[] = Object.freeze([]);

function emptyMember(type: Class): MemberMetadata {
  return { type, authorized: NONE, uses: NONE, interceptors: NONE, params: NONE, handlers: NONE };
}

/** Appends to a new array; most have one item, and the empty one is shared. */
function add<K extends Exclude<keyof MemberMetadata, 'type'>>(
  member: Writable<MemberMetadata>,
  list: K,
  item: MemberMetadata[K][number],
): void {
  member[list] = [...member[list], item] as MemberMetadata[K];
}
