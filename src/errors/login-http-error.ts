import { ForbiddenError, HttpError, NotFoundError, UnauthorizedError } from 'routing-controllers';
import { markAuthErrorClass, ownProperty } from './auth-error';

/** The part of an error that the client sees. */
export interface ErrorBody {
  name: string;
  message: string;
  code: string;
}

/** Properties of every HTTP error of this library, in addition to those of routing-controllers' `HttpError`. */
export interface LoginHttpError<Status extends number = number, Code extends string = string> extends HttpError {
  /** The HTTP status, the same as `httpCode`. */
  readonly status: Status;
  /** A stable identifier for programs to compare. */
  readonly code: Code;
  /** Headers that belong on the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** Returns the body of the response, without stack, cause and secrets. */
  toJSON(): object;
}

/** The class of routing-controllers that errors with this status extend. */
type ParentError<Status extends number> = Status extends 401
  ? UnauthorizedError
  : Status extends 403
    ? ForbiddenError
    : Status extends 404
      ? NotFoundError
      : HttpError;

/** An option of every error. */
export interface CauseOption {
  /** The reason, for the developer; it is never sent. */
  readonly cause?: unknown;
}

/** Values of one error that differ from those of its class. */
export interface ErrorDetails<Code extends string> extends CauseOption {
  readonly code?: Code;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The base class that {@link httpErrorClass} returns. */
export type LoginHttpErrorClass<Status extends number, Code extends string, Body extends object> = new (
  message: string,
  details?: ErrorDetails<Code>,
) => ParentError<Status> & LoginHttpError<Status, Code> & { toJSON(): Body };

const parents = new Map<number, new (message: string) => HttpError>([
  [401, UnauthorizedError],
  [403, ForbiddenError],
  [404, NotFoundError],
]);

/**
 * Returns the base class of an HTTP error of this library: a subclass of routing-controllers' error of that status,
 * which is answered with its headers, and is shown to the client without its stack and its cause.
 */
export function httpErrorClass<Status extends number, Code extends string = string, Body extends object = ErrorBody>(
  name: string,
  defaults: { readonly status: Status; readonly code?: Code },
): LoginHttpErrorClass<Status, Code, Body> {
  const Parent = (parents.get(defaults.status) ?? HttpError) as new (...args: unknown[]) => HttpError;
  class Base extends Parent {
    constructor(message: string, details: ErrorDetails<Code> = {}) {
      super(...(Parent === HttpError ? [ownProperty(details, 'status') ?? defaults.status, message] : [message]));
      // Each constructor from HttpError down sets its own class's prototype.
      Object.setPrototypeOf(this, new.target.prototype);
      this.name = name;
      const code = ownProperty(details, 'code') ?? ownProperty(defaults, 'code');
      Object.assign(this, { code, headers: ownProperty(details, 'headers') ?? {} });
      const cause = ownProperty(details, 'cause');
      if (cause !== undefined) hideCause(this, cause);
      this.stack = ''; // routing-controllers' text controllers send it in development
    }

    toJSON(): object {
      const { code } = this as unknown as LoginHttpError;
      return { name: this.name, message: this.message, code } satisfies ErrorBody;
    }
  }
  markAuthErrorClass(Base.prototype);
  return Base as unknown as LoginHttpErrorClass<Status, Code, Body>;
}

/** Not enumerable, so that nothing that copies the error's properties sends it. */
function hideCause(error: Error, value: unknown): void {
  Object.defineProperty(error, 'cause', { value, configurable: true, writable: true });
}
