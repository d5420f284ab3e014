import type { Action } from 'routing-controllers';
import { withoutStackTrace } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import { CrossOriginError } from '../errors/cross-origin-error';
import { type NotAuthenticatedCode, NotAuthenticatedError } from '../errors/not-authenticated-error';
import { ContextKey } from '../http/context-key';
import type { OriginCheck } from '../http/origin-check';
import type { RequestContext } from '../http/request-context';
import type { TokenExtractor } from '../http/token-extractor';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { VerifiedToken } from '../jwt/verify-token';
import type { RevocationService } from '../sessions/registry/revocation-service';
import { readSession } from '../sessions/registry/session-claims';
import type { SecurityStamp } from '../sessions/security-stamp';
import type { SlidingRenewal } from '../sessions/sliding-renewal';
import type { UserSource } from '../users/dependency';
import { type Awaitable, chain, isPromiseLike, type MaybePromise } from '../util/maybe-promise';
import type { AuthenticationResult } from './authentication';

/** What a manager puts together so that a request can be authenticated. */
export interface AuthenticatorDependencies<User> {
  readonly extractor: TokenExtractor;
  readonly originCheck: OriginCheck;
  readonly verifier: TokenVerifier;
  /** Undefined where tokens cannot be taken back. */
  readonly revocations: RevocationService | undefined;
  readonly users: UserSource;
  /** Undefined if nothing about a user ends their logins. */
  readonly stamp: SecurityStamp | undefined;
  /** Undefined if cookie logins are not renewed. */
  readonly renewal: SlidingRenewal | undefined;
  readonly scopesOf: ((user: User, payload: TokenPayload) => Awaitable<readonly string[]>) | undefined;
}

/** What came of a request. */
interface CachedAuthentication<User> {
  /** A good token was in the cookie, so that it matters which page sent the request. */
  readonly byCookie: boolean;
  readonly result: MaybePromise<AuthenticationResult<User>>;
}

/**
 * Establishes the user: find the token, verify it, see where the request comes from and whether the token was taken
 * back, load the user. What goes wrong with the token is an outcome; what goes wrong in the application's own functions
 * is thrown, and is its own error.
 */
export class Authenticator<User> {
  private readonly cache = new ContextKey<CachedAuthentication<User>>();

  constructor(private readonly parts: AuthenticatorDependencies<User>) {}

  /**
   * A request is authenticated once, whoever asks; a failure is remembered too. Where it comes from is asked each time,
   * because a middleware may have changed its method since.
   */
  authenticateRequest(context: RequestContext, action: Action): MaybePromise<AuthenticationResult<User>> {
    const known = this.cache.get(context);
    if (known) return known.byCookie && this.parts.originCheck.isCrossOrigin(context) ? crossOrigin() : known.result;
    const extractAndVerify = this.attempt(context, action);
    this.cache.set(context, extractAndVerify);
    return extractAndVerify.result;
  }

  private attempt(context: RequestContext, action: Action): CachedAuthentication<User> {
    const presented = this.parts.extractor.extract(context);
    if (!presented) return { byCookie: false, result: notAuthenticated('token_missing') };
    const verification = this.parts.verifier.verify(presented.token);
    if (!verification.payload) return { byCookie: false, result: notAuthenticated(verification.fault) };
    const byCookie = presented.inCookie;
    if (byCookie && this.parts.originCheck.isCrossOrigin(context)) return { byCookie, result: crossOrigin() };
    const result = this.checkRevocationOrReject(presented.token, verification, action);
    return { byCookie, result: byCookie ? this.withRenewal(result, context) : result };
  }

  /** A cookie login that is used renews itself. */
  private withRenewal(
    result: MaybePromise<AuthenticationResult<User>>,
    context: RequestContext,
  ): MaybePromise<AuthenticationResult<User>> {
    const { renewal } = this.parts;
    if (!renewal) return result;
    return chain(result, (one) => {
      const { authentication } = one;
      if (!authentication || !renewal.isDue(authentication.payload)) return one;
      return renewal.renew(context, authentication.payload).then(() => one);
    });
  }

  /** What the application's functions throw at once is a rejection too, so that it can be remembered. */
  private checkRevocationOrReject(
    token: string,
    verified: VerifiedToken,
    action: Action,
  ): MaybePromise<AuthenticationResult<User>> {
    try {
      return this.checkRevocation(token, verified, action);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  authenticateToken(token: string, action?: Action): MaybePromise<AuthenticationResult<User>> {
    const verification = this.parts.verifier.verify(token);
    return verification.payload
      ? this.checkRevocation(token, verification, action)
      : notAuthenticated(verification.fault);
  }

  private checkRevocation(
    token: string,
    verified: VerifiedToken,
    action: Action | undefined,
  ): MaybePromise<AuthenticationResult<User>> {
    if (!this.parts.revocations) return this.loadUser(token, verified, action);
    return this.parts.revocations
      .status(token, verified.payload)
      .then(({ revoked }) => (revoked ? notAuthenticated('token_revoked') : this.loadUser(token, verified, action)));
  }

  private loadUser(
    token: string,
    verified: VerifiedToken,
    action: Action | undefined,
  ): MaybePromise<AuthenticationResult<User>> {
    const user = this.parts.users.load({ action, payload: verified.payload });
    if (isPromiseLike(user)) return Promise.resolve(user).then((one) => this.toResult(one, token, verified));
    return this.toResult(user, token, verified);
  }

  private toResult(user: unknown, token: string, verified: VerifiedToken): MaybePromise<AuthenticationResult<User>> {
    if (!user) return notAuthenticated('user_unknown');
    const { payload, scopes } = verified;
    if (this.parts.stamp && !this.parts.stamp.isCurrent(user, payload)) return notAuthenticated('token_revoked');
    const session = payload.sid === undefined ? undefined : readSession(payload);
    const authentication = { user: user as User, token, payload, scopes, ...(session && { session }) };
    if (!this.parts.scopesOf) return { authentication };
    return chain(this.parts.scopesOf(user as User, payload), (own) => ({
      authentication: { ...authentication, scopes: checkScopes(own) },
    }));
  }
}

function checkScopes(scopes: readonly string[]): readonly string[] {
  if (Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string')) return scopes;
  throw new ConfigurationError('scopesOf must return a list of scopes (text)');
}

function crossOrigin(): { error: CrossOriginError } {
  return { error: withoutStackTrace(() => new CrossOriginError()) };
}

/** A refusal needs no trace, and to take one is most of what a refusal costs. */
function notAuthenticated(code: NotAuthenticatedCode): { error: NotAuthenticatedError } {
  return { error: withoutStackTrace(() => new NotAuthenticatedError(undefined, { code })) };
}
