import { ownProperty } from './auth-error';
import { httpErrorClass } from './login-http-error';
import { ChallengeCache, type ChallengeParameters, DEFAULT_PARAMETERS } from './www-authenticate';

/** The scopes of a route are the same frozen array for each of its requests. */
const challenges = new ChallengeCache<readonly string[]>();

const attributesOf = (scopes: readonly string[]) => ({ error: 'insufficient_scope', scope: scopes.join(' ') });

/**
 * Options of {@link InsufficientScopeError}.
 *
 * @example
 * ```ts
 * throw new InsufficientScopeError(['notes:write'], { cause: 'the folder is read-only' });
 * ```
 */
export interface InsufficientScopeErrorOptions {
  /** The reason, for the developer; it is never sent. */
  cause?: unknown;
  /** Parameters of the `WWW-Authenticate` header. Default `{ realm: 'api' }`. */
  challenge?: ChallengeParameters;
}

/** 403: the token is valid, and lacks a scope that is required (RFC 6750 §3.1). */
export class InsufficientScopeError extends httpErrorClass('InsufficientScopeError', {
  status: 403,
  code: 'insufficient_scope',
}) {
  /** All scopes that are required, including those that the token has. */
  readonly scopes: readonly string[];

  /** @param scopes - The scopes that are required; the `WWW-Authenticate` header names them. */
  constructor(scopes: readonly string[], options: InsufficientScopeErrorOptions = {}) {
    const required = Object.isFrozen(scopes) ? scopes : Object.freeze([...scopes]);
    const parameters = ownProperty(options, 'challenge') ?? DEFAULT_PARAMETERS;
    const challenge = challenges.get(parameters, required, attributesOf);
    super('The access token lacks a required scope', {
      headers: { 'WWW-Authenticate': challenge },
      cause: ownProperty(options, 'cause'),
    });
    this.scopes = required;
  }
}
