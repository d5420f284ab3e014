import type { Response } from 'express';

/** Answers a form; routing-controllers takes the response itself to mean that it has been answered. */
export function seeOther(response: Response, path: string): Response {
  response.redirect(303, path);
  return response;
}
