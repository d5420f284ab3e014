/** How a manager is logged in with, for the OpenAPI document. */
export interface SecurityDescription {
  readonly tokenUrl: string | null;
  readonly refreshUrl: string | undefined;
  /** Whether tokens can be taken back, so that there are refresh tokens. */
  readonly canRefresh: boolean;
  /** The declared scopes with their descriptions. */
  readonly scopes: Readonly<Record<string, string>> | undefined;
  readonly useHeader: boolean;
  /** Undefined where cookies are not used. */
  readonly cookieName: string | undefined;
  readonly defaultAccess: 'public' | 'authenticated';
}
