import type { Action } from 'routing-controllers';
import type { RequestContext } from '../http/request-context';
import type { MaybePromise } from '../util/maybe-promise';

/** The owner of a credential, and what the credential may be used for. */
export interface CredentialOwner<User> {
  readonly user: User;
  readonly scopes: readonly string[];
}

/** How the OpenAPI document describes a credential. */
export interface CredentialScheme {
  /** The name of the security scheme. */
  readonly name: string;
  /** The name of the request header. */
  readonly header: string;
}

/**
 * A way to authenticate a request that has no token, such as `apiKey(…)`; for the option `credentials`.
 *
 * @typeParam User - The users of the manager.
 */
export abstract class Credential<User> {
  /** Only for the compiler, which could not tell credentials from other objects without it. */
  declare protected readonly user: User;

  /** @internal */
  abstract readonly scheme: CredentialScheme;

  /** @internal Returns the secret that a request has, or undefined if the request does not use this credential. */
  abstract read(context: RequestContext): string | undefined;

  /**
   * @internal Returns the owner of a secret, or null if it is nobody's.
   *
   * @throws Whatever the application's function throws.
   */
  abstract load(secret: string, action: Action): MaybePromise<CredentialOwner<User> | null>;
}
