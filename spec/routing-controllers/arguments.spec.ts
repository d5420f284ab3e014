import { expect } from 'chai';
import { getMetadataArgsStorage } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { CrossOriginError } from '../../src/errors/cross-origin-error';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { securedSpec } from '../../src/openapi/secured-spec';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf, tokenOf } from '../support/accounts';
import { badTokens, clock } from '../support/bad-tokens';
import { rejection } from '../support/rejection';

const manager = managerOf({ useCookie: true, clock: clock.tell });
const token = tokenOf(manager);
const request = (headers: Record<string, string> = {}, method = 'GET') => ({ headers, method }) as never;
const withToken = () => request({ authorization: `Bearer ${token}` });
const response = { setHeader: () => undefined } as never;

/** Runs a call, whether it throws or rejects. */
const failureOf = (call: () => unknown) => rejection((async () => call())());

// biome-ignore lint/suspicious/noExplicitAny: the calls are wrong on purpose
const wrong = manager as any;

const mistakes: Record<string, [() => unknown, string]> = {
  'authenticate(request, undefined)': [() => wrong.authenticate(withToken(), undefined), 'circular import'],
  'authenticate(request, null)': [() => wrong.authenticate(withToken(), null), 'circular import'],
  'authenticate(request, [undefined])': [() => wrong.authenticate(withToken(), [undefined]), 'circular import'],
  "authenticate(request, ['a', null])": [() => wrong.authenticate(withToken(), ['a', null]), 'circular import'],
  'authenticate(request, 7)': [() => wrong.authenticate(withToken(), 7), '@Authorized takes scopes'],
  'authenticate()': [() => wrong.authenticate(), 'authenticate() requires a request, not undefined'],
  'authenticate(null)': [() => wrong.authenticate(null), 'authenticate() requires a request, not null'],
  'authenticate(token)': [
    () => wrong.authenticate(token),
    'authenticate() requires a request, not a value of type string',
  ],
  'authenticate(action)': [() => wrong.authenticate({ request: withToken() }), 'pass action.request'],
  'optional(request, undefined)': [() => wrong.optional(withToken(), undefined), 'circular import'],
  'optional(request, null)': [() => wrong.optional(withToken(), null), 'circular import'],
  'optional(request, null, {})': [() => wrong.optional(withToken(), null, {}), 'circular import'],
  'optional(request, [undefined])': [() => wrong.optional(withToken(), [undefined]), 'circular import'],
  'optional(request, [], { stict: true })': [() => wrong.optional(withToken(), [], { stict: true }), "has no 'stict'"],
  "optional(request, [], { strict: 'yes' })": [
    () => wrong.optional(withToken(), [], { strict: 'yes' }),
    'true or false',
  ],
  'checkOrigin()': [() => wrong.checkOrigin(), 'checkOrigin() requires a request'],
  'optional()': [() => wrong.optional(), 'optional() requires a request'],
  'hasScopes(token, undefined)': [() => wrong.hasScopes(token, undefined), 'circular import'],
  'hasScopes(token, [undefined])': [() => wrong.hasScopes(token, [undefined]), 'circular import'],
  'hasScopes(token, policy)': [() => wrong.hasScopes(token, () => true), 'hasScopes() requires a scope'],
  'hasScopes(undefined, scope)': [() => wrong.hasScopes(undefined, 'a'), 'hasScopes() requires a token'],
  'getCurrentUser()': [() => wrong.getCurrentUser(), 'getCurrentUser() requires a token'],
  'getCurrentUser(null)': [() => wrong.getCurrentUser(null), 'getCurrentUser() requires a token'],
  'getCurrentUser(promise)': [() => wrong.getCurrentUser(Promise.resolve(token)), 'not a promise; await it first'],
  'verify()': [() => wrong.verify(), 'verify() requires a token'],
  'verify(promise)': [() => wrong.verify(Promise.resolve(token)), 'not a promise; await it first'],
  'setCookie(response, promise)': [
    () => wrong.setCookie(response, Promise.resolve({})),
    'not a promise; await it first',
  ],
  'setCookie(response, token, { Session: true })': [
    () => wrong.setCookie(response, token, { Session: true }),
    "setCookie() has no 'Session'",
  ],
  "setCookie(response, token, { session: 'true' })": [
    () => wrong.setCookie(response, token, { session: 'true' }),
    'session must be true or false',
  ],
  'setCookie(response, token, null)': [() => wrong.setCookie(response, token, null), 'options of setCookie()'],
  'refresh(token, { scope })': [() => wrong.refresh(token, { scope: ['a'] }), "refresh() has no 'scope'"],
  'refresh(token, { scopes: text })': [() => wrong.refresh(token, { scopes: 'a' }), 'scopes of refresh()'],
  'refresh(token, { scopes: sparse })': [() => wrong.refresh(token, { scopes: new Array(1) }), 'scopes of refresh()'],
  'redeem(token, purpose, { Bind })': [() => wrong.redeem(token, 'reset', { Bind: 'x' }), "redeem() has no 'Bind'"],
  'redeem(token, purpose, null)': [() => wrong.redeem(token, 'reset', null), 'options of redeem()'],
  'forgetUser()': [() => wrong.forgetUser(), 'forgetUser() requires a subject'],
  "forgetUser('')": [() => wrong.forgetUser(''), 'forgetUser() requires a subject'],
  'logout()': [() => wrong.logout(), 'logout() requires a request'],
  'logout(request)': [() => wrong.logout(withToken()), 'logout() requires a response'],
  'login()': [() => wrong.login(undefined, { data: { sub: 'ada' } }), 'login() requires a response'],
  'login(promise)': [() => wrong.login(Promise.resolve({}), { data: { sub: 'ada' } }), 'not a promise'],
  "login(response, { remember: 'false' })": [
    () => wrong.login({ req: withToken(), setHeader: () => undefined }, { data: { sub: 'ada' }, remember: 'false' }),
    'remember must be true or false',
  ],
  'createAccessToken({ scopes: sparse })': [
    () => wrong.createAccessToken({ data: { sub: 'ada' }, scopes: new Array(1) }),
    'scopes must be an array of scopes',
  ],
  'setCookie(response)': [() => wrong.setCookie(response), 'setCookie() requires a token or a token response'],
  'setCookie(response, {})': [() => wrong.setCookie(response, {}), 'setCookie() requires a token or a token response'],
  'setCookie(token)': [() => wrong.setCookie(token), 'setCookie() requires a response, not a value of type string'],
  'clearCookie()': [() => wrong.clearCookie(), 'clearCookie() requires a response'],
  'createAccessToken()': [() => wrong.createAccessToken(), 'createAccessToken() was given no object'],
  "createAccessToken('ada')": [() => wrong.createAccessToken('ada'), 'createAccessToken() was given no object'],
  'createTokenResponse()': [() => wrong.createTokenResponse(), 'createTokenResponse() was given no object'],
  'refresh()': [() => wrong.refresh(), 'refresh() requires a request'],
  'revoke(undefined)': [() => wrong.revoke(undefined), 'revoke() requires a request'],
  'attachMiddleware()': [() => wrong.attachMiddleware(), 'attachMiddleware() requires an application or a router'],
  'checker({}, [])': [() => wrong.checker({}, []), 'There is no request; pass an action'],
  'currentUserChecker(request)': [() => wrong.currentUserChecker(withToken()), 'There is no request; pass an action'],
  'tokenEndpoints(undefined, options)': [
    () => tokenEndpoints(undefined as never, { verifyPassword: () => null }),
    'tokenEndpoints() requires a LoginManager, not undefined',
  ],
  'securedSpec(undefined, storage)': [
    () => securedSpec(undefined as never, getMetadataArgsStorage()),
    'securedSpec() requires a LoginManager, not undefined',
  ],
  'securedSpec(manager)': [() => securedSpec(manager, undefined as never), 'pass getMetadataArgsStorage()'],
  'guard(undefined)': [() => wrong.guard(undefined), 'circular import'],
};

describe('a mistake in the arguments', () => {
  for (const [name, [call, message]] of Object.entries(mistakes)) {
    it(`is a ConfigurationError that names it: ${name}`, async () => {
      const error = await failureOf(call);
      expect(error).to.be.instanceOf(ConfigurationError);
      expect(error.message).to.include(message).and.not.include(token);
    });
  }
});

describe('scopes that are left out', () => {
  it('require a login only', async () => {
    expect((await manager.authenticate(withToken())).user.email).to.equal('ada@example.com');
    expect((await manager.optional(withToken()))?.email).to.equal('ada@example.com');
  });

  it('may be undefined before the options of optional()', async () => {
    expect(await manager.optional(request(), undefined, { strict: true })).to.equal(null);
  });
});

describe('manager.optional with strict', () => {
  const strict = (given: never) => manager.optional(given, [], { strict: true });

  it('is null for a missing token', async () => {
    expect(await strict(request())).to.equal(null);
  });

  it('is the user of a good token', async () => {
    expect((await strict(withToken()))?.email).to.equal('ada@example.com');
  });

  for (const [name, bad] of Object.entries(badTokens)) {
    it(`refuses ${name}, which is null without it`, async () => {
      const given = () => request({ authorization: `Bearer ${bad.token}` });
      expect(await rejection(strict(given()))).to.be.instanceOf(NotAuthenticatedError);
      expect(await manager.optional(given())).to.equal(null);
      expect(await manager.optional(given(), [], { strict: false })).to.equal(null);
    });
  }

  it('refuses a cross-site request with the cookie', async () => {
    const given = request({ cookie: `access-token=${token}`, 'sec-fetch-site': 'cross-site' }, 'POST');
    expect(await rejection(strict(given))).to.be.instanceOf(CrossOriginError);
  });
});

describe('manager.verify', () => {
  it('returns the payload, and loads no user', async () => {
    const other = managerOf({ clock: clock.tell });
    const payload = await other.verify(tokenOf(other, 'nobody@example.com', ['read']));
    expect(payload).to.include({ sub: 'nobody@example.com' });
  });

  for (const [name, { token: bad, code }] of Object.entries(badTokens).filter(
    ([, one]) => one.code !== 'user_unknown',
  )) {
    it(`refuses ${name}`, async () => {
      expect(await rejection(manager.verify(bad)))
        .to.be.instanceOf(NotAuthenticatedError)
        .and.include({ code });
    });
  }

  it('refuses a token that was revoked', async () => {
    const revoking = managerOf({ sessionStore: new MemorySessionStore() });
    const revoked = tokenOf(revoking);
    await revoking.revoke(revoked);
    expect(await rejection(revoking.verify(revoked))).to.include({ code: 'token_revoked' });
  });
});
