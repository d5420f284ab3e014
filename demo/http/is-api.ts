import type { Request } from 'express';

/**
 * Programs get JSON, people get pages; `/token/renew` is for people. Express takes `/API/notes` for `/api/notes`, and so
 * does this.
 */
export function isApi({ path }: Request): boolean {
  return /^\/(api(\/|$)|token(\/revoke)?\/?$)/i.test(path);
}
