import type { LoginManager } from '../manager/login-manager';
import type { LoginAsOptions } from '../manager/test-access';

// biome-ignore lint/suspicious/noExplicitAny: of whatever users
export type AnyManager = LoginManager<any>;

/**
 * Returns the headers of a request by this user, for supertest's `.set(…)` or `fetch`. The token is real, so all checks
 * apply as for other requests. A manager that only verifies tokens gets an additional key that exists only in this
 * process.
 *
 * @param sub - The subject of the token, which the user loader gets.
 * @throws `ConfigurationError` for data that is not allowed in a token, and if the manager does not accept such tokens.
 * @example
 * ```ts
 * await request(app).get('/notes').set(loginAs(lm, 'ada@example.com', { scopes: ['notes:read'] })).expect(200);
 * ```
 */
export function loginAs(
  manager: AnyManager,
  sub: string | number,
  options: LoginAsOptions = {},
): Record<string, string> {
  return manager.testing.login(sub, options);
}
