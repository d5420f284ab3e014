import { IsBoolean, IsEmail, IsIn, IsString, IsUUID } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { stepUp } from 'routing-controllers-login';

/** The scopes of tokens, with their descriptions. */
export const scopes = {
  'notes:read': 'Read notes',
  'notes:write': 'Write notes',
} as const;

export type Scope = keyof typeof scopes;

/** A user. It has no password hash, so that no response can contain one. The decorators describe it in the API document. */
export class Account {
  @IsUUID()
  readonly id!: string;

  @IsEmail()
  readonly email!: string;

  @IsBoolean()
  readonly admin!: boolean;

  @IsIn(Object.keys(scopes), { each: true })
  readonly scopes!: readonly Scope[];

  @IsString()
  @JSONSchema({ format: 'date-time' })
  readonly createdAt!: string;

  @IsString()
  @JSONSchema({ format: 'date-time' })
  readonly passwordChangedAt!: string;
}

/** The policy of the administration page. */
export function isAdmin(account: Account): boolean {
  return account.admin;
}

/** What is worth a password asked for again: the login must be at most ten minutes old. */
export const recentLogin = stepUp({ maxAge: '10m' });

/** Returns whether a page offers what needs a scope. The routes check it by themselves. */
export function may(account: Account, scope: Scope): boolean {
  return account.scopes.includes(scope);
}
