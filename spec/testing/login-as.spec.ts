import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import { apiKey } from '../../src/authentication/api-key';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import type { LoginAsOptions } from '../../src/manager/test-access';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { loginAs } from '../../src/testing/login-as';
import { type Account, Accounts, managerOf, SECRET, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { ed25519, rsa } from '../support/keys';
import { onEachServer } from '../support/servers';
import { forge, headerOf } from '../support/tokens';

@JsonController()
class Routes {
  @Authorized()
  @Get('/me')
  me(@CurrentUser() { email }: Account) {
    return { email };
  }

  @Authorized('notes:write')
  @Post('/notes')
  write() {
    return {};
  }
}

type Secret = ConstructorParameters<typeof LoginManager>[0];

const verifierOf = (secret: Secret, options: LoginManagerOptions<Account> = {}) =>
  new LoginManager<Account>(secret, null, { userLoader: Accounts, ...options });

const ISSUER = 'https://login.example.com'; // nothing is ever fetched from it
const other = { issuer: 'https://accounts.example.org', audience: 'notes' };

/** Managers of every kind; those that only verify have no key to sign with. */
const managers: Record<string, () => LoginManager<Account>> = {
  'an HMAC secret': () => managerOf(),
  'a private key': () => verifierOf(ed25519().privateKey, { algorithm: 'EdDSA' }),
  'a public key': () => verifierOf({ publicKey: rsa().publicKey }, { algorithm: 'RS256' }),
  'a key set': () =>
    verifierOf({ keys: [{ ...rsa().publicKey.export({ format: 'jwk' }), kid: 'one' }] } as never, {
      algorithm: 'RS256',
    }),
  'several algorithms': () =>
    verifierOf([{ publicKey: rsa().publicKey }, { publicKey: ed25519().publicKey }], { algorithm: ['RS256', 'EdDSA'] }),
  'a public key, issuer and audience': () =>
    verifierOf(
      { publicKey: ed25519().publicKey },
      { algorithm: 'EdDSA', issuer: 'https://login.example.com', audience: 'notes' },
    ),
  'a public key and a session store': () =>
    verifierOf({ publicKey: ed25519().publicKey }, { algorithm: 'EdDSA', sessionStore: new MemorySessionStore() }),
  'an issuer': () => verifierOf({ issuer: ISSUER, audience: 'notes' }),
  'an issuer that writes no audience': () => verifierOf({ issuer: ISSUER, audience: null }),
  'an issuer and a resource': () => verifierOf({ issuer: ISSUER }, { resource: 'https://api.example.com' }),
  'an issuer and a session store': () =>
    verifierOf({ issuer: ISSUER, audience: 'notes' }, { sessionStore: new MemorySessionStore() }),
  'an issuer without caches': () => verifierOf({ issuer: ISSUER, audience: 'notes' }, { verifiedTokenCache: false }),
  'the address of a key set': () => verifierOf({ jwksUri: `${ISSUER}/keys` }),
  'an issuer and others beside it': () => verifierOf({ issuer: ISSUER, audience: 'notes' }, { issuers: [other] }),
  'issuers beside a secret': () => managerOf({ issuers: [other] }),
  'issuers beside a public key': () =>
    verifierOf({ publicKey: ed25519().publicKey }, { algorithm: 'EdDSA', issuers: [other] }),
  'issuers of a function': () =>
    verifierOf({ issuer: ISSUER, audience: 'notes' }, { issuers: (issuer) => ({ issuer, audience: 'notes' }) }),
  'a session store': () => managerOf({ sessionStore: new MemorySessionStore() }),
  'a security stamp': () => managerOf({ securityStamp: ({ email }) => email }),
};

describe('loginAs', () => {
  onEachServer((start) => {
    for (const [name, make] of Object.entries(managers)) {
      it(`logs a user in to a manager with ${name}`, async () => {
        const manager = make();
        const { client } = await start({ manager, controllers: [Routes] });
        const { status, body } = await client.get('/me').set(loginAs(manager, 'bob@example.com'));
        expect([status, body]).to.deep.equal([200, { email: 'bob@example.com' }]);
      });

      it(`grants these scopes alone with ${name}`, async () => {
        const manager = make();
        const { client } = await start({ manager, controllers: [Routes] });
        const statusWith = async (options?: LoginAsOptions) =>
          (await client.post('/notes').set(loginAs(manager, 'bob@example.com', options))).status;
        expect(await statusWith()).to.equal(403);
        expect(await statusWith({ scopes: ['notes:write'] })).to.equal(200);
      });
    }

    it('puts the token into the cookie, a large one too', async () => {
      const manager = managerOf({ useCookie: true });
      const { client } = await start({ manager, controllers: [Routes] });
      for (const data of [{}, { text: 'x'.repeat(5000) }]) {
        const headers = loginAs(manager, 'bob@example.com', { cookie: true, data });
        expect(Object.keys(headers)).to.deep.equal(['Cookie']);
        expect((await client.get('/me').set(headers)).status).to.equal(200);
      }
    });

    it('uses the cookie by itself where the manager reads no header', async () => {
      const manager = managerOf({ useCookie: true, useHeader: false });
      const { client } = await start({ manager, controllers: [Routes] });
      expect((await client.get('/me').set(loginAs(manager, 'bob@example.com'))).status).to.equal(200);
    });
  });

  const verifier = () => verifierOf({ publicKey: ed25519().publicKey }, { algorithm: 'EdDSA' });
  const tokenIn = ({ Authorization = '' }: Record<string, string>) => Authorization.slice('Bearer '.length);

  it('makes tokens that no other manager accepts, with the same public key too', async () => {
    const [one, other] = [verifier(), verifier()];
    const token = tokenIn(loginAs(one, 'ada@example.com'));
    loginAs(other, 'ada@example.com');
    const refusal = await other.verify(token).catch((error) => error);
    expect(refusal).to.include({ code: 'token_invalid' });
  });

  it('does not change which other tokens are accepted', async () => {
    const manager = verifier();
    loginAs(manager, 'ada@example.com');
    const signed = tokenOf(verifierOf(ed25519().privateKey, { algorithm: 'EdDSA' }));
    expect(await manager.verify(signed)).to.include({ sub: 'ada@example.com' });
    const forged = forge({ payload: { sub: 'ada@example.com', exp: 9e9 } });
    expect(await manager.verify(forged).catch((error) => error.code)).to.equal('token_invalid');
  });

  it('keeps the key of the test out of jwks()', () => {
    const manager = verifier();
    const before = manager.jwks();
    loginAs(manager, 'ada@example.com');
    expect(manager.jwks()).to.deep.equal(before);
  });

  it('is the only way to sign with a manager that verifies', () => {
    expect(() => tokenOf(verifier())).to.throw(/only verifies/);
  });

  it('puts claims and the lifetime into the token', async () => {
    const clock = () => 1_000_000;
    const manager = managerOf({ clock, acceptClaims: ({ tenant }) => tenant === 'acme' });
    const token = tokenIn(loginAs(manager, 7, { data: { tenant: 'acme' }, expires: '1h' }));
    expect(await manager.verify(token)).to.include({ sub: 7, tenant: 'acme', exp: 1000 + 3600 });
  });

  it("makes the token of the manager's issuer, so that a loader that reads iss needs no change", async () => {
    const manager = verifierOf({ issuer: ISSUER, audience: ['notes', 'api'] });
    const payload = await manager.verify(tokenIn(loginAs(manager, 'ada@example.com')));
    expect(payload).to.deep.include({ iss: ISSUER, aud: ['notes', 'api'] });
  });

  it('makes a token as tokenProfile wants it, with the claims that are given', async () => {
    const manager = verifierOf({ issuer: ISSUER, audience: 'notes' }, { tokenProfile: 'at+jwt' });
    const token = tokenIn(loginAs(manager, 'ada@example.com', { data: { client_id: 'app' } }));
    expect(await manager.verify(token)).to.include({ client_id: 'app', iss: ISSUER });
  });

  const byRoles = () =>
    verifierOf(
      { issuer: ISSUER, audience: 'notes' },
      { scopeClaim: ({ realm_access: access }) => (access as { roles: string[] } | undefined)?.roles },
    );

  it('leaves the scopes to data where scopeClaim is a function', async () => {
    const manager = byRoles();
    const token = tokenIn(loginAs(manager, 'ada@example.com', { data: { realm_access: { roles: ['editor'] } } }));
    expect(await manager.hasScopes(token, 'editor')).to.equal(true);
    expect(await manager.hasScopes(token, 'admin')).to.equal(false);
  });

  it("keeps out tokens of an issuer's name that another key signed, while there is the key of the test", async () => {
    const manager = verifierOf({ jwksUri: 'http://127.0.0.1:1/keys' });
    const token = tokenIn(loginAs(manager, 'ada@example.com'));
    const { kid } = headerOf(token);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const forged = forge({
      header: { alg: 'ES256', kid },
      payload: { sub: 'ada@example.com', exp: 9e9 },
      key: privateKey,
      algorithm: 'ES256',
    });
    expect(await manager.verify(forged).catch(({ cause }) => cause)).to.equal('signature');
  });

  it('is held to what the manager requires of claims', async () => {
    const manager = managerOf({ acceptClaims: ({ tenant }) => tenant === 'acme' });
    const refusal = await manager.verify(tokenIn(loginAs(manager, 'ada'))).catch((error) => error);
    expect(refusal).to.include({ code: 'token_invalid' });
  });

  const keysAlone = () =>
    managerOf({ useHeader: false, credentials: [apiKey<Account>({ header: 'X-Key', load: () => null })] });
  for (const [name, login, message] of [
    ['a cookie that the manager does not read', () => loginAs(managerOf(), 'ada', { cookie: true }), /useCookie/],
    ['a manager that reads no token', () => loginAs(keysAlone(), 'ada'), /cookie/],
    ['an undeclared scope', () => loginAs(managerOf({ scopes: { a: 'A' } }), 'ada', { scopes: ['b'] }), /'b'/],
    ['scopes that a function scopeClaim does not find', () => loginAs(byRoles(), 'ada', { scopes: ['a'] }), /data/],
    ['an empty subject', () => loginAs(managerOf(), ''), /sub/],
    ['an unknown option', () => loginAs(managerOf(), 'ada', { scope: 'a' } as never), /scope/],
  ] as const) {
    it(`is a mistake with ${name}`, () => {
      expect(login).to.throw(message).with.property('name', 'ConfigurationError');
    });
  }

  it('gives headers of the form that other helpers give', () => {
    const manager = managerOf({ clock: () => 0 });
    expect(loginAs(manager, 'ada@example.com')).to.deep.equal(bearer(tokenOf(manager)));
    expect(SECRET).not.to.be.empty;
  });
});
