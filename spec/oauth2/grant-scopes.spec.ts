import { expect } from 'chai';
import fc from 'fast-check';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { InvalidScopeError } from '../../src/errors/oauth2-error';
import { grantScopes } from '../../src/oauth2/grant-scopes';

describe('grantScopes', () => {
  it('grants what was requested, where all of it is allowed', () => {
    expect(grantScopes(['a'], ['a', 'b'])).to.deep.equal(['a']);
    expect(grantScopes(['b', 'a'], ['a', 'b'])).to.deep.equal(['b', 'a']);
  });

  for (const nothing of [[], '', '  ', null, undefined]) {
    it(`grants all that is allowed, where ${JSON.stringify(nothing) ?? 'undefined'} was requested`, () => {
      expect(grantScopes(nothing, ['a', 'b', 'a'])).to.deep.equal(['a', 'b']);
    });
  }

  it('takes space-separated text, as the scope parameter has it', () => {
    expect(grantScopes('b  a b', ['a', 'b', 'c'])).to.deep.equal(['b', 'a']);
  });

  it('grants each scope once', () => {
    expect(grantScopes(['a', 'a'], ['a'])).to.deep.equal(['a']);
  });

  it('grants nobody a scope for asking', () => {
    for (const requested of [['c'], ['a', 'c'], 'a c', ['A'], ['a '], ['a b'], ['']]) {
      expect(() => grantScopes(requested, ['a', 'b']), JSON.stringify(requested)).to.throw(InvalidScopeError);
    }
    expect(() => grantScopes(['a'], [])).to.throw(InvalidScopeError);
  });

  const notLists: Record<string, unknown> = {
    'a string': 'subadmin',
    'an empty string': '',
    undefined,
    null: null,
    'an object': { admin: true, length: 1, includes: () => true },
    'a set': new Set(['admin']),
    'a list with an object': ['admin', { toString: () => 'admin' }],
    'a list with a list': [['admin']],
    'a list with a hole': new Array(1),
    'a String object': new String('admin'),
    'a function': () => ['admin'],
    true: true,
  };
  for (const [name, allowed] of Object.entries(notLists)) {
    it(`refuses ${name} as what is allowed`, () => {
      for (const requested of [['admin'], 'admin', [], undefined]) {
        expect(() => grantScopes(requested, allowed as never)).to.throw(ConfigurationError, /allowed must be an array/);
      }
    });

    if (typeof allowed === 'string' || allowed === undefined || allowed === null) continue;
    it(`refuses ${name} as what is requested`, () => {
      expect(() => grantScopes(allowed as never, ['admin'])).to.throw(ConfigurationError, /requested must be an array/);
    });
  }

  it('does not say in the error what was requested', () => {
    expect(() => grantScopes(['<script>'], ['a']))
      .to.throw(InvalidScopeError)
      .with.property('message')
      .that.does.not.include('script');
  });

  it('never grants what is not allowed, and leaves both lists as they were', () => {
    const scopes = fc.array(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(scopes, scopes, (requested, allowed) => {
        const before = JSON.stringify([requested, allowed]);
        if (requested.every((scope) => allowed.includes(scope))) {
          expect(grantScopes(requested, allowed)).to.have.members([...new Set(requested.length ? requested : allowed)]);
        } else {
          expect(() => grantScopes(requested, allowed)).to.throw(InvalidScopeError);
        }
        expect(JSON.stringify([requested, allowed])).to.equal(before);
      }),
    );
  });
});
