import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import type { TokenResponse, TokenResponseRequest } from '../../src/sessions/token-issuer';
import { type Account, managerOf } from './accounts';
import { TestClock } from './clock';
import { rejection } from './rejection';

/** What a login with a refresh token gives. */
export type Pair = TokenResponse & { refresh_token: string };

/** A manager whose logins can be refreshed and ended, with a clock that stands still. */
export class Sessions {
  readonly clock = new TestClock();
  readonly manager: LoginManager<Account>;

  constructor(options: LoginManagerOptions<Account> = {}) {
    const clock = this.clock.tell;
    this.manager = managerOf({ sessionStore: new MemorySessionStore(clock), refreshLeeway: 0, clock, ...options });
  }

  login(sub = 'ada@example.com', request: Partial<TokenResponseRequest> = {}): Promise<Pair> {
    return this.manager.createTokenResponse({ data: { sub }, refresh: true, ...request }) as Promise<Pair>;
  }

  refresh(pair: Pair, scopes?: readonly string[]): Promise<Pair> {
    return this.manager.refresh(pair.refresh_token, scopes && { scopes }) as Promise<Pair>;
  }
}

/** What becomes of a token: `'let in'`, or why not. */
export async function fateOf(manager: LoginManager<Account>, token: string): Promise<string> {
  return manager.getCurrentUser(token).then(
    () => 'let in',
    ({ code }) => code,
  );
}

/** Why a refresh is refused. */
export async function refusalOf(refresh: Promise<unknown>): Promise<string> {
  const { name, code, message } = await rejection(refresh);
  return code === 'invalid_grant' ? `${code}: ${message}` : `${name} ${code}`;
}

export const USED = 'invalid_grant: The refresh token has been used before; the session has ended';
export const ENDED = 'invalid_grant: The session has ended';
export const GONE = 'invalid_grant: The user no longer exists';
export const BAD = 'invalid_grant: The refresh token is invalid or has expired';
