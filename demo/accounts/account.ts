import { IsBoolean, IsEmail, IsIn, IsString, IsUUID } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { defineScopes, policy, stepUp } from 'routing-controllers-login';

/** The scopes of tokens, with their descriptions. */
export const scopes = defineScopes({
  'notes:read': 'Read notes',
  'notes:write': { description: 'Write notes', implies: ['notes:read'] },
  'accounts:read': 'See all accounts',
});

export type Scope = (typeof scopes)['names'][number];

/** A user. It has no password hash, so that no response can contain one. The decorators describe it in the API document. */
export class Account {
  @IsUUID()
  readonly id!: string;

  @IsEmail()
  readonly email!: string;

  @IsBoolean()
  readonly admin!: boolean;

  @IsIn(scopes.names, { each: true })
  readonly scopes!: readonly Scope[];

  @IsString()
  @JSONSchema({ format: 'date-time' })
  readonly createdAt!: string;

  @IsString()
  @JSONSchema({ format: 'date-time' })
  readonly passwordChangedAt!: string;
}

const isAdmin = policy('isAdmin', (account: Account) => account.admin);

/** Who may see the administration page. */
export const mayAdminister = scopes.anyOf('accounts:read', isAdmin);

/** What is worth a password asked for again: the login must be at most ten minutes old. */
export const recentLogin = stepUp({ maxAge: '10m' });

/** Returns whether a page offers what needs a scope. The routes check it by themselves. */
export function may(account: Account, scope: Scope): boolean {
  return scopes.expand(account.scopes).includes(scope);
}
