import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { anyOf } from '../../src/authorization/alternatives';
import { Authorizer } from '../../src/authorization/authorizer';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { DEFAULT_PARAMETERS } from '../../src/errors/www-authenticate';
import type { LoginEvent } from '../../src/util/diagnostics';
import { managerOf } from '../support/accounts';
import { rejection } from '../support/rejection';

describe('what a list of roles requires', () => {
  /** An authorizer that is only asked what roles require. */
  const authorizerOf = (declared?: readonly string[]) =>
    new Authorizer(
      undefined as never,
      { challenge: DEFAULT_PARAMETERS } as never,
      declared,
      undefined as never,
      Date.now,
      undefined,
    );

  it('is found out once for the list of a route', () => {
    const authorizer = authorizerOf();
    const roles = ['a', anyOf('b', 'c')];
    const requirement = authorizer.requirementFor(roles);
    expect(requirement).to.deep.include({ allOf: ['a'], anyOf: [['b', 'c']] });
    expect(authorizer.requirementFor(roles)).to.equal(requirement);
    expect(authorizer.requirementFor([...roles])).not.to.equal(requirement);
  });

  it('is found out once for a role that is not in a list', () => {
    const authorizer = authorizerOf();
    const isAdmin = () => true;
    expect(authorizer.requirementFor(isAdmin)).to.equal(authorizer.requirementFor(isAdmin));
    expect(authorizer.requirementFor(isAdmin).policies).to.deep.equal([isAdmin]);
    expect(authorizer.requirementFor('a').allOf).to.deep.equal(['a']);
    expect(authorizer.requirementFor('a')).to.deep.equal(authorizer.requirementFor('a'));
  });

  it('is found out anew, if the list has changed since', () => {
    const authorizer = authorizerOf();
    const roles = ['a'];
    expect(authorizer.requirementFor(roles).allOf).to.deep.equal(['a']);
    roles.push('b');
    expect(authorizer.requirementFor(roles).allOf).to.deep.equal(['a', 'b']);
    roles[0] = 'c';
    expect(authorizer.requirementFor(roles).allOf).to.deep.equal(['c', 'b']);
    roles.pop();
    expect(authorizer.requirementFor(roles).allOf).to.deep.equal(['c']);
  });

  it('must be among the declared scopes, each time', () => {
    const authorizer = authorizerOf(['a']);
    const roles = ['b'];
    for (let time = 0; time < 2; time++)
      expect(() => authorizer.requirementFor(roles)).to.throw(ConfigurationError, "the scope 'b' is not among");
  });
});

describe('a request that is asked about more than once', () => {
  const events: LoginEvent[] = [];
  const listen = (message: unknown) => events.push(message as LoginEvent);

  beforeEach(() => {
    events.length = 0;
    subscribe('routing-controllers-login:refused', listen);
  });

  afterEach(() => {
    unsubscribe('routing-controllers-login:refused', listen);
  });

  it('is refused each time, and the refusal is published once', async () => {
    const manager = managerOf();
    const request = { headers: { authorization: 'Bearer garbage' } } as never;
    for (let time = 0; time < 3; time++)
      expect(await rejection(manager.authenticate(request))).to.have.property('code', 'token_invalid');
    expect(events.map(({ code }) => code)).to.deep.equal(['token_invalid']);
    await rejection(manager.authenticate({ headers: {} } as never));
    expect(events.map(({ code }) => code)).to.deep.equal(['token_invalid', 'token_missing']);
  });

  it('has no user, and with strict a bad token is refused', async () => {
    const manager = managerOf();
    const bad = { headers: { authorization: 'Bearer garbage' } } as never;
    const none = { headers: {} } as never;
    expect(await manager.optional(bad)).to.equal(null);
    expect(await manager.optional(none)).to.equal(null);
    expect(await manager.optional(none, [], { strict: true })).to.equal(null);
    expect(await rejection(manager.optional(bad, [], { strict: true }))).to.have.property('code', 'token_invalid');
    expect(events).to.have.length(1);
  });
});

describe('without the option context', () => {
  for (const [method, call] of [
    ['current', () => managerOf().current()],
    ['runAs', () => managerOf().runAs({ email: 'ada@example.com', admin: false }, () => 1)],
  ] as const) {
    it(`${method}() says what to do`, () => {
      expect(call).to.throw(ConfigurationError, `${method}() requires the option context; set it to true`);
    });
  }
});
