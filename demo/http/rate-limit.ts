import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { HttpError } from 'routing-controllers';

interface Limit {
  readonly attempts: number;
  /** Whether what went well is not counted. */
  readonly onlyFailures: boolean;
}

/** So many attempts a minute and IP address. The count is in memory: give it a store where there are more processes. */
export function perMinute({ attempts, onlyFailures }: Limit): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: attempts,
    skipSuccessfulRequests: onlyFailures,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => next(new HttpError(429, 'Too many attempts: try again in a minute')),
  });
}
