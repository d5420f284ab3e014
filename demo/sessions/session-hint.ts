import { parse } from 'cookie';
import type { Request, Response } from 'express';

/** Until the browser is closed, or for as long as a session lasts. */
export type Stay = 'while-open' | 'remembered';

const name = 'session';
const attributes = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

/** How long a session lasts at most, in days: then everybody is asked for the password again. */
export const longestStay = 30;

/**
 * A cookie beside the refresh token, which goes to `/token` alone: so every page knows that there is a session to renew,
 * and the renewal how it was to be kept. It proves nothing: who makes one up gains a redirect.
 */
export function hint(response: Response, stay: Stay): void {
  const maxAge = stay === 'remembered' ? longestStay * 24 * 3_600_000 : undefined;
  response.cookie(name, stay, { ...attributes, secure: response.req.secure, ...(maxAge && { maxAge }) });
}

export function clearHint(response: Response): void {
  response.clearCookie(name, { ...attributes, secure: response.req.secure });
}

/** Undefined where there is no session to renew. */
export function stayOf({ headers }: Pick<Request, 'headers'>): Stay | undefined {
  const stay = parse(headers.cookie ?? '')[name];
  return stay === 'while-open' || stay === 'remembered' ? stay : undefined;
}
