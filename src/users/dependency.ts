import type { Action } from 'routing-controllers';
import type { TokenPayload } from '../jwt/token-payload';
import type { Awaitable } from '../util/maybe-promise';

/** The request and the token that a user is loaded for. */
export interface LoaderContext {
  /** Undefined if there is no request, as in `getCurrentUser(token)`, and if `userCache` shares users. */
  readonly action: Action | undefined;
  readonly payload: TokenPayload;
}

/** Loads users: the loader itself, or a cache in front of it. */
export interface UserSource {
  /** Returns the user of a token; a falsy value is nobody. */
  load(context: LoaderContext): Awaitable<unknown>;
  /** Loads a user anew; only where `load` may give one that was loaded before. */
  reload?(context: LoaderContext): Awaitable<unknown>;
}

/** An extra argument of the loader that is resolved anew at each call; created by `inject` and `provide`. */
export class Dependency<T> {
  /** Only for the compiler, which could not tell two kinds of dependency apart without it. */
  declare protected readonly value: T;

  /**
   * @internal
   * @param isRequestScoped - Whether its value belongs to one request, so that no user loaded with it may be shared.
   */
  constructor(
    readonly resolve: (context: LoaderContext) => unknown,
    readonly isRequestScoped: boolean,
  ) {}
}
