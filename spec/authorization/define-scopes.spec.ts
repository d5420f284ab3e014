import { expect } from 'chai';
import { Get, JsonController } from 'routing-controllers';
import { type DefinedScopes, defineScopes } from '../../src/authorization/define-scopes';
import { ConfigurationError, policy } from '../../src/index';
import { managerOf } from '../support/accounts';
import { thrownBy } from '../support/rejection';

const isOwner = policy('isOwner', () => true);

const notes = defineScopes({
  'notes:read': 'Read notes',
  'notes:write': { description: 'Write notes', implies: ['notes:read'] },
  'notes:admin': { description: 'Do anything', implies: ['notes:write', 'notes:share'] },
  'notes:share': { description: 'Share notes', implies: ['notes:read'] },
});

describe('defineScopes', () => {
  it('has the names in their order, for types and validators', () => {
    expect(notes.names).to.deep.equal(['notes:read', 'notes:write', 'notes:admin', 'notes:share']);
  });

  for (const [given, all] of [
    [[], []],
    [['notes:read'], ['notes:read']],
    [['notes:write'], ['notes:write', 'notes:read']],
    [['notes:admin'], ['notes:admin', 'notes:write', 'notes:read', 'notes:share']],
    [
      ['other', 'notes:share', 'notes:write'],
      ['other', 'notes:share', 'notes:write', 'notes:read'],
    ],
  ]) {
    it(`expands ${JSON.stringify(given)} by all that it implies, each scope once`, () => {
      expect(notes.expand(given as string[])).to.deep.equal(all);
    });
  }

  it('makes decorators and roles that also work without their object', () => {
    const { Authorized, anyOf, allOf } = notes;

    @JsonController('/defined')
    class Routes {
      @Authorized(anyOf('notes:admin', allOf('notes:write', isOwner)))
      @Get('/a')
      a() {}

      @Authorized(['notes:read', isOwner])
      @Get('/b')
      b() {}

      @Authorized()
      @Get('/c')
      c() {}
    }

    const manager = managerOf({ scopes: notes });
    const routes = manager.routes({ controllers: [Routes] });
    expect(
      routes.map(({ scopes, anyOf, policies, public: isPublic }) => [scopes, anyOf, policies, isPublic]),
    ).to.deep.equal([
      [[], [['notes:admin', 'allOf(notes:write, isOwner())']], [], false],
      [['notes:read'], [], ['isOwner'], false],
      [[], [], [], false],
    ]);
  });

  const refused: Record<string, (() => unknown) | undefined> = {
    'a scope that is not defined': () => notes.Authorized('notes:raed' as never),
    'one among several': () => notes.Authorized(['notes:read', 'notes:raed'] as never),
    'one in anyOf': () => notes.anyOf('notes:raed' as never),
    'one in allOf': () => notes.allOf('notes:read', 'notes:raed' as never),
    'a role that is undefined': () => notes.Authorized(undefined as never),
    'a role that is null': () => notes.Authorized(null as never),
    'a second argument': () => (notes.Authorized as (...all: string[]) => unknown)('notes:read', 'notes:write'),
    'scopes that are text': () => notes.expand('notes:write' as never),
    'a list with something else in it': () => notes.expand([7] as never),
    'a list of definitions': () => defineScopes(['notes:read'] as never),
    'no definitions': () => defineScopes(undefined as never),
    'a name that is no scope': () => defineScopes({ 'notes read': 'Read notes' }),
    'an implied scope that is not defined': () => defineScopes({ a: { description: 'A', implies: ['b'] as never } }),
    'a misspelled property': () => defineScopes({ a: { description: 'A', imply: ['b'] } as never, b: 'B' }),
  };
  for (const [name, call] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      expect(call).to.throw(ConfigurationError);
    });
  }

  for (const [name, definitions, circle] of [
    ['a scope that implies itself', { a: ['a'] }, 'a → a'],
    ['two scopes that imply each other', { a: ['b'], b: ['a'] }, 'a → b → a'],
    ['a circle that others lead to', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, 'b → c → d → b'],
  ] as const) {
    const scopes = Object.fromEntries(
      Object.entries(definitions).map(([scope, implies]) => [scope, { description: scope, implies: [...implies] }]),
    );
    it(`refuses ${name}, by whichever way the scopes come`, () => {
      for (const define of [() => defineScopes(scopes), () => managerOf({ scopes })]) {
        const error = thrownBy(define);
        expect(error).to.be.instanceOf(ConfigurationError);
        expect(error.message).to.contain(circle);
      }
    });
  }

  it('suggests the implied scope that was meant', () => {
    const define = () =>
      defineScopes({ 'notes:read': 'Read', 'notes:write': { description: 'Write', implies: ['notes:raed' as never] } });
    expect(define).to.throw(ConfigurationError, 'Did you mean "notes:read"?');
  });

  it('reads nothing from a polluted prototype', () => {
    Object.defineProperty(Object.prototype, 'implies', { value: ['b'], configurable: true });
    let defined: DefinedScopes;
    try {
      defined = defineScopes({ a: { description: 'A' }, b: 'B' });
    } finally {
      Reflect.deleteProperty(Object.prototype, 'implies');
    }
    expect(defined.expand(['a'])).to.deep.equal(['a']);
  });

  it('takes names that objects have for scopes like any other', () => {
    const odd = defineScopes({ constructor: 'A', toString: { description: 'B', implies: ['constructor'] } });
    expect(odd.expand(['toString', 'valueOf'])).to.deep.equal(['toString', 'valueOf', 'constructor']);
  });
});
