import type { Clock } from '../clock';
import type { InsufficientScopeError } from '../errors/insufficient-scope-error';
import type { NotAuthenticatedError } from '../errors/not-authenticated-error';
import type { CookieSettings } from '../http/cookie-settings';
import type { Algorithm } from '../jwt/algorithm';
import type { ScopeClaim } from '../jwt/scope-claim';
import type { CacheLimits } from '../jwt/verified-tokens';
import type { RevocationStore } from '../revocation/revocation-store';
import type { LoaderClass } from '../user-loader/declared-loaders';
import type { ExceptionOption, LoginManagerOptions } from './login-manager-options';

/** The options of a manager, checked, with their defaults. */
export interface Settings<User> {
  readonly algorithm: Algorithm;
  readonly useHeader: boolean;
  /** Undefined where cookies are not used. */
  readonly cookie: CookieSettings | undefined;
  /** Seconds. */
  readonly defaultExpiry: number;
  readonly notAuthenticatedException: ExceptionOption<NotAuthenticatedError> | undefined;
  readonly outOfScopeException: ExceptionOption<InsufficientScopeError> | undefined;
  readonly scopes: Readonly<Record<string, string>> | undefined;
  readonly defaultAccess: 'public' | 'authenticated';
  readonly scopesOf: LoginManagerOptions<User>['scopesOf'];
  readonly userLoader: LoaderClass | undefined;
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
  /** Seconds. */
  readonly clockTolerance: number;
  readonly scopeClaim: ScopeClaim;
  readonly trustedOrigins: readonly string[];
  readonly clock: Clock;
  /** Undefined where nothing is remembered; so is the next. */
  readonly verifiedTokenCache: CacheLimits | undefined;
  readonly userCache: CacheLimits | undefined;
  readonly revocation: RevocationStore | undefined;
  /** Milliseconds. */
  readonly storeTimeout: number;
  /** Seconds. */
  readonly refreshExpiry: number;
  /** Undefined where there is none. */
  readonly refreshUrl: string | undefined;
}
