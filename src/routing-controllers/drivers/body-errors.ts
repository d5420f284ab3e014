interface BodyError extends Error {
  status?: number;
  expose?: boolean;
  code?: string;
}

/** What the parser of multer says of a body that is no form. */
const MALFORMED_FORM =
  /^(?:Malformed |Missing Content-Type|Multipart: Boundary not found|Unexpected end of (?:form|file)|Unsupported content type)/;

/**
 * Gives the error of a body that cannot be read the status of the client's fault: zlib and multer give none, and frameworks
 * answer an error without a status with 500.
 */
export function toBodyError(error: BodyError, status = 400): BodyError {
  return error.status === undefined ? Object.assign(error, { status, expose: true }) : error;
}

/** The same for what multer passes on. The errors of a storage and of the application's filters stay as they are. */
export function toUploadError(reason: unknown): unknown {
  if (!(reason instanceof Error)) return reason;
  if (reason.name === 'MulterError') return toBodyError(reason, isLimit(reason) ? 413 : 400);
  return MALFORMED_FORM.test(reason.message) ? toBodyError(reason) : reason;
}

/** An unexpected file is one that the route has no parameter for. */
function isLimit({ code = '' }: BodyError): boolean {
  return code.startsWith('LIMIT_') && code !== 'LIMIT_UNEXPECTED_FILE';
}

/** Multer, or multer for Koa, as far as routing-controllers uses it. */
export type Multer = (options: unknown) => Record<'single' | 'array', (name: string) => unknown>;

/** Wraps the middleware that multer, or multer for Koa, makes for a parameter. */
export function wrapMulter<M>(multer: Multer, wrap: (middleware: M) => M): Multer {
  return (options) => {
    const uploads = multer(options);
    return {
      single: (name) => wrap(uploads.single(name) as M),
      array: (name) => wrap(uploads.array(name) as M),
    };
  };
}
