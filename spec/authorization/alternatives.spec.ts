import { expect } from 'chai';
import {
  AllOf,
  type Alternative,
  AnyOf,
  allOf,
  anyOf,
  decide,
  describeRole,
  isSameRole,
  leavesOf,
  nextPolicy,
  scopeChoices,
  scopesIn,
  type Truth,
} from '../../src/authorization/alternatives';
import type { Policy } from '../../src/authorization/policy';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { nameOf } from '../support/name-of';

const isAdmin = () => true;
const isOwner = () => true;

/** What is known of scopes and policies: yes, no, or nothing yet. */
function knowing(yes: readonly unknown[], no: readonly unknown[]) {
  return (leaf: string | Policy): Truth => (yes.includes(leaf) ? true : no.includes(leaf) ? false : undefined);
}

const always = () => true;

describe('a group of roles', () => {
  for (const [name, group] of [
    ['anyOf', anyOf],
    ['allOf', allOf],
  ] as const) {
    describe(`from ${name}`, () => {
      const type = name === 'anyOf' ? AnyOf : AllOf;
      const other = name === 'anyOf' ? allOf : anyOf;

      it('has its scopes first, then its policies and groups, each in the order of the arguments', () => {
        const inner = other('c', isOwner);
        const made = group(isAdmin, 'b', inner, 'a', isOwner);
        expect(made).to.be.instanceOf(type);
        expect(made.roles).to.deep.equal(['b', 'a', isAdmin, inner, isOwner]);
      });

      it('has each role once', () => {
        expect(group('a', isAdmin, 'a', isAdmin).roles).to.deep.equal(['a', isAdmin]);
      });

      it('takes in a group of its own kind, and keeps one of the other kind', () => {
        expect(group('a', group('b', isAdmin)).roles).to.deep.equal(['a', 'b', isAdmin]);
        const inner = other('b', isAdmin);
        expect(group('a', inner).roles).to.deep.equal(['a', inner]);
      });

      it('cannot be changed', () => {
        expect(group('a', isAdmin).roles).to.be.frozen;
      });

      it('requires a role', () => {
        expect(() => group())
          .to.throw(ConfigurationError, `${name}() requires at least one scope or policy`)
          .with.property('message')
          .that.includes('troubleshooting.md#routes-and-decorators');
      });

      for (const [bad, said] of [
        [null, 'null'],
        [undefined, 'undefined'],
        [7, 'number'],
        [{}, 'object'],
        [['a'], 'object'],
      ] as const) {
        it(`refuses ${nameOf(bad)}, and says what it is`, () => {
          expect(() => group('a', bad as never))
            .to.throw(
              ConfigurationError,
              `${name}(): ${said} is neither a scope nor a policy; check for a circular import, and list stepUp(…) beside it`,
            )
            .with.property('message')
            .that.includes('troubleshooting.md#routes-and-decorators');
        });
      }

      for (const bad of ['', 'a b', 'a"b']) {
        it(`refuses ${JSON.stringify(bad)}, which is no scope`, () => {
          expect(() => group('a', bad)).to.throw(ConfigurationError, `${name}(): `);
        });
      }
    });
  }
});

describe('the leaves of a role', () => {
  const role = anyOf('a', allOf('b', isAdmin, anyOf('c', isOwner)));

  it('are its scopes and policies, from left to right', () => {
    expect(leavesOf(role)).to.deep.equal(['a', 'b', isAdmin, 'c', isOwner]);
    expect(leavesOf('a')).to.deep.equal(['a']);
    expect(leavesOf(isAdmin)).to.deep.equal([isAdmin]);
  });

  it('have the scopes among them', () => {
    expect(scopesIn(role)).to.deep.equal(['a', 'b', 'c']);
    expect(scopesIn(isAdmin)).to.deep.equal([]);
  });
});

describe('whether a role is met', () => {
  const cases: [role: Alternative, yes: unknown[], no: unknown[], truth: Truth][] = [
    ['a', ['a'], [], true],
    ['a', [], ['a'], false],
    ['a', [], [], undefined],
    [isAdmin, [isAdmin], [], true],
    [isAdmin, [], [isAdmin], false],
    [anyOf('a', isAdmin), ['a'], [], true],
    [anyOf('a', isAdmin), [], ['a'], undefined],
    [anyOf('a', isAdmin), [], ['a', isAdmin], false],
    [anyOf('a', isAdmin), [isAdmin], ['a'], true],
    [allOf('a', isAdmin), ['a'], [], undefined],
    [allOf('a', isAdmin), [], ['a'], false],
    [allOf('a', isAdmin), ['a', isAdmin], [], true],
    [allOf('a', isAdmin), ['a'], [isAdmin], false],
    [anyOf('a', allOf('b', isAdmin)), ['b'], ['a'], undefined],
    [anyOf('a', allOf('b', isAdmin)), ['b', isAdmin], ['a'], true],
    [anyOf('a', allOf('b', isAdmin)), [], ['a', 'b'], false],
    [allOf('a', anyOf('b', isAdmin)), ['a', 'b'], [], true],
    [allOf('a', anyOf('b', isAdmin)), ['a'], ['b', isAdmin], false],
  ];

  for (const [role, yes, no, truth] of cases) {
    const words = (names: unknown[]) => names.map((name) => describeRole(name as Alternative)).join(', ') || 'nothing';
    it(`is ${truth ?? 'not known'} for ${describeRole(role)} with ${words(yes)} but not ${words(no)}`, () => {
      expect(decide(role, knowing(yes, no))).to.equal(truth);
    });
  }
});

describe('the next policy of a role', () => {
  it('is the first that can change the result', () => {
    const role = anyOf('a', allOf('b', isAdmin), isOwner);
    expect(nextPolicy(role, knowing(['b'], ['a']), always)).to.equal(isAdmin);
    expect(nextPolicy(role, knowing(['b'], ['a', isAdmin]), always)).to.equal(isOwner);
    expect(nextPolicy(role, knowing([], ['a', 'b']), always)).to.equal(isOwner);
  });

  it('is none once the result is known', () => {
    const role = anyOf('a', isOwner);
    expect(nextPolicy(role, knowing(['a'], []), always)).to.equal(undefined);
    expect(nextPolicy(role, knowing([], ['a', isOwner]), always)).to.equal(undefined);
    expect(nextPolicy(isOwner, knowing([isOwner], []), always)).to.equal(undefined);
    expect(nextPolicy(isOwner, knowing([], [isOwner]), always)).to.equal(undefined);
  });

  it('is none for a scope', () => {
    expect(nextPolicy('a', knowing([], []), always)).to.equal(undefined);
    expect(nextPolicy('a', knowing(['a'], []), always)).to.equal(undefined);
  });

  it('is never one that may not be asked now', () => {
    const role = anyOf(isAdmin, isOwner);
    expect(nextPolicy(role, knowing([], []), (one) => one !== isAdmin)).to.equal(isOwner);
    expect(nextPolicy(role, knowing([], []), () => false)).to.equal(undefined);
    expect(nextPolicy(isAdmin, knowing([], []), () => false)).to.equal(undefined);
  });
});

describe('the choices of scopes with which a role can be met', () => {
  for (const [role, choices] of [
    ['a', [['a']]],
    [isAdmin, [[]]],
    [anyOf('a', 'b'), [['a'], ['b']]],
    [allOf('a', 'b'), [['a', 'b']]],
    [anyOf('a', isAdmin), [['a'], []]],
    [allOf('a', isAdmin), [['a']]],
    [anyOf('a', allOf('b', 'c')), [['a'], ['b', 'c']]],
    [
      allOf('a', anyOf('b', 'c'), anyOf('d', isAdmin)),
      [
        ['a', 'b', 'd'],
        ['a', 'b'],
        ['a', 'c', 'd'],
        ['a', 'c'],
      ],
    ],
  ] as [Alternative, string[][]][]) {
    it(`are ${JSON.stringify(choices)} for ${describeRole(role)}`, () => {
      expect(scopeChoices(role)).to.deep.equal(choices);
    });
  }
});

describe('a role in words', () => {
  it('is a scope as it is, a policy by its name, and a group with what is in it', () => {
    expect(describeRole('a')).to.equal('a');
    expect(describeRole(isAdmin)).to.equal('isAdmin()');
    expect(
      describeRole(
        (
          () => () =>
            true
        )(),
      ),
    ).to.equal('(anonymous)');
    expect(describeRole(anyOf('a', allOf('b', isOwner)))).to.equal('anyOf(a, allOf(b, isOwner()))');
  });
});

describe('two roles', () => {
  for (const [one, other] of [
    ['a', 'a'],
    [isAdmin, isAdmin],
    [anyOf('a', isAdmin), anyOf(isAdmin, 'a')],
    [anyOf('a', allOf('b', isAdmin)), anyOf('a', allOf('b', isAdmin))],
  ] as [Alternative, Alternative][]) {
    it(`are the same: ${describeRole(one)} and ${describeRole(other)}`, () => {
      expect(isSameRole(one, other)).to.equal(true);
    });
  }

  for (const [one, other] of [
    ['a', 'b'],
    [isAdmin, isOwner],
    ['a', anyOf('a')],
    [anyOf('a'), 'a'],
    [anyOf('a', 'b'), allOf('a', 'b')],
    [allOf('a', 'b'), anyOf('a', 'b')],
    [anyOf('a'), anyOf('a', 'b')],
    [anyOf('a', 'b'), anyOf('a')],
    [anyOf('a', 'b'), anyOf('a', 'c')],
    [anyOf('a', 'b'), anyOf('c', 'b')],
    [anyOf('a', allOf('b', isAdmin)), anyOf('a', allOf('b', isOwner))],
  ] as [Alternative, Alternative][]) {
    it(`differ: ${describeRole(one)} and ${describeRole(other)}`, () => {
      expect(isSameRole(one, other)).to.equal(false);
    });
  }
});
