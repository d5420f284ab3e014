import type { TokenPayload } from './token-payload';

/** What a good token says. It may be shared between requests, so nobody can change it. */
export interface VerifiedToken {
  readonly payload: TokenPayload;
  readonly scopes: readonly string[];
}

/** A good token, or why one is refused. */
export type Verification =
  | VerifiedToken
  | { readonly payload?: undefined; readonly fault: 'token_expired' | 'token_invalid' };
