import { getMetadataArgsStorage, type MetadataArgsStorage } from 'routing-controllers';

// biome-ignore lint/complexity/noBannedTypes: the type of any class
export type Class = Function;

type Items<K extends keyof MetadataArgsStorage> = MetadataArgsStorage[K] extends (infer T)[] ? T[] : never;

/** What the decorators of one class say, of the class itself or of one method of it. */
export interface Member {
  readonly type: Class;
  /** The arguments of each `@Authorized`. */
  readonly authorized: unknown[];
  readonly uses: Items<'uses'>;
  readonly interceptors: Items<'useInterceptors'>;
  readonly params: Items<'params'>;
  /** Status codes, headers and the like. */
  readonly handlers: Items<'responseHandlers'>;
}

/**
 * An index of routing-controllers' metadata, which is one list for each kind of decorator and would have to be
 * searched for every class of every route. It only reads.
 */
export class Declarations {
  private readonly members = new Map<Class, Map<string | undefined, Member>>();

  constructor(storage: MetadataArgsStorage = getMetadataArgsStorage()) {
    for (const use of storage.uses) this.at(use.target, use.method).uses.push(use);
    for (const use of storage.useInterceptors) this.at(use.target, use.method).interceptors.push(use);
    for (const param of storage.params) this.at(param.object.constructor, param.method).params.push(param);
    for (const handler of storage.responseHandlers) {
      const member = this.at(handler.target, handler.method || undefined);
      if (handler.type === 'authorized') member.authorized.push(handler.value);
      else member.handlers.push(handler);
    }
  }

  /** What each class of the chain declares, the derived first; of the classes themselves where no method is named. */
  along(chain: readonly Class[], method?: string): Member[] {
    return chain.map((type) => this.members.get(type)?.get(method) ?? emptyMember(type));
  }

  /** Whether these classes declare anything that a class derived from them could inherit. */
  has(chain: readonly Class[]): boolean {
    return chain.some((type) => this.members.has(type));
  }

  private at(type: Class, method: string | undefined): Member {
    const ofClass = this.members.get(type) ?? new Map<string | undefined, Member>();
    this.members.set(type, ofClass);
    const member = ofClass.get(method) ?? emptyMember(type);
    ofClass.set(method, member);
    return member;
  }
}

/** The class and all it extends, the derived first. */
export function classChain(type: Class): Class[] {
  const base: unknown = Object.getPrototypeOf(type);
  return typeof base === 'function' && base !== Function.prototype ? [type, ...classChain(base)] : [type];
}

function emptyMember(type: Class): Member {
  return { type, authorized: [], uses: [], interceptors: [], params: [], handlers: [] };
}
