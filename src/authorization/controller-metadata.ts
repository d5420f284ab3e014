import { getMetadataArgsStorage, type MetadataArgsStorage } from 'routing-controllers';

// biome-ignore lint/complexity/noBannedTypes: the type of any class
export type Class = Function;

type Items<K extends keyof MetadataArgsStorage> = MetadataArgsStorage[K] extends (infer T)[] ? readonly T[] : never;

/** What the decorators of one class say, of the class itself or of one method of it. */
export interface MemberMetadata {
  readonly type: Class;
  /** The arguments of each `@Authorized`. */
  readonly authorized: readonly unknown[];
  readonly uses: Items<'uses'>;
  readonly interceptors: Items<'useInterceptors'>;
  readonly params: Items<'params'>;
  /** Status codes, headers and the like. */
  readonly handlers: Items<'responseHandlers'>;
}

/** A controller along the chain of its classes, the derived first. */
export interface ClassChain {
  readonly chain: readonly Class[];
  /** What each class declares of itself. */
  readonly classes: readonly MemberMetadata[];
  /** Whether any class that the controller extends declares something. */
  readonly inherits: boolean;
}

/** The members of one class, by the names of its methods; that of the class itself has none. */
type Members = Map<string | undefined, Writable<MemberMetadata>>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * An index of routing-controllers' metadata, which is one list for each kind of decorator and would have to be
 * searched for every class of every route. It only reads.
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

  /** The same for all routes of a controller. */
  chainOf(controller: Class): ClassChain {
    const known = this.chains.get(controller);
    if (known) return known;
    const chain = classChain(controller);
    const inherits = chain.some((type, index) => index > 0 && this.members.has(type));
    const ancestry = { chain, classes: this.membersOf(chain), inherits };
    this.chains.set(controller, ancestry);
    return ancestry;
  }

  /** What each class of the chain declares; of the classes themselves where no method is named. */
  membersOf(chain: readonly Class[], method?: string): MemberMetadata[] {
    return chain.map((type) => this.members.get(type)?.get(method) ?? emptyMember(type));
  }

  private at(type: Class, method: string | undefined): Writable<MemberMetadata> {
    const ofClass: Members = this.members.get(type) ?? new Map();
    const known = ofClass.get(method);
    if (known) return known;
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

/** Returns whether a parameter takes the current user and cannot do without. */
export function requiresUser(param: Param, requiredByDefault: boolean): boolean {
  return takesUser(param) && (param.required ?? requiredByDefault);
}

/** The class and all it extends, the derived first. */
export function classChain(type: Class): Class[] {
  const base: unknown = Object.getPrototypeOf(type);
  return typeof base === 'function' && base !== Function.prototype ? [type, ...classChain(base)] : [type];
}

const NONE: readonly never[] = Object.freeze([]);

function emptyMember(type: Class): MemberMetadata {
  return { type, authorized: NONE, uses: NONE, interceptors: NONE, params: NONE, handlers: NONE };
}

/** Most lists are empty or have one item. */
function add<K extends Exclude<keyof MemberMetadata, 'type'>>(
  member: Writable<MemberMetadata>,
  list: K,
  item: MemberMetadata[K][number],
): void {
  member[list] = [...member[list], item] as MemberMetadata[K];
}
