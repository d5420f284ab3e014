import type { Action } from 'routing-controllers';
import { toError } from '../errors/application-error';
import { withoutStackTrace } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import type { CrossOriginError } from '../errors/cross-origin-error';
import { type NotAuthenticatedCode, NotAuthenticatedError } from '../errors/not-authenticated-error';
import { ContextKey } from '../http/context-key';
import type { OriginCheck } from '../http/origin-check';
import type { RequestContext } from '../http/request-context';
import { setDefaultCacheControl } from '../http/response-headers';
import type { ExtractedToken, TokenExtractor, TokenLocation } from '../http/token-extractor';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { VerifiedToken } from '../jwt/verify-token';
import type { RevocationService } from '../sessions/revocations';
import type { UserSource } from '../users/dependency';
import { type Awaitable, chain, isPromiseLike, type MaybePromise } from '../util/maybe-promise';
import type { AuthenticationResult } from './authentication';

/** What a manager puts together so that a request can be authenticated. */
export interface AuthenticatorDependencies<User> {
  readonly extractor: TokenExtractor;
  readonly originCheck: OriginCheck;
  /** Of responses to requests that the cookie authenticates; undefined if they are left alone. */
  readonly cacheControl: string | undefined;
  readonly verifier: TokenVerifier;
  /** Undefined where tokens cannot be taken back. */
  readonly revocations: RevocationService | undefined;
  readonly users: UserSource;
  readonly scopesOf: ((user: User, payload: TokenPayload) => Awaitable<readonly string[]>) | undefined;
}

/** What came of a request. */
interface CachedAuthentication<User> {
  /** Where a valid token was found; undefined if there was none. */
  readonly location: TokenLocation | undefined;
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
    const cached = this.cache.get(context);
    if (cached) return this.crossOrigin(context, cached.location) ?? cached.result;
    const made = this.extractAndVerify(context, action);
    this.cache.set(context, made);
    return made.result;
  }

  private extractAndVerify(context: RequestContext, action: Action): CachedAuthentication<User> {
    const foreign = this.crossOrigin(context, undefined);
    if (foreign) return { location: undefined, result: foreign };
    let extracted: ExtractedToken | undefined;
    try {
      extracted = this.parts.extractor.extract(context);
    } catch (reason) {
      return { location: undefined, result: rejected(toError(reason)) }; // tokenFrom threw
    }
    if (!extracted) return { location: undefined, result: notAuthenticated('token_missing') };
    const { token, location } = extracted;
    const verification = this.parts.verifier.verify(token);
    if (!verification.payload) return { location: undefined, result: notAuthenticated(verification.fault) };
    const crossOrigin = this.crossOrigin(context, location);
    if (crossOrigin) return { location, result: crossOrigin };
    const { cacheControl } = this.parts;
    if (location === 'cookie' && cacheControl !== undefined) setDefaultCacheControl(context, cacheControl);
    return { location, result: this.checkRevocationOrReject(token, verification, action) };
  }

  private crossOrigin(
    context: RequestContext,
    location: TokenLocation | undefined,
  ): { error: CrossOriginError } | undefined {
    const { originCheck } = this.parts;
    return originCheck.refuses(context, location) ? { error: originCheck.createError(context) } : undefined;
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
    return this.parts.revocations.status(token, verified.payload).then((revoked) => {
      return revoked.token || revoked.session
        ? notAuthenticated('token_revoked')
        : this.loadUser(token, verified, action);
    });
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
    if (!this.parts.scopesOf) return { authentication: { user: user as User, token, payload, scopes } };
    return chain(this.parts.scopesOf(user as User, payload), (own) => ({
      authentication: { user: user as User, token, payload, scopes: checkScopes(own) },
    }));
  }
}

function checkScopes(scopes: readonly string[]): readonly string[] {
  if (Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string')) return scopes;
  throw new ConfigurationError('scopesOf must return a list of scopes (text)');
}

/** A rejection that nobody has to handle: the result may be cached before it is awaited. */
function rejected(error: Error): Promise<never> {
  const result = Promise.reject(error);
  result.catch(() => undefined);
  return result;
}

/** A refusal needs no trace, and to take one is most of what a refusal costs. */
function notAuthenticated(code: NotAuthenticatedCode): { error: NotAuthenticatedError } {
  return { error: withoutStackTrace(() => new NotAuthenticatedError(undefined, { code })) };
}
