/**
 * The manager, decorators, policies and errors.
 *
 * @module routing-controllers-login
 */

import 'reflect-metadata';

export { type ApiKeyOptions, apiKey } from './authentication/api-key';
export type { Authentication } from './authentication/authentication';
export type { Credential } from './authentication/credential';
export { type AllOf, type Alternative, type AnyOf, allOf, anyOf } from './authorization/alternatives';
export {
  type DefinedAlternative,
  type DefinedRole,
  type DefinedScopes,
  defineScopes,
  type ScopeDefinition,
  type ScopeDefinitions,
} from './authorization/define-scopes';
export { beforeBody, type Denial, deny, type NamedPolicy, type Policy, policy } from './authorization/policy';
export type { ContextExtras, PolicyContext, ResolvedExtras } from './authorization/policy-context';
export { Public } from './authorization/public';
export type { Role } from './authorization/requirement';
export { formatRoutes, type Route } from './authorization/route-table';
export { type StepUp, type StepUpOptions, type StepUpRequirement, stepUp } from './authorization/step-up';
export {
  type RouteSubject,
  Subject,
  type SubjectDecorator,
  type SubjectOptions,
  subject,
} from './authorization/subject';
export { ConfigurationError } from './errors/configuration-error';
export { CrossOriginError } from './errors/cross-origin-error';
export type { ExceptionOption, NotAuthenticatedException } from './errors/custom-exceptions';
export {
  InsufficientAuthenticationError,
  type InsufficientAuthenticationErrorOptions,
} from './errors/insufficient-authentication-error';
export { InsufficientScopeError, type InsufficientScopeErrorOptions } from './errors/insufficient-scope-error';
export type { CauseOption, ErrorBody, LoginHttpError } from './errors/login-http-error';
export {
  type NotAuthenticatedCode,
  NotAuthenticatedError,
  type NotAuthenticatedErrorOptions,
} from './errors/not-authenticated-error';
export {
  InvalidClientError,
  InvalidGrantError,
  InvalidRequestError,
  InvalidScopeError,
  OAuth2Error,
  type OAuth2ErrorBody,
  type OAuth2ErrorOptions,
  UnsupportedGrantTypeError,
} from './errors/oauth2-error';
export { PolicyDeniedError, type PolicyDeniedErrorOptions } from './errors/policy-denied-error';
export { type RedirectOptions, redirectTo } from './errors/redirect-to';
export { ServiceUnavailableError } from './errors/service-unavailable-error';
export { TooManyAttemptsError } from './errors/too-many-attempts-error';
export type { ChallengeParameters } from './errors/www-authenticate';
export type { CookieAttributes } from './http/cookies/cookie-options';
export type { CookieOptions } from './http/cookies/token-cookie';
export { localPath } from './http/local-path';
export type { OriginCheckMode } from './http/origin-check';
export type { HttpRequest, HttpResponse } from './http/request-context';
export type { TokenFrom } from './http/token-extractor';
export type { TrustedOrigins } from './http/trusted-origins';
export type { IntrospectionOptions, IssuerOptions, Issuers, RemoteSecret } from './jwt/issuers/issuer-options';
export type { Algorithm } from './jwt/keys/algorithm';
export type { PublicJwkSet } from './jwt/keys/public-jwks';
export type { Jwk, JwkSet, PrivateKeySecret, PublicKeySecret, Secret, SecretKey } from './jwt/keys/secret';
export type { ScopeClaimName, ScopeReader } from './jwt/scope-claim';
export type { TokenPayload } from './jwt/token-payload';
export type { TokenData } from './jwt/token-signer';
export type { TokenProfile } from './jwt/token-type';
export { LoginManager } from './manager/login-manager';
export type { LoginManagerOptions } from './manager/options';
export type { TokenEndpointsOptions } from './oauth2/endpoint-options';
export { grantScopes } from './oauth2/grant-scopes';
export type { Limiter, LoginLimiters } from './oauth2/login-limiter';
export { PasswordForm } from './oauth2/password-form';
export { OAuth2PasswordRequestForm } from './oauth2/password-request-form';
export { tokenEndpoints } from './oauth2/token-endpoints';
export type { MiddlewareTarget } from './routing-controllers/attach-middleware';
export type { GuardMiddleware } from './routing-controllers/guard-middleware';
export type { ServerOptions } from './routing-controllers/servers';
export type { WellKnownOptions } from './routing-controllers/well-known/documents';
export type { OneTimeTokenRequest, RedeemedToken } from './sessions/one-time-tokens';
export type { SessionInfo } from './sessions/session-service';
export { MemorySessionStore } from './sessions/stores/memory-session-store';
export type { SessionStore, StoredRecord } from './sessions/stores/session-store';
export type { TokenRequest, TokenResponse, TokenResponseRequest } from './sessions/token-issuer';
export type { Dependency } from './users/dependency';
export { inject, provide } from './users/inject';
export type { Extra, Resolved, ResolvedAll } from './users/loader-arguments';
export { UserLoader, type UserLoaderDecorator } from './users/user-loader';
export type { LoginEvent, LoginEventName } from './util/diagnostics';
export type { Duration } from './util/duration';
