import type { CrossOriginError } from '../errors/cross-origin-error';
import type { NotAuthenticatedError } from '../errors/not-authenticated-error';
import type { TokenPayload } from '../jwt/token-payload';

/** The payload of a user whom no token authenticates. */
export const NO_CLAIMS = Object.freeze({}) as TokenPayload;

/** An authenticated user, with the token or the credential that proves it. */
export interface Authentication<User> {
  /** The user, as the user loader returned it. */
  readonly user: User;
  /** The token as it was sent; an empty string if a credential such as an API key authenticated the request. */
  readonly token: string;
  /** The claims of the token; without any claim if a credential such as an API key authenticated the request. */
  readonly payload: TokenPayload;
  /**
   * The scopes of the user: those of the token, what `scopesOf` returns, or those of the credential; with the scopes that
   * they imply.
   */
  readonly scopes: readonly string[];
  /** The session of the token; absent for a token of a manager without a session store. */
  readonly session?: { readonly id: string; readonly loginAt: number };
}

/** The authentication of a request, or the error that denies it. */
export type AuthResult<User, E> =
  | { readonly authentication: Authentication<User>; readonly error?: undefined }
  | { readonly authentication?: undefined; readonly error: E };

/** A result whose error is the library's own, before custom exceptions are applied. */
export type AuthenticationResult<User> = AuthResult<User, NotAuthenticatedError | CrossOriginError>;
