import { checkHeaders, ownProperty } from './auth-error';
import { httpErrorClass } from './login-http-error';

/** The body of an error response of a token endpoint (RFC 6749 §5.2). */
export interface OAuth2ErrorBody {
  error: string;
  error_description?: string;
}

/**
 * Options of {@link OAuth2Error} and its subclasses.
 *
 * @example
 * ```ts
 * throw new InvalidGrantError('The account is locked', { cause: `locked until ${account.lockedUntil}` });
 * ```
 */
export interface OAuth2ErrorOptions {
  /** Default 400 (RFC 6749 §5.2). */
  status?: number;
  /** Further headers, in addition to `Cache-Control: no-store`. */
  headers?: Readonly<Record<string, string>>;
  /** The reason, for the developer; it is never sent. */
  cause?: unknown;
}

/**
 * An error response of a token endpoint (RFC 6749 §5.2). Never put anything that the client sent into the description.
 *
 * @example
 * ```ts
 * throw new OAuth2Error('invalid_target', 'The resource is unknown'); // RFC 8707
 * ```
 */
export class OAuth2Error extends httpErrorClass<number, string, OAuth2ErrorBody>('OAuth2Error', { status: 400 }) {
  /**
   * @param code - The `error` of the body, such as `'invalid_grant'`.
   * @param description - The `error_description`, for developers.
   * @throws {@link ConfigurationError} for headers that no response can have.
   */
  constructor(code: string, description = '', options: OAuth2ErrorOptions = {}) {
    const headers = ownProperty(options, 'headers');
    checkHeaders(headers);
    super(description, {
      code,
      status: ownProperty(options, 'status'),
      headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache', ...headers },
      cause: ownProperty(options, 'cause'),
    });
  }

  override toJSON(): OAuth2ErrorBody {
    return this.message ? { error: this.code, error_description: this.message } : { error: this.code };
  }
}

/** 400: the user name, the password, the authorization grant or the refresh token is invalid. */
export class InvalidGrantError extends OAuth2Error {
  override name = 'InvalidGrantError';
  constructor(description = 'The grant is invalid', options?: OAuth2ErrorOptions) {
    super('invalid_grant', description, options);
  }
}

/** 400: a parameter is missing, repeated or malformed. */
export class InvalidRequestError extends OAuth2Error {
  override name = 'InvalidRequestError';
  constructor(description = 'The request is malformed', options?: OAuth2ErrorOptions) {
    super('invalid_request', description, options);
  }
}

/** 400: a requested scope is unknown, malformed, or not allowed for this user. */
export class InvalidScopeError extends OAuth2Error {
  override name = 'InvalidScopeError';
  constructor(description = 'The requested scope is not allowed', options?: OAuth2ErrorOptions) {
    super('invalid_scope', description, options);
  }
}

/** 400: the token endpoint does not serve this `grant_type`. */
export class UnsupportedGrantTypeError extends OAuth2Error {
  override name = 'UnsupportedGrantTypeError';
  constructor(description = 'The grant type is not supported', options?: OAuth2ErrorOptions) {
    super('unsupported_grant_type', description, options);
  }
}

/** 401: the client could not be authenticated; its challenge is `Basic`, which clients can answer (RFC 6749 §2.3.1). */
export class InvalidClientError extends OAuth2Error {
  override name = 'InvalidClientError';
  constructor(description = 'The client could not be authenticated', options: OAuth2ErrorOptions = {}) {
    const headers = { 'WWW-Authenticate': 'Basic realm="OAuth2 client"', ...ownProperty(options, 'headers') };
    super('invalid_client', description, { ...options, status: ownProperty(options, 'status') ?? 401, headers });
  }
}
