export { Public } from './access/public';
export { formatRoutes, type Route } from './access/route';
export type { Authentication } from './authentication/authentication';
export { type RedirectOptions, redirectTo } from './authentication/redirect-to';
export type { Duration } from './duration';
export { type TokenEndpointsOptions, tokenEndpoints } from './endpoints/token-endpoints';
export { ConfigurationError } from './errors/configuration-error';
export { CrossOriginError } from './errors/cross-origin-error';
export { InsufficientScopeError } from './errors/insufficient-scope-error';
export type { ErrorBody, LoginHttpError } from './errors/login-http-error';
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
export { PolicyDeniedError } from './errors/policy-denied-error';
export { ServiceUnavailableError } from './errors/service-unavailable-error';
export { grantScopes } from './grant-scopes';
export type { CookieAttributes } from './http/cookie-settings';
export type { HttpRequest, HttpResponse } from './http/exchange';
export type { CookieOptions } from './http/token-cookie';
export type { Algorithm } from './jwt/algorithm';
export type { ScopeClaimName } from './jwt/scope-claim';
export type { Jwk, PrivateKeySecret, PublicKeySecret, Secret, SecretKey } from './jwt/secret';
export type { TokenRequest, TokenResponse, TokenResponseRequest } from './jwt/token-issuer';
export type { TokenPayload } from './jwt/token-payload';
export type { TokenData } from './jwt/token-signer';
export { LoginManager } from './login-manager';
export type { ExceptionOption, LoginManagerOptions } from './options/login-manager-options';
export { OAuth2PasswordRequestForm } from './password-form/password-request-form';
export { type AnyOf, anyOf, type Policy, type Role } from './requirement';
export { MemoryRevocationStore } from './revocation/memory-revocation-store';
export type { RevocationStore } from './revocation/revocation-store';
export type { MiddlewareTarget } from './routing-controllers/attach-middleware';
export { PasswordForm } from './routing-controllers/password-form-parameter';
export type { ServerOptions } from './routing-controllers/servers';
export type { Dependency } from './user-loader/dependency';
export type { Extra, Resolved, ResolvedAll } from './user-loader/extra-arguments';
export { inject } from './user-loader/inject';
export { provide } from './user-loader/provide';
export { UserLoader, type UserLoaderDecorator } from './user-loader/user-loader';
