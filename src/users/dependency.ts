import type { Action } from 'routing-controllers';
import type { TokenPayload } from '../jwt/token-payload';
import type { Awaitable } from '../util/maybe-promise';

/** What a dependency is resolved for. */
export interface LoaderContext {
  /** Undefined where there is no request, as in `getCurrentUser(token)`. */
  readonly action: Action | undefined;
  readonly payload: TokenPayload;
}

/** Gives the user of a token: the user, or nobody. */
export interface UserSource {
  load(context: LoaderContext): Awaitable<unknown>;
}

/** An extra argument of the loader that is resolved anew at each call; made by `inject` and `provide`. */
export class Dependency<T> {
  /** Only for the compiler, which could not tell two kinds of dependency apart without it. */
  declare protected readonly value: T;

  /**
   * @internal
   * @param isRequestScoped - Whether what it gives is one request's own, so that no other may see what comes of it.
   */
  constructor(
    readonly resolve: (context: LoaderContext) => unknown,
    readonly isRequestScoped: boolean,
  ) {}
}
