import type { Action } from 'routing-controllers';
import { isAuthError } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import { ServiceUnavailableError } from '../errors/service-unavailable-error';
import { TooManyAttemptsError } from '../errors/too-many-attempts-error';
import type { Awaitable } from '../util/maybe-promise';
import { withTimeout } from '../util/with-timeout';
import { clientAddress } from './client-address';

/**
 * Counts attempts by key. Every limiter of rate-limiter-flexible is one.
 *
 * @example
 * ```ts
 * const limiter: Limiter = new RateLimiterMemory({ points: 10, duration: 900 });
 * ```
 */
export interface Limiter {
  /**
   * Counts an attempt. Rejects if there are too many: with `msBeforeNext`, the milliseconds until the next attempt is
   * allowed. Any other rejection means that the limiter is not available.
   */
  consume(key: string): Awaitable<unknown>;
  /** Takes one attempt back. A limiter without this method counts successful logins, too. */
  reward?(key: string): Awaitable<unknown>;
}

/**
 * Limiters for the account and for the address; either may be missing.
 *
 * @example
 * ```ts
 * tokenEndpoints(lm, { verifyPassword, limiter: { account: perAccount, address: perAddress } });
 * ```
 */
export interface LoginLimiters {
  account?: Limiter;
  address?: Limiter;
}

/** Longer names count together with those that begin alike, so that keys stay small. */
const LONGEST_NAME = 256;

interface Counter {
  readonly limiter: Limiter;
  readonly key: string;
}

/** Limits the failed logins of an account and of an address. */
export class LoginLimiter {
  /** @param timeout - Milliseconds that a limiter may take to answer. */
  constructor(
    private readonly limiters: LoginLimiters,
    private readonly timeout: number,
  ) {}

  /**
   * Runs a login. It is counted before, so that attempts at the same time cannot exceed the limit together, and taken
   * back unless it is refused. A login that fails for another reason tells nothing about the password.
   *
   * @throws {@link TooManyAttemptsError} if a limit is reached; {@link ServiceUnavailableError} if a limiter does not
   * answer; what the login throws.
   */
  async run<T>(username: string, action: Action, login: () => Awaitable<T | null>): Promise<T | null> {
    const counters = await this.consumeAll(this.countersFor(username, action));
    try {
      const result = await login();
      if (result) await this.rewardAll(counters);
      return result;
    } catch (error) {
      if (!isRefusal(error)) await this.rewardAll(counters);
      throw error;
    }
  }

  /** The address comes first: one that is over its limit must not lock accounts. */
  private countersFor(username: string, action: Action): Counter[] {
    const address = clientAddress(action);
    const counters: Counter[] = [];
    if (this.limiters.address && address !== undefined)
      counters.push({ limiter: this.limiters.address, key: `address:${address}` });
    if (this.limiters.account) counters.push({ limiter: this.limiters.account, key: accountKey(username) });
    return counters;
  }

  private async consumeAll(counters: readonly Counter[]): Promise<readonly Counter[]> {
    const consumed: Counter[] = [];
    for (const counter of counters) {
      try {
        await this.consume(counter);
      } catch (error) {
        await this.rewardAll(consumed);
        throw error;
      }
      consumed.push(counter);
    }
    return consumed;
  }

  private async consume({ limiter, key }: Counter): Promise<void> {
    let answer: unknown;
    try {
      answer = await withTimeout(() => limiter.consume(key), this.timeout);
    } catch (cause) {
      const wait = waitingTime(cause);
      if (wait === undefined) throw new ServiceUnavailableError(undefined, { cause });
      throw new TooManyAttemptsError(wait / 1000, { cause });
    }
    if (answer === false) throw new TooManyAttemptsError();
  }

  /** The password is checked by now; a limiter that fails here counts too much, which is safe. */
  private async rewardAll(counters: readonly Counter[]): Promise<void> {
    const rewards = counters.map(({ limiter, key }) => withTimeout(() => limiter.reward?.(key), this.timeout));
    await Promise.allSettled(rewards);
  }
}

/** @throws {@link ConfigurationError} for anything without a method `consume`. */
export function parseLimiters(limiter: unknown): LoginLimiters | undefined {
  if (limiter === undefined) return undefined;
  if (isLimiter(limiter)) return { account: limiter, address: limiter };
  const { account, address } = (limiter ?? {}) as LoginLimiters;
  const given = [account, address].filter((one) => one !== undefined);
  if (given.length > 0 && given.every(isLimiter)) return { ...(account && { account }), ...(address && { address }) };
  throw new ConfigurationError(
    'limiter must have a method consume(key), as those of rate-limiter-flexible, or be { account, address } of such',
    { section: 'token-endpoints' },
  );
}

function isLimiter(value: unknown): value is Limiter {
  return typeof (value as Limiter | null | undefined)?.consume === 'function';
}

/** The spellings of a name count together, because they may be one account for `verifyPassword`. */
function accountKey(username: string): string {
  return `account:${username.normalize('NFKC').trim().toLowerCase().slice(0, LONGEST_NAME)}`;
}

/** Milliseconds, if the rejection means that there were too many attempts. */
function waitingTime(rejection: unknown): number | undefined {
  const { msBeforeNext } = (rejection ?? {}) as { msBeforeNext?: unknown };
  return typeof msBeforeNext === 'number' ? msBeforeNext : undefined;
}

/** Whether an error means that the login was refused, and not that it could not be checked. */
function isRefusal(error: unknown): boolean {
  const { httpCode, status } = (error ?? {}) as { httpCode?: unknown; status?: unknown };
  const code = httpCode ?? status;
  return isAuthError(error) ? error.status < 500 : typeof code === 'number' && code < 500;
}
