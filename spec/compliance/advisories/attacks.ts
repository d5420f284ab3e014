import { expect } from 'chai';
import { LoginManager } from '../../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { type Account, Accounts } from '../../support/accounts';
import { TestClock } from '../../support/clock';
import { GuardedRoute } from '../../support/guarded-route';
import { bearer, cookie } from '../../support/http';
import { onEachServer, type RunningServer } from '../../support/servers';

/** The time at which the tokens of these specs are valid. */
export const clock = new TestClock();

/** The claims of a good token of Ada. */
export const CLAIMS = { sub: 'ada@example.com', exp: clock.now / 1000 + 60 };

type Secret = ConstructorParameters<typeof LoginManager>[0];

export function managerWith(secret: Secret, options: LoginManagerOptions<Account> = {}): LoginManager<Account> {
  return new LoginManager<Account>(secret, null, {
    userLoader: Accounts,
    useCookie: true,
    clock: clock.tell,
    ...options,
  });
}

export interface Attack {
  manager: () => LoginManager<Account>;
  /** A token that is let in, and that the bad ones were made from. */
  good: () => string;
  /** What is tried, by its name. */
  bad: () => Record<string, string>;
  /** Default: `token_invalid`. */
  code?: string;
}

/**
 * Sends bad tokens to each of the six servers, in a header and in a cookie: with a cold cache, which has seen no token yet,
 * and with a warm one, in which the good token is.
 */
export function areRefused({ manager, good, bad, code = 'token_invalid' }: Attack): void {
  onEachServer((start) => {
    const running = () => start({ manager: manager(), controllers: [GuardedRoute] });

    it('are refused, in a header and in a cookie, with a cold cache', async () => {
      const server = await running();
      for (const [what, token] of Object.entries(bad())) await expectRefused(server, what, token, code);
      await expectLetIn(server, good());
    });

    it('are refused, in a header and in a cookie, with a warm cache', async () => {
      const server = await running();
      await expectLetIn(server, good());
      for (const [what, token] of Object.entries(bad())) await expectRefused(server, what, token, code);
      await expectLetIn(server, good());
    });
  });
}

async function expectRefused(server: RunningServer, what: string, token: string, code: string): Promise<void> {
  expect(await verdictOf(server, bearer(token)), what).to.equal(`401 ${code}`);
  expect(await verdictOf(server, cookie(token)), `${what}, in a cookie`).to.equal(`401 ${code}`);
}

async function expectLetIn(server: RunningServer, token: string): Promise<void> {
  expect(await verdictOf(server, bearer(token)), 'the good token').to.equal('200 ada@example.com');
  expect(await verdictOf(server, cookie(token)), 'the good token, in a cookie').to.equal('200 ada@example.com');
}

async function verdictOf({ client }: RunningServer, headers: Record<string, string>): Promise<string> {
  const { status, body } = await client.get('/me').set(headers);
  return `${status} ${status === 200 ? body.email : body.code}`;
}
