import { expect } from 'chai';
import { managerOf } from '../support/accounts';
import { nameOf } from '../support/name-of';
import { rejection } from '../support/rejection';
import { forge } from '../support/tokens';

const tokenWith = (claims: object) => forge({ payload: { sub: 'ada@example.com', exp: 4e9, ...claims } });

describe('the claim of scopes', () => {
  const has = (claims: object, scopes: string | string[], scopeClaim: 'scopes' | 'scope' = 'scopes') =>
    managerOf({ scopeClaim }).hasScopes(tokenWith(claims), scopes);

  for (const claims of [
    { scopes: ['a', 'b'] },
    { scopes: 'a b' },
    { scope: 'a b' },
    { scope: ['a', 'b'] },
    { scope: ' b  a ' },
  ]) {
    it(`is read from ${nameOf(claims)}`, async () => {
      for (const scopeClaim of ['scopes', 'scope'] as const) {
        expect(await has(claims, ['a', 'b'], scopeClaim)).to.equal(true);
        expect(await has(claims, 'c', scopeClaim)).to.equal(false);
      }
    });
  }

  it('is matched in whole words, with their case', async () => {
    for (const claims of [{ scopes: ['notes:read'] }, { scopes: 'notes:read' }, { scope: 'notes:read' }]) {
      for (const part of ['notes', 'read', 'notes:rea', 'notes:read:all', 'Notes:Read', '', ' ']) {
        expect(await has(claims, [part]), `'${part}' of ${JSON.stringify(claims)}`).to.equal(false);
      }
    }
  });

  it('is only split at spaces', async () => {
    for (const scope of ['a,b', 'a\tb', 'a\nb', 'a+b']) expect(await has({ scope }, 'a')).to.equal(false);
  });

  it('is the one that scopeClaim names, where the token has both', async () => {
    const both = { scopes: ['a'], scope: 'b' };
    expect(await has(both, 'a')).to.equal(true);
    expect(await has(both, 'b')).to.equal(false);
    expect(await has(both, 'b', 'scope')).to.equal(true);
    expect(await has(both, 'a', 'scope')).to.equal(false);
  });

  it('is not looked for elsewhere where the one it should be in grants nothing', async () => {
    for (const scopes of [[], '', null, 7, {}])
      expect(await has({ scopes, scope: 'b' }, 'b'), JSON.stringify(scopes)).to.equal(false);
  });

  for (const scopes of [['a', 1], ['a', null], [['a']], { a: true }, { 0: 'a', length: 1 }, true, null]) {
    it(`grants nothing where it is ${nameOf(scopes)}`, async () => {
      expect(await has({ scopes }, 'a')).to.equal(false);
    });
  }

  it('bears the empty list of scopes, always', async () => {
    expect(await has({}, [])).to.equal(true);
  });

  it('is not asked of an invalid token, which is an error', async () => {
    expect((await rejection(managerOf().hasScopes('garbage', []))).code).to.equal('token_invalid');
  });
});
