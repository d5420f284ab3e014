import { expect } from 'chai';
import { allOf, anyOf } from '../../src/authorization/alternatives';
import { parseRequirement, scopesOf, validateRole } from '../../src/authorization/requirement';
import { stepUp } from '../../src/authorization/step-up';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { nameOf } from '../support/name-of';

const isAdmin = () => true;
const isOwner = () => true;

describe('what a route requires', () => {
  it('is all the scopes, one of each of the alternatives, and all the policies', () => {
    expect(parseRequirement(['a', anyOf('b', 'c'), isAdmin, 'd', anyOf('e'), isOwner], undefined)).to.deep.equal({
      allOf: ['a', 'd'],
      anyOf: [['b', 'c'], ['e']],
      policies: [isAdmin, isOwner],
      alternatives: [],
      scopes: ['a', 'd', 'b', 'c', 'e'],
    });
  });

  it('is a login alone, where nothing is named', () => {
    expect(parseRequirement([], ['a'])).to.deep.equal({
      allOf: [],
      anyOf: [],
      policies: [],
      alternatives: [],
      scopes: [],
    });
  });

  it('is each thing once', () => {
    const roles = ['a', 'a', anyOf('b', 'c', 'b'), anyOf('c', 'b'), isAdmin, isAdmin];
    const requirement = parseRequirement(roles, undefined);
    expect(requirement).to.deep.include({ allOf: ['a'], policies: [isAdmin], scopes: ['a', 'c', 'b'] });
    expect(requirement.anyOf).to.have.length(1);
    expect(requirement.anyOf[0]).to.have.members(['b', 'c']);
  });

  it('is the groups of scopes apart from those with policies', () => {
    const mixed = anyOf('c', isOwner);
    expect(parseRequirement([anyOf('a', 'b'), mixed], undefined)).to.deep.include({
      anyOf: [['a', 'b']],
      alternatives: [mixed],
      scopes: ['a', 'b'],
    });
  });

  it('is what stands in an allOf, and in an anyOf of one, as if it stood in the list', () => {
    const role = allOf('a', isAdmin, anyOf('b', 'c'), anyOf(allOf('d', isOwner)));
    expect(parseRequirement([role], undefined)).to.deep.include({
      allOf: ['a', 'd'],
      anyOf: [['b', 'c']],
      policies: [isAdmin, isOwner],
      alternatives: [],
    });
    expect(parseRequirement([anyOf(isAdmin)], undefined)).to.deep.include({ policies: [isAdmin], alternatives: [] });
  });

  it('leaves an anyOf of one scope to itself, and one of several roles', () => {
    expect(parseRequirement([anyOf('a')], undefined)).to.deep.include({ allOf: [], anyOf: [['a']] });
    const two = anyOf(isAdmin, isOwner);
    expect(parseRequirement([two], undefined)).to.deep.include({ policies: [], alternatives: [two] });
  });

  it('has groups of the same roles once, in whatever order their scopes stand, and others each', () => {
    const { anyOf: groups } = parseRequirement([anyOf('a', 'b'), anyOf('b', 'a'), anyOf('ab')], undefined);
    expect(groups).to.deep.equal([['b', 'a'], ['ab']]);
    const { alternatives } = parseRequirement(
      [anyOf('a', isAdmin), anyOf('a', isAdmin), anyOf('a', isOwner)],
      undefined,
    );
    expect(alternatives.map(({ roles }) => roles)).to.deep.equal([
      ['a', isAdmin],
      ['a', isOwner],
    ]);
  });

  it('does not take scopes that spell another group for that group', () => {
    expect(parseRequirement([anyOf('a', 'bc'), anyOf('ab', 'c')], undefined).anyOf).to.have.length(2);
  });

  it('has scopes that cannot be changed, and a copy of its own', () => {
    expect(parseRequirement(['a', anyOf('b')], undefined).scopes).to.be.frozen;
    const roles = ['a', 'b'];
    const { scopes } = parseRequirement(roles, undefined);
    roles.push('c');
    expect(scopes).to.deep.equal(['a', 'b']).and.to.be.frozen;
  });

  it('names every scope, also those beside policies, each once', () => {
    const requirement = parseRequirement(['a', anyOf('b', 'a'), anyOf('c', allOf('a', isAdmin, 'd'))], undefined);
    expect(scopesOf(requirement)).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('finds nothing wrong with a role that is valid', () => {
    for (const role of ['a', isAdmin, anyOf('a', isAdmin), allOf('a', isAdmin), stepUp({ maxAge: 1 })])
      expect(validateRole(role, ['a'])).to.equal(undefined);
  });

  it('says where mistakes are explained', () => {
    expect(() => parseRequirement([7], undefined)).to.throw(/docs\/troubleshooting\.md#routes-and-decorators$/);
  });

  for (const role of [undefined, null]) {
    it(`cannot be ${role}, as in a circular import`, () => {
      expect(() => parseRequirement(['a', role], undefined)).to.throw(
        ConfigurationError,
        `a required scope or policy is ${role}; check for a circular import`,
      );
    });
  }

  it('cannot have a hole', () => {
    expect(() => parseRequirement(new Array(1), undefined)).to.throw(ConfigurationError, 'is undefined');
  });

  for (const role of [7, true, {}, ['a'], { scopes: ['a'] }, Symbol('a')]) {
    it(`cannot be ${nameOf(role)}`, () => {
      expect(() => parseRequirement(['a', role], undefined)).to.throw(
        ConfigurationError,
        /@Authorized takes scopes \(strings\), policies \(functions\), anyOf\(…\), allOf\(…\) and stepUp\(…\)/,
      );
    });
  }

  for (const scope of ['', ' ', 'a b', 'a,"b"', 'a\\b', 'ä', 'a\n']) {
    it(`cannot be the scope ${nameOf(scope)}`, () => {
      expect(() => parseRequirement([scope], undefined)).to.throw(
        ConfigurationError,
        /is not a scope.*RFC 6749 §3\.3.*pass several as an array/,
      );
      expect(() => anyOf('a', scope)).to.throw(ConfigurationError, /is not a scope/);
    });
  }

  it('may hold any character of RFC 6749 §3.3', () => {
    const scope = String.fromCharCode(
      ...Array.from({ length: 94 }, (_, index) => index + 0x21).filter((code) => code !== 0x22 && code !== 0x5c),
    );
    expect(parseRequirement([scope], undefined).allOf).to.deep.equal([scope]);
  });

  describe('of a manager that declares its scopes', () => {
    const declared = ['notes:read', 'notes:write'];

    it('is among them', () => {
      expect(parseRequirement(['notes:read', anyOf('notes:write')], declared).allOf).to.deep.equal(['notes:read']);
    });

    it('cannot be another, and the nearest one is suggested', () => {
      for (const role of [
        'notes:raed',
        anyOf('notes:write', 'notes:raed'),
        anyOf('notes:write', allOf(isAdmin, 'notes:raed')),
      ]) {
        expect(() => parseRequirement([role], declared)).to.throw(
          ConfigurationError,
          `the scope 'notes:raed' is not among the manager's scopes. Did you mean "notes:read"?`,
        );
      }
    });

    it('cannot be one that objects inherit', () => {
      expect(() => parseRequirement(['toString'], declared)).to.throw(ConfigurationError, /not among/);
    });
  });
});

describe('anyOf', () => {
  it('requires at least one scope', () => {
    expect(() => anyOf()).to.throw(ConfigurationError, /anyOf\(\) requires at least one scope/);
  });

  it('takes scopes alone, no lists', () => {
    expect(() => anyOf(['a'] as never)).to.throw(ConfigurationError, /is neither a scope nor a policy/);
  });

  it('cannot be changed afterwards', () => {
    expect(anyOf('a', 'b').roles).to.be.frozen;
  });
});
