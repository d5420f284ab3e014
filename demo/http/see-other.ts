import type { Response } from 'express';

/** Redirects after a form. A handler that returns the response tells routing-controllers that it has answered. */
export function seeOther(response: Response, path: string): Response {
  response.redirect(303, path);
  return response;
}
