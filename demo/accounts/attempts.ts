import { isIPv6 } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { TooManyAttemptsError } from 'routing-controllers-login';

/** How many times as many attempts an address has as one account from it: a whole office may share the address. */
const accountsPerAddress = 20;

/** Longer keys count together. */
const longestEmail = 254;

interface Counter {
  readonly limiter: RateLimiterMemory;
  readonly key: string;
}

/** Who tries: an email address, from an IP address. */
export interface Client {
  readonly email: string;
  readonly address: string | undefined;
}

/**
 * Limits failed logins and requests for mail. The counts are in memory; rate-limiter-flexible has Redis for several
 * servers.
 */
export class Attempts {
  private readonly logins: RateLimiterMemory;
  private readonly mails: RateLimiterMemory;
  private readonly addresses: RateLimiterMemory;

  /** @param points - Attempts within a minute for one account from one address. */
  constructor(points: number) {
    const duration = 60;
    this.logins = new RateLimiterMemory({ points, duration });
    this.mails = new RateLimiterMemory({ points, duration });
    this.addresses = new RateLimiterMemory({ points: points * accountsPerAddress, duration });
  }

  /**
   * Runs a login. It is counted before, so that concurrent attempts cannot exceed the limit together, and not at all if it
   * succeeds. The account comes first: attempts on one that is over its limit do not use up those of the address.
   *
   * @throws `TooManyAttemptsError`
   */
  async logIn<T>({ email, address }: Client, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const counters = [
      { limiter: this.logins, key: `${mailboxOf(email)} ${networkOf(address)}` },
      { limiter: this.addresses, key: networkOf(address) },
    ];
    await consume(counters);
    const result = await check();
    if (result !== undefined) await reward(counters);
    return result;
  }

  /**
   * Counts a mail that somebody asks for, whether it is sent or not.
   *
   * @throws `TooManyAttemptsError`
   */
  async askForMail({ email, address }: Client): Promise<void> {
    await consume([
      { limiter: this.mails, key: mailboxOf(email) },
      { limiter: this.addresses, key: networkOf(address) },
    ]);
  }
}

async function consume(counters: readonly Counter[]): Promise<void> {
  for (const [index, { limiter, key }] of counters.entries()) {
    try {
      await limiter.consume(key);
    } catch (rejection) {
      await reward(counters.slice(0, index));
      throw rejection instanceof Error ? rejection : new TooManyAttemptsError(Object(rejection).msBeforeNext / 1000);
    }
  }
}

async function reward(counters: readonly Counter[]): Promise<void> {
  await Promise.all(counters.map(({ limiter, key }) => limiter.reward(key)));
}

function mailboxOf(email: string): string {
  return email.trim().toLowerCase().slice(0, longestEmail);
}

/** Returns the /64 network of an IPv6 address, because one client has all of its addresses. */
function networkOf(address = ''): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
