import type { Action } from 'routing-controllers';
import { toError } from '../errors/application-error';
import type { CrossOriginError } from '../errors/cross-origin-error';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { NotAuthenticatedCode } from '../errors/not-authenticated-error';
import type { OriginCheck } from '../http/origin-check';
import type { RequestContext } from '../http/request-context';
import { ContextKey } from '../http/request-context';
import { setDefaultCacheControl } from '../http/response-headers';
import type { ExtractedToken, TokenExtractor, TokenLocation } from '../http/token-extractor';
import type { AccessTokenVerifier } from '../jwt/token-verifier';
import type { VerificationResult, VerifiedToken } from '../jwt/verification-result';
import { type RevocationService, revocationReason } from '../sessions/registry/revocation-service';
import type { SlidingRenewal } from '../sessions/sliding-renewal';
import type { Events } from '../util/diagnostics';
import { chain, isPromiseLike, type MaybePromise } from '../util/maybe-promise';
import { type AuthenticationResult, NO_CLAIMS } from './authentication';
import type { Credential } from './credential';
import type { UserResolver } from './user-resolver';

/** The parts of a manager that authenticate a request. */
export interface AuthenticatorDependencies<User> {
  readonly extractor: TokenExtractor;
  /** Tried in this order if a request has no token. */
  readonly credentials: readonly Credential<User>[];
  readonly originCheck: OriginCheck;
  /** Of responses to requests that the cookie authenticates; undefined if they are left alone. */
  readonly cacheControl: string | undefined;
  readonly verifier: AccessTokenVerifier;
  /** Undefined if tokens cannot be revoked. */
  readonly revocations: RevocationService | undefined;
  readonly users: UserResolver<User>;
  /** Undefined if cookie logins are not renewed. */
  readonly renewal: SlidingRenewal | undefined;
  readonly exceptions: CustomExceptions;
  readonly events: Events;
}

/** The result of a request that was authenticated before. */
interface CachedAuthentication<User> {
  /** Where a valid token was found; undefined if there was none, and while it is being verified. */
  location: TokenLocation | undefined;
  result: MaybePromise<AuthenticationResult<User>>;
}

/**
 * Establishes the user: extracts the token, verifies it, checks the origin and the revocation, loads the user. An
 * invalid token is returned as a result; errors thrown by application code are passed on unchanged.
 */
export class Authenticator<User> {
  private readonly cache = new ContextKey<CachedAuthentication<User>>();

  constructor(private readonly dependencies: AuthenticatorDependencies<User>) {}

  /**
   * Authenticates a request once, whoever asks; a failure is remembered too. The origin is checked each time, because a
   * middleware may have changed the method since.
   */
  authenticateRequest(context: RequestContext, action: Action): MaybePromise<AuthenticationResult<User>> {
    const cached = this.cache.get(context);
    if (cached) return this.crossOrigin(context, cached.location) ?? cached.result;
    const authentication = this.extractAndVerify(context, action);
    this.cache.set(context, authentication);
    if (this.dependencies.events.has('authenticated')) this.publishWhenAuthenticated(authentication.result, action);
    return authentication.result;
  }

  private crossOrigin(
    context: RequestContext,
    location: TokenLocation | undefined,
  ): { authentication: undefined; error: CrossOriginError } | undefined {
    const { originCheck } = this.dependencies;
    return originCheck.refuses(context, location)
      ? { authentication: undefined, error: originCheck.createError(context) }
      : undefined;
  }

  private publishWhenAuthenticated(result: MaybePromise<AuthenticationResult<User>>, action: Action): void {
    const publish = ({ authentication }: AuthenticationResult<User>) => {
      if (!authentication) return;
      const { payload, session } = authentication;
      this.dependencies.events.publish('authenticated', () => ({ action, sub: payload.sub, session: session?.id }));
    };
    if (isPromiseLike(result)) result.then(publish, () => undefined);
    else publish(result);
  }

  private extractAndVerify(context: RequestContext, action: Action): CachedAuthentication<User> {
    const { extractor, verifier } = this.dependencies;
    const foreign = this.crossOrigin(context, undefined);
    if (foreign) return { location: undefined, result: foreign };
    let extracted: ExtractedToken | undefined;
    try {
      extracted = extractor.extract(context);
    } catch (reason) {
      return { location: undefined, result: rejected(toError(reason)) }; // tokenFrom threw
    }
    if (!extracted) return { location: undefined, result: this.checkCredentials(context, action) };
    let verification: MaybePromise<VerificationResult>;
    try {
      verification = verifier.verify(extracted.token);
    } catch (reason) {
      return { location: undefined, result: rejected(toError(reason)) }; // a function of the application threw
    }
    if (!isPromiseLike(verification)) return this.continueWith(verification, extracted, context, action);
    const authentication: CachedAuthentication<User> = {
      location: undefined,
      result: verification.then((verified) => {
        const continued = this.continueWith(verified, extracted, context, action);
        authentication.location = continued.location;
        return continued.result;
      }),
    };
    return authentication;
  }

  /** Checks the origin and the revocation, and loads the user, once the token is verified. */
  private continueWith(
    verification: VerificationResult,
    { token, location }: ExtractedToken,
    context: RequestContext,
    action: Action,
  ): CachedAuthentication<User> {
    const { cacheControl } = this.dependencies;
    if (!verification.payload)
      return { location: undefined, result: this.notAuthenticated(verification.code, verification.reason) };
    const crossOrigin = this.crossOrigin(context, location);
    if (crossOrigin) return { location, result: crossOrigin };
    let result: MaybePromise<AuthenticationResult<User>>;
    try {
      result = this.checkRevocation(token, verification, action);
    } catch (reason) {
      result = Promise.reject(reason); // so that it can be remembered
    }
    if (location !== 'cookie') return { location, result };
    if (cacheControl !== undefined) setDefaultCacheControl(context, cacheControl);
    return { location, result: this.withRenewal(result, context) };
  }

  /** The first credential that the request has decides. */
  private checkCredentials(context: RequestContext, action: Action): MaybePromise<AuthenticationResult<User>> {
    for (const credential of this.dependencies.credentials) {
      const secret = credential.read(context);
      if (secret !== undefined) return orRejection(() => this.checkCredential(credential, secret, action));
    }
    return this.notAuthenticated('token_missing');
  }

  private checkCredential(
    credential: Credential<User>,
    secret: string,
    action: Action,
  ): MaybePromise<AuthenticationResult<User>> {
    return chain(credential.load(secret, action), (owner) =>
      owner
        ? this.dependencies.users.complete({ ...owner, token: '', payload: NO_CLAIMS })
        : this.notAuthenticated('credential_invalid', `the value of ${credential.scheme.header} is nobody's`),
    );
  }

  /** Renews a cookie login that is used, if it is due. */
  private withRenewal(
    result: MaybePromise<AuthenticationResult<User>>,
    context: RequestContext,
  ): MaybePromise<AuthenticationResult<User>> {
    const { renewal } = this.dependencies;
    if (!renewal) return result;
    return chain(result, (one) => {
      const { authentication } = one;
      if (!authentication || !renewal.isDue(authentication.payload)) return one;
      return renewal.renew(context, authentication.payload, authentication.user).then(() => one);
    });
  }

  /** Authenticates a token by itself. */
  authenticateToken(token: string, action?: Action): MaybePromise<AuthenticationResult<User>> {
    return chain(this.dependencies.verifier.verify(token), (verification) =>
      verification.payload
        ? this.checkRevocation(token, verification, action)
        : this.notAuthenticated(verification.code, verification.reason),
    );
  }

  private checkRevocation(
    token: string,
    verified: VerifiedToken,
    action: Action | undefined,
  ): MaybePromise<AuthenticationResult<User>> {
    const { revocations } = this.dependencies;
    if (!revocations) return this.dependencies.users.resolve(token, verified, action);
    return chain(revocations.status(token, verified.payload), ({ revoked }) =>
      revoked
        ? this.notAuthenticated('token_revoked', revocationReason(revoked))
        : this.dependencies.users.resolve(token, verified, action),
    );
  }

  private notAuthenticated(code: NotAuthenticatedCode, reason?: string): AuthenticationResult<never> {
    return { authentication: undefined, error: this.dependencies.exceptions.notAuthenticated(code, reason) };
  }
}

/** Returns a rejection for an error that is thrown synchronously, so that it can be remembered. */
function orRejection<T>(work: () => MaybePromise<T>): MaybePromise<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

/** A rejection that nobody has to handle: the result may be cached before it is awaited. */
function rejected(error: Error): Promise<never> {
  const result = Promise.reject(error);
  result.catch(() => undefined);
  return result;
}
