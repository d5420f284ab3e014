import type { RequestContext } from '../http/request-context';

/** Tells subscribers what happens to sessions. */
export interface SessionEvents {
  login(sub: string | number, context: RequestContext): void;
  logout(context: RequestContext): void;
  refresh(): void;
  revoke(what: { readonly sub?: string | number | undefined; readonly session?: string | undefined }): void;
}
