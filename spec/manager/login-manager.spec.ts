import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { badTokens, clock } from '../support/bad-tokens';
import { nameOf } from '../support/name-of';

/** The error that a promise rejects with. */
async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string; cause?: unknown }> {
  return promise.then(
    () => expect.fail('it should have been rejected'),
    (error) => error,
  );
}

class PleaseLogIn extends Error {}

const sub = 'ada@example.com';

describe('LoginManager', () => {
  const manager = managerOf({ clock: clock.tell });

  it('knows its token URL', () => {
    expect(manager.tokenUrl).to.equal('/login');
    expect(new LoginManager(SECRET, null).tokenUrl).to.equal(null);
  });

  it('has checkers that can be passed alone', () => {
    const { checker, currentUserChecker } = manager;
    const request = { headers: {}, method: 'GET', socket: {} };
    expect(() => checker({ request, response: undefined }, [])).to.throw(NotAuthenticatedError);
    expect(currentUserChecker({ request, response: undefined })).to.be.a('promise');
  });

  describe('createAccessToken', () => {
    const claimsOf = (token: string) => jwt.decode(token) as Record<string, unknown>;

    it('gives a signed token, at once', () => {
      const token = manager.createAccessToken({ data: { sub, role: 'author' }, scopes: ['read'] });
      expect(jwt.verify(token, SECRET, { clockTimestamp: clock.now / 1000 })).to.deep.equal({
        sub,
        role: 'author',
        scopes: ['read'],
        iat: clock.now / 1000,
        exp: clock.now / 1000 + 900,
      });
    });

    it('does not change the data', () => {
      const data = Object.freeze({ sub });
      manager.createAccessToken({ data, scopes: ['read'] });
      expect(data).to.deep.equal({ sub });
    });

    it('writes each scope once', () => {
      const token = manager.createAccessToken({ data: { sub }, scopes: ['read', 'write', 'read'] });
      expect(claimsOf(token).scopes).to.deep.equal(['read', 'write']);
    });

    for (const claim of ['iss', 'aud', 'exp', 'iat', 'jti', 'scopes', 'scope']) {
      it(`refuses ${claim} in the data, which the options say`, () => {
        const create = () => manager.createAccessToken({ data: { sub, [claim]: 'x' } });
        expect(create).to.throw(ConfigurationError, `'${claim}'`);
      });
    }
  });

  describe('createTokenResponse', () => {
    it('gives the body of RFC 6749 §5.1', async () => {
      const { access_token, ...others } = await manager.createTokenResponse({
        data: { sub },
        expires: '1h',
        scopes: ['read', 'write', 'read'],
      });
      expect((await manager.getCurrentUser(access_token)).email).to.equal(sub);
      expect(others).to.deep.equal({ token_type: 'bearer', expires_in: 3600, scope: 'read write' });
    });

    it('leaves scope out where there is none', async () => {
      expect(await manager.createTokenResponse({ data: { sub } })).to.have.all.keys(
        'access_token',
        'token_type',
        'expires_in',
      );
    });

    it('rejects what cannot be a token', async () => {
      expect(await errorOf(manager.createTokenResponse({ data: { sub: '' } }))).to.be.instanceOf(ConfigurationError);
    });
  });

  describe('hasScopes', () => {
    const token = tokenOf(manager, sub, ['read', 'write']);

    it('tells whether a token bears all of them', async () => {
      expect(await manager.hasScopes(token, 'read')).to.equal(true);
      expect(await manager.hasScopes(token, ['read', 'write'])).to.equal(true);
      expect(await manager.hasScopes(token, ['read', 'admin'])).to.equal(false);
      expect(await manager.hasScopes(token, [])).to.equal(true);
    });

    it('compares whole words', async () => {
      for (const scope of ['rea', 'reads', 'READ', 'read write', '']) {
        expect(await manager.hasScopes(token, scope), scope).to.equal(false);
      }
    });

    it('reads space-separated text', async () => {
      const foreign = jwt.sign({ sub, scope: 'read notes', exp: clock.now / 1000 + 60 }, SECRET);
      expect(await manager.hasScopes(foreign, ['notes', 'read'])).to.equal(true);
      expect(await manager.hasScopes(foreign, 'note')).to.equal(false);
    });

    it('asks the token itself, whatever scopesOf says', async () => {
      const generous = managerOf({ clock: clock.tell, scopesOf: () => ['admin'] });
      expect(await generous.hasScopes(token, 'admin')).to.equal(false);
      expect(await generous.hasScopes(token, 'read')).to.equal(true);
    });

    it('does not load the user', async () => {
      expect(await manager.hasScopes(tokenOf(manager, 'eve@example.com', ['read']), 'read')).to.equal(true);
    });

    for (const [name, { token, code }] of Object.entries(badTokens)) {
      if (code === 'user_unknown') continue;
      it(`throws the not-authenticated exception for ${name}`, async () => {
        const error = await errorOf(manager.hasScopes(token, []));
        expect(error).to.be.instanceOf(NotAuthenticatedError);
        expect(error.code).to.equal(code);
      });
    }
  });

  describe('getCurrentUser', () => {
    it('gives the user of a token', async () => {
      expect(await manager.getCurrentUser(tokenOf(manager))).to.deep.equal({ email: sub, admin: true });
    });

    for (const [name, { token, code }] of Object.entries(badTokens)) {
      it(`throws the not-authenticated exception for ${name}`, async () => {
        const error = await errorOf(manager.getCurrentUser(token));
        expect(error).to.be.instanceOf(NotAuthenticatedError);
        expect(error.code).to.equal(code);
      });
    }

    for (const token of [1, {}, ['a.b.c']]) {
      it(`throws it for ${nameOf(token)}, which is no text`, async () => {
        const error = await errorOf(manager.getCurrentUser(token as never));
        expect(error.code).to.equal('token_invalid');
      });
    }

    it("throws the application's own exception", async () => {
      const own = managerOf({ clock: clock.tell, notAuthenticatedException: PleaseLogIn });
      for (const attempt of [own.getCurrentUser('garbage'), own.hasScopes('garbage', [])]) {
        const error = await errorOf(attempt);
        expect(error).to.be.instanceOf(PleaseLogIn);
        expect(error.cause).to.be.instanceOf(NotAuthenticatedError).with.property('code', 'token_invalid');
      }
    });

    it("passes the loader's own error on", async () => {
      const failing = new LoginManager<Account>(SECRET, '/login');
      const down = new Error('the database is down');
      failing.userLoader()(() => {
        throw down;
      });
      expect(await errorOf(failing.getCurrentUser(tokenOf(failing)))).to.equal(down);
    });
  });

  describe('userLoader', () => {
    it('gives the function back, which stays callable with all its arguments', async () => {
      const own = new LoginManager<{ name: string; db: string }>(SECRET, '/login');
      const load = own.userLoader('the database')((name: string, db: string) => ({ name, db }));
      expect(load('bea', 'another')).to.deep.equal({ name: 'bea', db: 'another' });
      const token = own.createAccessToken({ data: { sub: 'ada' } });
      expect(await own.getCurrentUser(token)).to.deep.equal({ name: 'ada', db: 'the database' });
    });

    it('refuses a second loader', () => {
      expect(() => manager.userLoader()(() => null)).to.throw(ConfigurationError, 'already');
    });
  });
});
