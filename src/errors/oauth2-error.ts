import { HttpError } from 'routing-controllers';
import { checkHeaders, markAuthErrorClass } from './auth-error';
import { initAuthError, type LoginHttpError } from './login-http-error';

/** The body of an error response of a token endpoint (RFC 6749 §5.2). */
export interface OAuth2ErrorBody {
  error: string;
  error_description?: string;
}

/** Options of {@link OAuth2Error} and its subclasses. */
export interface OAuth2ErrorOptions {
  /** Default 400 (RFC 6749 §5.2). */
  status?: number;
  /** Beside `Cache-Control: no-store`. */
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** An error response of a token endpoint (RFC 6749 §5.2). Never put what the client sent into the description. */
export class OAuth2Error extends HttpError implements LoginHttpError {
  static {
    markAuthErrorClass(OAuth2Error.prototype);
  }

  override name = 'OAuth2Error';
  declare readonly status: number;
  declare readonly code: string;
  declare readonly headers: Readonly<Record<string, string>>;

  /**
   * @param code - The `error` of the body, such as `'invalid_grant'`.
   * @param description - The `error_description`, for developers.
   */
  constructor(code: string, description = '', { status = 400, headers, cause }: OAuth2ErrorOptions = {}) {
    super(status, description);
    checkHeaders(headers);
    initAuthError(this, new.target.prototype, {
      code,
      headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache', ...headers },
      cause,
    });
  }

  toJSON(): OAuth2ErrorBody {
    return this.message ? { error: this.code, error_description: this.message } : { error: this.code };
  }
}

/** 400: the user name, the password, the authorization grant or the refresh token is not good. */
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

/** 400: a scope that was asked for is unknown, malformed, or not this user's to have. */
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

/** 401: the client could not be authenticated; the challenge is the one RFC 6749 §2.3.1 lets clients answer. */
export class InvalidClientError extends OAuth2Error {
  override name = 'InvalidClientError';
  constructor(description = 'The client could not be authenticated', options?: OAuth2ErrorOptions) {
    const headers = { 'WWW-Authenticate': 'Basic realm="OAuth2 client"', ...options?.headers };
    super('invalid_client', description, { status: 401, ...options, headers });
  }
}
