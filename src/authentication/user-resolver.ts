import type { Action } from 'routing-controllers';
import type { CustomExceptions } from '../errors/custom-exceptions';
import type { NotAuthenticatedCode } from '../errors/not-authenticated-error';
import type { TokenPayload } from '../jwt/token-payload';
import type { VerifiedToken } from '../jwt/verification-result';
import { readSession } from '../sessions/registry/session-claims';
import type { SecurityStamp } from '../sessions/security-stamp';
import type { LoaderContext, UserSource } from '../users/dependency';
import { checkScopesOf } from '../users/scopes-of';
import type { ExpandScopes } from '../util/implied-scopes';
import { type Awaitable, chain, isPromiseLike, type MaybePromise } from '../util/maybe-promise';
import type { Authentication, AuthenticationResult } from './authentication';

/** The parts of a manager that tell who the user of a token is, and what they may do. */
export interface UserResolverParts<User> {
  readonly users: UserSource;
  /** Undefined if nothing about a user ends their logins. */
  readonly stamp: SecurityStamp | undefined;
  readonly scopesOf: ((user: User, payload: TokenPayload) => Awaitable<readonly string[]>) | undefined;
  readonly expandScopes: ExpandScopes;
  readonly exceptions: CustomExceptions;
}

/** Makes the authentication of a verified token: its user, and their scopes. */
export class UserResolver<User> {
  constructor(private readonly parts: UserResolverParts<User>) {}

  /** Loads the user of a verified token, whose login must still be good. */
  resolve(
    token: string,
    verified: VerifiedToken,
    action: Action | undefined,
  ): MaybePromise<AuthenticationResult<User>> {
    const { users } = this.parts;
    const context = { action, payload: verified.payload };
    const user = users.load(context);
    // Written out, because every request comes here, and a call of chain() creates a function.
    return isPromiseLike(user)
      ? Promise.resolve(user).then((one) => this.reloadIfStale(one, token, verified, context))
      : this.reloadIfStale(user, token, verified, context);
  }

  /** A user from a cache may have been changed since by the very login that the token is of. */
  private reloadIfStale(
    user: unknown,
    token: string,
    verified: VerifiedToken,
    context: LoaderContext,
  ): MaybePromise<AuthenticationResult<User>> {
    const { users, stamp } = this.parts;
    if (!user || !stamp || !users.reload || stamp.isCurrent(user, verified.payload))
      return this.toResult(user, token, verified);
    return chain(users.reload(context), (reloaded) => this.toResult(reloaded, token, verified));
  }

  private toResult(user: unknown, token: string, verified: VerifiedToken): MaybePromise<AuthenticationResult<User>> {
    if (!user) return this.refused('user_unknown', 'the user loader found no user for the subject of the token');
    const { payload, scopes } = verified;
    const { scopesOf, stamp } = this.parts;
    if (stamp && !stamp.isCurrent(user, payload))
      return this.refused('token_revoked', 'the security stamp of the user has changed since the login');
    const session = payload.sid === undefined ? undefined : readSession(payload);
    const authentication = { user: user as User, token, payload, scopes, ...(session && { session }) };
    if (!scopesOf) return this.complete(authentication);
    return chain(scopesOf(user as User, payload), (own) =>
      this.complete({ ...authentication, scopes: checkScopesOf(own) }),
    );
  }

  /** Adds the implied scopes: every check reads these, and no other list. */
  complete(found: Authentication<User>): AuthenticationResult<User> {
    const scopes = this.parts.expandScopes(found.scopes);
    return { authentication: scopes === found.scopes ? found : { ...found, scopes } };
  }

  private refused(code: NotAuthenticatedCode, reason: string): AuthenticationResult<never> {
    return { authentication: undefined, error: this.parts.exceptions.notAuthenticated(code, reason) };
  }
}
