import type { HttpError } from 'routing-controllers';

/** What is shown of an error to the client. */
export interface ErrorBody {
  name: string;
  message: string;
  code: string;
}

/** What every HTTP error of this library has beside what routing-controllers' `HttpError` has. */
export interface LoginHttpError extends HttpError {
  /** The HTTP status, the same as `httpCode`. */
  readonly status: number;
  /** Stable; for programs to compare. */
  readonly code: string;
  /** Headers that belong on the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the response: no stack, no secrets. */
  toJSON(): object;
}

interface Description {
  readonly code: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * Finishes an error in its constructor, of a class whose errors `areRefusals`. The prototype is set again because each
 * constructor from `HttpError` down sets its own class's.
 */
export function initAuthError(error: HttpError, prototype: object, { code, headers = {}, cause }: Description): void {
  Object.setPrototypeOf(error, prototype);
  Object.assign(error, { code, headers });
  if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
  error.stack = ''; // routing-controllers' text controllers send it in development
}

export function toErrorBody({ name, message, code }: LoginHttpError): ErrorBody {
  return { name, message, code };
}
