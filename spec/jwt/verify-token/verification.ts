import { expect } from 'chai';
import type { Secret } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { type Account, Accounts, SECRET } from '../../support/accounts';
import { TestClock } from '../../support/clock';
import { guardedRoute, type Verdict } from '../../support/guarded-route';

export const clock = new TestClock();
export const NOW = clock.now / 1000;
export const CLAIMS = { sub: 'ada@example.com', exp: NOW + 60 };
export const REFUSED = '401 token_invalid';

type Options = LoginManagerOptions<Account>;

export interface Verification {
  /** The options of the clock and of the cache. */
  readonly shared: Pick<Options, 'clock' | 'verifiedTokenCache'>;
  managerWith(options?: Options, secret?: Secret): LoginManager<Account>;
  /** Sends tokens to a server of the manager. */
  senderOf(manager: () => LoginManager<Account>): (token: string) => Promise<Verdict>;
}

/** The same specs, with and without a cache; with one, each token is sent twice, so that the second finds it warm. */
export function describeVerification(what: string, specs: (verification: Verification) => void): void {
  describe(`the verification of ${what}`, () => {
    afterEach(() => {
      clock.now = NOW * 1000;
    });

    describe('without a cache', () => specs(verification({ verifiedTokenCache: false })));
    describe('with a warm cache', () => specs(verification({})));
  });
}

function verification(cache: Pick<Options, 'verifiedTokenCache'>): Verification {
  const shared = { clock: clock.tell, ...cache };
  return {
    shared,
    managerWith: (options, secret = SECRET) =>
      new LoginManager<Account>(secret, '/login', { userLoader: Accounts, ...shared, ...options }),
    senderOf(manager) {
      const send = guardedRoute(manager);
      return async (token) => {
        const verdict = await send(token);
        if (cache.verifiedTokenCache !== false) expect(await send(token), 'the second time').to.equal(verdict);
        return verdict;
      };
    },
  };
}
