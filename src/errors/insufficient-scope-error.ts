import { ForbiddenError } from 'routing-controllers';
import { markAuthErrorClass } from './auth-error';
import { type ErrorBody, initAuthError, type LoginHttpError, toErrorBody } from './login-http-error';
import { bearerChallenge } from './www-authenticate';

const challengeOf = (scopes: readonly string[]) =>
  bearerChallenge({ error: 'insufficient_scope', scope: scopes.join(' ') });

/** Of lists that cannot change: those of routes, which are used again and again. */
const challenges = new WeakMap<readonly string[], string>();

function rememberedChallenge(scopes: readonly string[]): string {
  const known = challenges.get(scopes) ?? challengeOf(scopes);
  challenges.set(scopes, known);
  return known;
}

/** 403: the token is valid, and lacks a scope that is required (RFC 6750 §3.1). */
export class InsufficientScopeError extends ForbiddenError implements LoginHttpError {
  static {
    markAuthErrorClass(InsufficientScopeError.prototype);
  }

  override name = 'InsufficientScopeError';
  declare readonly status: 403;
  declare readonly code: 'insufficient_scope';
  declare readonly headers: Readonly<Record<string, string>>;
  /** The scopes that are required, those the token has among them. */
  readonly scopes: readonly string[];

  /** @param scopes - The scopes that are required; they are named in the challenge. */
  constructor(scopes: readonly string[], { cause }: { cause?: unknown } = {}) {
    super('The access token lacks a required scope');
    const isFrozen = Object.isFrozen(scopes);
    this.scopes = isFrozen ? scopes : Object.freeze([...scopes]);
    initAuthError(this, new.target.prototype, {
      code: 'insufficient_scope',
      headers: { 'WWW-Authenticate': isFrozen ? rememberedChallenge(scopes) : challengeOf(scopes) },
      cause,
    });
  }

  toJSON(): ErrorBody {
    return toErrorBody(this);
  }
}
