import { expect } from 'chai';
import { LoginManager } from '../../src/manager/login-manager';
import { type TestIssuer, testIssuer } from '../../src/testing/test-issuer';
import { type Account, Accounts } from '../support/accounts';
import { headerOf, payloadOf } from '../support/tokens';

const audience = 'https://api.example.com';

const json = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>;

/** A manager with the keys that the issuer publishes at this moment. */
const managerFor = async ({ jwksUri, issuer }: TestIssuer) =>
  new LoginManager<Account>((await json(jwksUri)) as never, null, {
    algorithm: 'ES256',
    issuer,
    audience,
    userLoader: Accounts,
  });

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error) => error.code,
  );

describe('testIssuer', () => {
  let idp: TestIssuer;
  beforeEach(async () => {
    idp = await testIssuer({ audience });
  });
  afterEach(() => idp.close());

  it('is on the loopback', () => {
    expect(new URL(idp.issuer).hostname).to.equal('127.0.0.1');
  });

  for (const path of ['openid-configuration', 'oauth-authorization-server']) {
    it(`has the discovery document ${path}, whose issuer is its own`, async () => {
      const document = await json(`${idp.issuer}/.well-known/${path}`);
      expect(document).to.include({ issuer: idp.issuer, jwks_uri: idp.jwksUri });
    });
  }

  it('makes tokens that a manager with its keys accepts', async () => {
    const token = idp.token({ sub: 'ada@example.com', scope: 'notes:read' });
    const manager = await managerFor(idp);
    expect(await manager.verify(token)).to.include({ iss: idp.issuer, aud: audience });
    expect(await manager.hasScopes(token, 'notes:read')).to.equal(true);
    expect((await manager.getCurrentUser(token)).email).to.equal('ada@example.com');
  });

  for (const [name, claims, code] of [
    ['expired', { exp: 1 }, 'token_expired'],
    ['of another audience', { aud: 'other' }, 'token_invalid'],
    ['of another issuer', { iss: 'https://evil.example' }, 'token_invalid'],
    ['without an audience', { aud: undefined }, 'token_invalid'],
  ] as const) {
    it(`makes a token that is ${name}, which is refused`, async () => {
      const token = idp.token({ sub: 'ada@example.com', ...claims });
      expect(await codeOf((await managerFor(idp)).verify(token))).to.equal(code);
    });
  }

  it('writes no audience where it has none', async () => {
    const other = await testIssuer({ audience: null });
    expect(payloadOf(other.token({ sub: 'ada' }))).not.to.have.property('aud');
    await other.close();
  });

  it('signs with a new key once it rotates, and publishes both', async () => {
    const old = idp.token({ sub: 'ada@example.com' });
    idp.rotate();
    const token = idp.token({ sub: 'ada@example.com' });
    expect(headerOf(token).kid).not.to.equal(headerOf(old).kid);
    const manager = await managerFor(idp);
    expect([await codeOf(manager.verify(old)), await codeOf(manager.verify(token))]).to.deep.equal([
      'accepted',
      'accepted',
    ]);
  });

  it('drops the earlier keys if it is told to', async () => {
    const old = idp.token({ sub: 'ada@example.com' });
    idp.rotate({ keepOld: false });
    expect(await codeOf((await managerFor(idp)).verify(old))).to.equal('token_invalid');
  });

  it('publishes no private key', async () => {
    const { keys } = (await json(idp.jwksUri)) as { keys: object[] };
    for (const key of keys) expect(key).not.to.have.property('d');
  });

  it('answers 404 elsewhere, and nothing once it is closed', async () => {
    expect((await fetch(`${idp.issuer}/other`)).status).to.equal(404);
    await idp.close();
    expect(await fetch(idp.jwksUri).catch((error) => error)).to.be.an.instanceOf(Error);
  });
});
