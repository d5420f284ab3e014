import { expect } from 'chai';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import { LoginManager } from '../../../src/manager/login-manager';
import { Accounts, SECRET } from '../../support/accounts';
import { ed25519, keysFor, otherRsa, pem, rsa } from '../../support/keys';
import { headerOf } from '../../support/tokens';

const managerWith = (secret: ConstructorParameters<typeof LoginManager>[0], algorithm: Algorithm | Algorithm[]) =>
  new LoginManager<object>(secret, null, { userLoader: Accounts, algorithm });

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

describe('jwks()', () => {
  for (const algorithm of ['RS256', 'PS384', 'ES256', 'ES512', 'EdDSA'] as const) {
    it(`is the public key of ${algorithm}, with which another manager verifies`, async () => {
      const manager = managerWith(keysFor(algorithm).signing, algorithm);
      const token = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
      const set = manager.jwks();
      const [key] = set.keys;
      expect(key).to.include({ alg: algorithm, use: 'sig', kid: headerOf(token).kid });
      expect(key).not.to.have.any.keys(...PRIVATE_MEMBERS);
      const published = JSON.parse(JSON.stringify(set));
      expect(await managerWith(published, algorithm).verify(token)).to.include({ sub: 'ada@example.com' });
    });
  }

  it('has every key, the signing one first, with the configured kid', () => {
    const secrets = [
      { ...rsa().privateKey.export({ format: 'jwk' }), kid: 'new' },
      { ...otherRsa().privateKey.export({ format: 'jwk' }), kid: 'old' },
      { publicKey: pem(rsa().publicKey) },
    ].slice(0, 2);
    expect(
      managerWith(secrets as never, 'RS256')
        .jwks()
        .keys.map(({ kid }) => kid),
    ).to.deep.equal(['new', 'old']);
  });

  it('has the keys of a manager that only verifies', () => {
    const secrets = [{ publicKey: rsa().publicKey }, { publicKey: ed25519().publicKey }];
    const { keys } = managerWith(secrets, ['RS256', 'EdDSA']).jwks();
    expect(keys.map(({ alg }) => alg)).to.deep.equal(['RS256', 'EdDSA']);
  });

  it('is a copy, so that a change does not affect the manager', () => {
    const manager = managerWith(ed25519().privateKey, 'EdDSA');
    manager.jwks().keys.pop();
    expect(manager.jwks().keys).to.have.length(1);
  });

  it('is a mistake for HMAC', () => {
    expect(() => managerWith(SECRET, 'HS256').jwks())
      .to.throw(/HMAC/)
      .with.property('name', 'ConfigurationError');
  });

  it('leaves HMAC secrets out where there are both', () => {
    const secret = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), alg: 'HS256' };
    const { keys } = managerWith([secret, { publicKey: ed25519().publicKey }], ['HS256', 'EdDSA']).jwks();
    expect(keys.map(({ kty }) => kty)).to.deep.equal(['OKP']);
  });
});
