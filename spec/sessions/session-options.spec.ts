import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { LoginManagerOptions } from '../../src/options';
import { MemoryRevocationStore } from '../../src/sessions/memory-revocation-store';
import { type Account, managerOf } from '../support/accounts';
import { nameOf } from '../support/name-of';
import { thrownBy } from '../support/rejection';

const revocation = new MemoryRevocationStore();

describe('the options of sessions', () => {
  const mistakes: Record<string, unknown[]> = {
    revocation: [
      {},
      null,
      true,
      'redis://127.0.0.1',
      MemoryRevocationStore,
      new Map(),
      { revoke: () => true },
      { revokedAt: () => [] },
    ],
    storeTimeout: [0, -1, '', 'soon', '1', Number.NaN, Number.POSITIVE_INFINITY, true],
    refreshExpiry: [0, -1, '', 'soon', '30', Number.NaN, Date.UTC(2030, 0, 1)],
    refreshUrl: [7, true, ''],
  };
  for (const [name, values] of Object.entries(mistakes)) {
    for (const value of values) {
      it(`refuse ${nameOf(value)} as ${name}`, () => {
        const error = thrownBy(() => managerOf({ revocation, [name]: value } as LoginManagerOptions<Account>));
        expect(error).to.be.an.instanceOf(ConfigurationError);
        expect(error.message).to.include(name);
      });
    }
  }

  it('take a store of any class, or of none', () => {
    const store = { revoke: async () => true, revokedAt: async (ids: string[]) => ids.map(() => null) };
    for (const one of [store, revocation, Object.create(store)]) {
      expect(() => managerOf({ revocation: one, storeTimeout: '1m', refreshExpiry: '90d' })).not.to.throw();
    }
  });
});
