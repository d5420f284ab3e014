/** What a token may be good for. */
export const scopes = {
  'notes:read': 'Read notes',
  'notes:write': 'Write notes',
} as const;

export type Scope = keyof typeof scopes;

/** Somebody who can log in. There is no password here, so that none can leave with it. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly admin: boolean;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
}

/** A policy: who may see the administration. */
export function isAdmin(account: Account): boolean {
  return account.admin;
}

/** Whether to offer what needs this scope; what is not offered is refused all the same. */
export function may(account: Account, scope: Scope): boolean {
  return account.scopes.includes(scope);
}
