import type { Request } from 'express';

/** Returns whether a request is for the API. Express matches paths without regard to case, and so does this. */
export function isApi({ path }: Request): boolean {
  return /^\/(api|token)(\/|$)/i.test(path);
}
