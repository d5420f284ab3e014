import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { forge } from '../support/tokens';

type ScopeClaim = NonNullable<LoginManagerOptions<Account>['scopeClaim']>;

const has = (scopeClaim: ScopeClaim, claims: object, scopes: string | string[]) =>
  managerOf({ scopeClaim }).hasScopes(forge({ payload: { sub: 'ada@example.com', exp: 4e9, ...claims } }), scopes);

const grants: Record<string, [scopeClaim: ScopeClaim, claims: object]> = {
  'scp as a text': ['scp', { scp: 'a b' }],
  'scp as a list': ['scp', { scp: ['a', 'b'] }],
  'permissions as a list': ['permissions', { permissions: ['a', 'b'] }],
  'a claim with a URL for a name': ['https://example.com/roles', { 'https://example.com/roles': ['a', 'b'] }],
  'a function that returns a list': [
    ({ realm }) => (realm as { roles: string[] }).roles,
    { realm: { roles: ['a', 'b'] } },
  ],
  'a function that returns a text': [({ roles }) => roles as string, { roles: 'a b' }],
};

describe('The option scopeClaim', () => {
  for (const [name, [scopeClaim, claims]] of Object.entries(grants))
    it(`reads ${name}`, async () => {
      expect(await has(scopeClaim, claims, ['a', 'b'])).to.equal(true);
      expect(await has(scopeClaim, claims, 'c')).to.equal(false);
    });

  it('reads nothing else where it names another claim than scopes and scope', async () => {
    expect(await has('scp', { scopes: ['a'], scope: 'a' }, 'a')).to.equal(false);
  });

  it('reads nothing for undefined of a function', async () => {
    expect(await has(() => undefined, { scopes: ['a'] }, 'a')).to.equal(false);
  });

  for (const [name, answer] of Object.entries({ 'a number': 7, 'a list of numbers': [7], 'an object': {}, null: null }))
    it(`is a mistake if its function returns ${name}`, async () => {
      const error = await has(() => answer as never, {}, 'a').catch((reason) => reason);
      expect(error).to.be.instanceOf(ConfigurationError);
    });

  it('is a mistake as anything but a name and a function', () => {
    for (const scopeClaim of ['', 7, null, []])
      expect(() => managerOf({ scopeClaim: scopeClaim as never })).to.throw(ConfigurationError, /scopeClaim must be/);
  });

  for (const scopeClaim of ['permissions', ({ scopes }: { scopes?: unknown }) => scopes as string[]] as ScopeClaim[])
    it(`keeps the scopes of own tokens through a refresh (${typeof scopeClaim})`, async () => {
      const manager = managerOf({ scopeClaim, sessionStore: new MemorySessionStore() });
      expect(await manager.hasScopes(tokenOf(manager, undefined, ['a']), 'a')).to.equal(true);
      const first = await manager.createTokenResponse({
        data: { sub: 'ada@example.com' },
        scopes: ['a'],
        refresh: true,
      });
      const second = await manager.refresh(first.refresh_token as string);
      expect(await manager.hasScopes(second.access_token, 'a')).to.equal(true);
    });

  it('cannot be a claim of the data', () => {
    const manager = managerOf({ scopeClaim: 'permissions' });
    expect(() => manager.createAccessToken({ data: { sub: 'a', permissions: ['x'] } })).to.throw(ConfigurationError);
  });
});
