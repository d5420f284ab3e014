import { expect } from 'chai';
import { allOf, anyOf } from '../../src/authorization/alternatives';
import { NO_REQUIREMENT, type Requirement } from '../../src/authorization/requirement';
import { compareRoutes, describeRoute, formatRoutes, type Route } from '../../src/authorization/route-table';

const route = (path: string, more: Partial<Route> = {}): Route => ({
  method: 'GET',
  path,
  controller: 'Notes',
  action: 'list',
  public: false,
  scopes: [],
  anyOf: [],
  policies: [],
  ...more,
});

describe('describeRoute', () => {
  it('sorts scopes and alternatives, and leaves the requirement as it is', () => {
    const requirement = {
      allOf: ['b', 'a'],
      anyOf: [
        ['d', 'c'],
        ['b', 'a'],
      ],
      policies: [],
      alternatives: [],
      scopes: ['b', 'a', 'd', 'c'],
    };
    const described = describeRoute('get', '/', 'Notes', 'list', { isPublic: false, requirement });
    expect(described).to.deep.equal(
      route('/', {
        scopes: ['a', 'b'],
        anyOf: [
          ['c', 'd'],
          ['a', 'b'],
        ],
      }),
    );
    expect(requirement.allOf).to.deep.equal(['b', 'a']);
  });

  it('has the step-up of a route that requires one, and none of others', () => {
    const describe = (requirement: Requirement) =>
      describeRoute('get', '/', 'Notes', 'list', { isPublic: false, requirement });
    expect(describe({ ...NO_REQUIREMENT, stepUp: { maxAge: 300 } })).to.deep.equal(
      route('/', { stepUp: { maxAge: 300 } }),
    );
    expect(describe(NO_REQUIREMENT)).not.to.have.property('stepUp');
  });

  it('writes alternatives with policies in words, in their order', () => {
    const isOwner = () => true;
    const requirement = { ...NO_REQUIREMENT, anyOf: [['b', 'a']], alternatives: [anyOf('d', allOf('c', isOwner))] };
    expect(describeRoute('get', '/', 'Notes', 'list', { isPublic: false, requirement }).anyOf).to.deep.equal([
      ['a', 'b'],
      ['d', 'allOf(c, isOwner())'],
    ]);
  });

  it('names policies, also those without a name', () => {
    const isOwner = () => true;
    const requirement = { ...NO_REQUIREMENT, policies: [isOwner, () => true] };
    const { policies } = describeRoute('get', '/', 'Notes', 'list', { isPublic: false, requirement });
    expect(policies).to.deep.equal(['isOwner', '(anonymous)']);
  });
});

describe('compareRoutes', () => {
  it('goes by path, then method, then controller, then action', () => {
    const sorted = [
      route('/a', { method: 'GET' }),
      route('/a', { method: 'POST', controller: 'A', action: 'z' }),
      route('/a', { method: 'POST', controller: 'B', action: 'a' }),
      route('/a', { method: 'POST', controller: 'B', action: 'b' }),
      route('/b', { method: 'DELETE' }),
    ];
    expect([...sorted].reverse().sort(compareRoutes)).to.deep.equal(sorted);
  });

  it('does not depend on where it runs: capitals come first', () => {
    expect([route('/b'), route('/B'), route('/a')].sort(compareRoutes).map(({ path }) => path)).to.deep.equal([
      '/B',
      '/a',
      '/b',
    ]);
  });
});

describe('formatRoutes', () => {
  const needsOf = (one: Route) => formatRoutes([one]).split('\n')[1]?.split(/ {2,}/)[2];

  for (const [expected, one] of [
    ['(public)', route('/', { public: true })],
    ['(login)', route('/')],
    ['a, b', route('/', { scopes: ['a', 'b'] })],
    [
      'a | b, c | d',
      route('/', {
        anyOf: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      }),
    ],
    ['isOwner()', route('/', { policies: ['isOwner'] })],
    ['(anonymous)', route('/', { policies: ['(anonymous)'] })],
    ['a, stepUp(300s, mfa)', route('/', { scopes: ['a'], stepUp: { maxAge: 300, acr: ['mfa'] } })],
    ['a, b | c, isOwner()', route('/', { scopes: ['a'], anyOf: [['b', 'c']], policies: ['isOwner'] })],
  ] as const) {
    it(`writes what a route needs as ${expected}`, () => {
      expect(needsOf(one)).to.equal(expected);
    });
  }

  it('aligns its columns, without spaces at the ends of lines', () => {
    const lines = formatRoutes([route('/a'), route('/a/long/path', { method: 'DELETE', public: true })]).split('\n');
    expect(lines).to.deep.equal([
      'METHOD  PATH          NEEDS     HANDLER',
      'GET     /a            (login)   Notes.list',
      'DELETE  /a/long/path  (public)  Notes.list',
    ]);
  });

  it('keeps the order it is given', () => {
    expect(formatRoutes([route('/b'), route('/a')])).to.match(/\/b.*\/a/s);
  });
});
