import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { rsa } from '../support/keys';
import { nameOf } from '../support/name-of';
import { thrownBy } from '../support/rejection';

const sessionStore = new MemorySessionStore();

describe('the options of sessions', () => {
  const mistakes: Record<string, unknown[]> = {
    sessionStore: [
      {},
      null,
      true,
      'redis://127.0.0.1',
      MemorySessionStore,
      new Map(),
      { read: () => [] },
      { read: () => [], write: () => true },
    ],
    storeTimeout: [0, -1, '', 'soon', '1', Number.NaN, Number.POSITIVE_INFINITY, true],
    refreshExpiry: [0, -1, '', 'soon', '30', Number.NaN, Date.UTC(2030, 0, 1)],
    refreshUrl: [7, true, ''],
  };
  for (const [name, values] of Object.entries(mistakes)) {
    for (const value of values) {
      it(`refuse ${nameOf(value)} as ${name}`, () => {
        const error = thrownBy(() => managerOf({ sessionStore, [name]: value } as LoginManagerOptions<Account>));
        expect(error).to.be.an.instanceOf(ConfigurationError);
        expect(error.message).to.include(name);
      });
    }
  }

  it('refuse slidingExpiry for a manager that only verifies, whose good tokens could not be renewed', () => {
    const options: LoginManagerOptions<Account> = { audience: 'api', useCookie: true, slidingExpiry: '8h' };
    for (const make of [
      () => new LoginManager<Account>({ issuer: 'https://login.example.com' }, null, options),
      () => new LoginManager<Account>({ jwksUri: 'https://login.example.com/keys' }, null, options),
      () => new LoginManager<Account>({ publicKey: rsa().publicKey }, null, { ...options, algorithm: 'RS256' }),
    ])
      expect(make).to.throw(ConfigurationError, /slidingExpiry renews cookies.*only verifies/);
  });

  it('refuse slidingExpiry with tokens that are refused before they are renewed', () => {
    const sliding: LoginManagerOptions<Account> = { useCookie: true, slidingExpiry: '8h', defaultExpiry: '30m' };
    expect(() => managerOf({ ...sliding, maxTokenAge: '15m' })).to.throw(
      ConfigurationError,
      /maxTokenAge is at most half of defaultExpiry.*sessions-and-stores/s,
    );
    for (const options of [
      { ...sliding, maxTokenAge: '16m' },
      { defaultExpiry: '30m', maxTokenAge: '10m' },
    ])
      expect(() => managerOf(options)).not.to.throw();
  });

  it('refuse a refreshLeeway as long as a session', () => {
    for (const refreshLeeway of ['1h', '2h'])
      expect(() => managerOf({ sessionStore, refreshExpiry: '1h', refreshLeeway })).to.throw(
        ConfigurationError,
        'refreshLeeway must be shorter than refreshExpiry',
      );
    for (const refreshLeeway of [0, '59m'])
      expect(() => managerOf({ sessionStore, refreshExpiry: '1h', refreshLeeway })).not.to.throw();
  });

  it('take a store of any class, or of none', () => {
    const store = { read: async () => [], write: async () => true, age: async () => null };
    for (const one of [store, sessionStore, Object.create(store)]) {
      expect(() => managerOf({ sessionStore: one, storeTimeout: '1m', refreshExpiry: '90d' })).not.to.throw();
    }
  });
});
