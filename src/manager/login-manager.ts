import type { Authentication } from '../authentication/authentication';
import type { ContextExtras } from '../authorization/policy-context';
import type { Role } from '../authorization/requirement';
import { type HttpRequest, RequestContext } from '../http/request-context';
import { createPublicJwks, type PublicJwkSet } from '../jwt/keys/public-jwks';
import type { TokenPayload } from '../jwt/token-payload';
import { parseBoolean, parseCallOptions } from '../util/validate';
import { assertContext, assertRunAs, checkRequest, checkToken } from '../util/validate-arguments';

import { ServerMethods } from './server-methods';

/**
 * Authentication and authorization for a routing-controllers application: issues tokens, authenticates requests, loads
 * users, and enforces scopes and policies.
 *
 * @typeParam User - The type that the user loader returns; specify it, because it is not inferred.
 * @example
 * ```ts
 * const lm = new LoginManager<Account>(process.env.SECRET!, '/login', { userLoader: Accounts });
 * lm.useExpressServer(app, { controllers: [Notes] });
 * ```
 */
export class LoginManager<User = unknown> extends ServerMethods<User> {
  /**
   * Returns the authentication of a request: its user, token, scopes and session.
   *
   * @param required - Scopes and other roles, as `@Authorized` takes them. Default: a login only.
   * @throws As `checker` does; {@link ConfigurationError} for scopes that are undefined or null, as after a circular
   * import.
   * @example
   * ```ts
   * const { user, scopes } = await lm.authenticate(request, 'notes:read');
   * ```
   */
  async authenticate(
    request: HttpRequest,
    ...required: [scopes?: Role<User> | readonly Role<User>[]]
  ): Promise<Authentication<User>> {
    return this.services.authorizer.authenticateRequest(checkRequest(request, 'authenticate'), rolesOf(required));
  }

  /**
   * Checks roles and policies for a request, for resources that a handler loads itself. Throws if they are not met.
   *
   * @param context - Values by name that replace the extras of the policies: `{ note }`.
   * @throws As `checker` does; {@link ConfigurationError} for roles that are undefined or null, as after a circular
   * import.
   * @example
   * ```ts
   * for (const note of notes) await lm.authorize(request, anyOf('notes:admin', isOwner), { note });
   * ```
   */
  async authorize(
    request: HttpRequest,
    roles: Role<User> | readonly Role<User>[],
    context?: ContextExtras,
  ): Promise<Authentication<User>> {
    checkRequest(request, 'authorize');
    assertContext(context, 'authorize');
    return this.services.authorizer.authenticateRequest(request, roles, context);
  }

  /**
   * Returns whether a request meets roles and policies. False for a request that is not authenticated, and for a
   * subject that does not exist.
   *
   * @param context - Values by name that replace the extras of the policies: `{ note }`.
   * @throws What functions of the application throw; `ServiceUnavailableError` if the session store cannot be reached;
   * {@link ConfigurationError} for roles that are undefined or null, as after a circular import.
   * @example
   * ```ts
   * const mayEdit = await lm.can(request, isOwner, { note });
   * ```
   */
  async can(
    request: HttpRequest,
    roles: Role<User> | readonly Role<User>[],
    context?: ContextExtras,
  ): Promise<boolean> {
    checkRequest(request, 'can');
    assertContext(context, 'can');
    return this.services.authorizer.isAllowed(request, roles, context);
  }

  /**
   * Returns the authentication of the running request, in all code that its handler calls: in services, after `await`,
   * in timers, streams and policies. It requires the option `context`. Within {@link runAs} it has the given user, and
   * no token and no scopes.
   *
   * @throws What {@link authenticate} throws for a request that is not authenticated; {@link ConfigurationError} outside a
   * request, after its end, before it is authenticated, and without the option `context`.
   * @example
   * ```ts
   * const audit = (event: string) => log.info({ event, user: lm.current().user.email });
   * ```
   */
  current(): Authentication<User> {
    return this.services.authorizer.current();
  }

  /**
   * Runs a function as a user, for jobs and tests of code that calls {@link current}. It requires the option `context`.
   *
   * @returns The function's result; {@link current} returns the user in all code that the function calls and awaits.
   * @throws What the function throws; {@link ConfigurationError} without a user or a function, and without the option.
   * @example
   * ```ts
   * await lm.runAs(account, () => reports.sendWeekly());
   * ```
   */
  runAs<T>(user: User, run: () => T): T {
    assertRunAs(user, run);
    return this.services.authorizer.runAs(user, run);
  }

  /**
   * Returns the user of a request, or null if the request is not authenticated.
   *
   * @param args - Scopes and other roles, as `@Authorized` takes them (default: a login only); then the options. With
   * `{ strict: true }` only a missing token is null, and an invalid one throws; by default both are null.
   * @throws The out-of-scope exception and `PolicyDeniedError`; with `strict` the not-authenticated exception and
   * `CrossOriginError` too. An error of the loader is thrown. {@link ConfigurationError} for scopes that are undefined or
   * null, as in a circular import.
   * @example
   * ```ts
   * const reader = await lm.optional(request);
   * ```
   */
  async optional(
    request: HttpRequest,
    ...args: [scopes?: Role<User> | readonly Role<User>[], options?: { strict?: boolean }]
  ): Promise<User | null> {
    return this.services.authorizer.optionalUser(checkRequest(request, 'optional'), ...optionalArguments(args));
  }

  /**
   * Returns the payload of a valid access token. No user is loaded.
   *
   * @returns The claims, frozen and shared with other requests.
   * @throws The not-authenticated exception for a token that is invalid, expired or revoked; `ServiceUnavailableError` if
   * the session store cannot be reached; {@link ConfigurationError} for undefined, null and a promise.
   * @example
   * ```ts
   * const { sub } = await lm.verify(token);
   * ```
   */
  async verify(token: string): Promise<TokenPayload> {
    return this.services.tokens.verify(checkToken(token, 'verify'));
  }

  /**
   * Returns whether a token has all these scopes. The option `scopesOf` is not used.
   *
   * @throws The not-authenticated exception for an invalid token; {@link ConfigurationError} for a token that is
   * undefined, null or a promise, and for anything but scopes.
   * @example
   * ```ts
   * if (await lm.hasScopes(token, ['notes:read'])) subscribe(socket);
   * ```
   */
  async hasScopes(token: string, scopes: string | readonly string[]): Promise<boolean> {
    return this.services.tokens.hasScopes(checkToken(token, 'hasScopes'), scopes);
  }

  /**
   * Returns the user of a token.
   *
   * @throws The not-authenticated exception if the token is invalid or its user does not exist;
   * {@link ConfigurationError} for undefined, null and a promise.
   * @example
   * ```ts
   * const user = await lm.getCurrentUser(token);
   * ```
   */
  async getCurrentUser(token: string): Promise<User> {
    return this.services.tokens.user(checkToken(token, 'getCurrentUser'));
  }

  /**
   * Returns the public keys of the manager as a JWK Set (RFC 7517), for services that verify its tokens. Each key has its
   * `kid`, `alg` and `use`. `attachWellKnown` serves it.
   *
   * @throws {@link ConfigurationError} for HMAC secrets, which have no public key.
   * @example
   * ```ts
   * const verifier = new LoginManager<Account>(lm.jwks(), null, { algorithm: 'ES256', userLoader: Accounts });
   * ```
   */
  jwks(): PublicJwkSet {
    return createPublicJwks(this.services.keys);
  }

  /**
   * Refuses an unsafe request or a WebSocket handshake from a page of another site (CSRF). `setCookie` and
   * `authenticate` check this themselves; call it in a route that acts before them, for example one that creates the
   * account it logs in.
   *
   * @throws `CrossOriginError` for a page of another site.
   * @example
   * lm.checkOrigin(request);
   * const account = await register(form);
   * lm.setCookie(response, lm.createAccessToken({ data: { sub: account.email } }));
   */
  checkOrigin(request: HttpRequest): void {
    this.services.originCheck.assertSameOrigin(RequestContext.fromRequest(checkRequest(request, 'checkOrigin')));
  }
}

const NO_ROLES: readonly never[] = Object.freeze([]);

/** Returns the scopes that a call was given. Those given as undefined are kept, so that they are refused. */
function rolesOf<User>(
  args: readonly [scopes?: Role<User> | readonly Role<User>[], ...rest: unknown[]],
): Role<User> | readonly Role<User>[] {
  return args.length === 0 ? NO_ROLES : (args[0] as Role<User>);
}

/** Returns the roles and `strict`. `undefined` before options leaves the roles out; alone it is most often a circular import. */
function optionalArguments<User>(
  args: [scopes?: Role<User> | readonly Role<User>[], options?: { strict?: boolean }],
): [roles: Role<User> | readonly Role<User>[], strict: boolean] {
  const [scopes, options] = args;
  const { strict } = parseCallOptions(options, ['strict'], 'optional()');
  const roles = args.length > 1 && scopes === undefined ? NO_ROLES : rolesOf(args);
  return [roles, parseBoolean(strict, false, 'strict')];
}
