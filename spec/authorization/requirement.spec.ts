import { expect } from 'chai';
import { anyOf } from '../../src/authorization/alternatives';
import { parseRequirement } from '../../src/authorization/requirement';
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
      for (const role of ['notes:raed', anyOf('notes:write', 'notes:raed')]) {
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
