import { IsBoolean, IsEmail, IsIn, IsString, IsUUID } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

/** What a token may be good for. */
export const scopes = {
  'notes:read': 'Read notes',
  'notes:write': 'Write notes',
} as const;

export type Scope = keyof typeof scopes;

/**
 * Somebody who can log in. There is no password here, so that none can leave with it. The decorators are for the API's
 * document.
 */
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
}

/** A policy: who may see the administration. */
export function isAdmin(account: Account): boolean {
  return account.admin;
}

/** Whether to offer what needs this scope; what is not offered is refused all the same. */
export function may(account: Account, scope: Scope): boolean {
  return account.scopes.includes(scope);
}
