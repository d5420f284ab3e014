import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { parseScopeClaim } from '../../src/jwt/scope-claim';
import { managerOf } from '../support/accounts';
import { nameOf } from '../support/name-of';
import { rejection, thrownBy } from '../support/rejection';
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

  it('is in a token if any claim says what the scopes are, even none', () => {
    const own = parseScopeClaim('scp');
    for (const claims of [{ scp: [] }, { scopes: [] }, { scope: '' }, { scp: null }])
      expect(own.isIn(claims as never), JSON.stringify(claims)).to.equal(true);
    for (const claims of [{}, { scp: undefined }, { permissions: ['a'] }])
      expect(own.isIn(claims as never), JSON.stringify(claims)).to.equal(false);
  });

  describe('that a function reads', () => {
    const read = (reader: () => unknown) => parseScopeClaim(reader).read({ sub: 'ada', exp: 0 });

    it('is what it returns: an array, words, or nothing', () => {
      expect(read(() => ['a', 'b'])).to.deep.equal(['a', 'b']);
      expect(read(() => 'a b')).to.deep.equal(['a', 'b']);
      expect(read(() => undefined)).to.deep.equal([]);
    });

    it('is an error for anything else', () => {
      for (const value of [null, 7, {}, [1], Promise.resolve(['a'])])
        expect(() => read(() => value)).to.throw(
          ConfigurationError,
          'scopeClaim did not return scopes; return an array of strings, or undefined for none',
        );
    });

    it('throws its own error, and an Error for anything else', () => {
      for (const reason of [new Error('own'), undefined, 'text', null]) {
        const error = thrownBy(() =>
          read(() => {
            throw reason;
          }),
        );
        if (reason instanceof Error) expect(error).to.equal(reason);
        else expect(error).to.include({ message: 'scopeClaim threw something that is not an Error', cause: reason });
      }
    });
  });
});
