import type { KeyObject } from 'node:crypto';
import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import { KeySet } from '../../../src/jwt/keys/key-set';
import type { SecretKey } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import { type Account, tokenOf } from '../../support/accounts';
import { ed25519, p256, p384, p521, pem, rsa, rsaPss, secp256k1, weakRsa } from '../../support/keys';
import { headerOf } from '../../support/tokens';

const kidOf = (key: SecretKey, algorithm: Algorithm) =>
  new KeySet(key, [algorithm]).keysFor(undefined, algorithm)[0]?.kid;

const managerFor = (key: KeyObject, algorithm: Algorithm) => new LoginManager<Account>(key, '/login', { algorithm });

describe('an asymmetric key', () => {
  describe('is refused where it does not fit the algorithm:', () => {
    const misfits: [string, Algorithm, () => KeyObject, RegExp][] = [
      [
        'RSA for ES256',
        'ES256',
        () => rsa().privateKey,
        /private key of type rsa does not fit ES256; pass an EC key on the curve prime256v1, or set algorithm to RS256/,
      ],
      [
        'EC for RS256',
        'RS256',
        () => p256().privateKey,
        /key of type ec on the curve prime256v1 does not fit RS256; pass an RSA key.*, or set algorithm to ES256/,
      ],
      ['EC for PS512', 'PS512', () => p521().privateKey, /does not fit PS512; pass an RSA key/],
      [
        'P-384 for ES256',
        'ES256',
        () => p384().privateKey,
        /ec on the curve secp384r1 does not fit ES256.*prime256v1, or set algorithm to ES384/,
      ],
      [
        'P-256 for ES384',
        'ES384',
        () => p256().privateKey,
        /ec on the curve prime256v1 does not fit ES384; pass an EC key on the curve secp384r1/,
      ],
      ['P-256 for ES512', 'ES512', () => p256().publicKey, /secp521r1/],
      [
        'secp256k1 for ES256',
        'ES256',
        () => secp256k1().privateKey,
        /of type ec on the curve secp256k1 does not fit ES256; pass an EC key on the curve prime256v1\n/,
      ],
      [
        'Ed25519 for ES256',
        'ES256',
        () => ed25519().privateKey,
        /private key of type ed25519 does not fit \w+; pass .*, or set algorithm to EdDSA/,
      ],
      [
        'Ed25519 for RS256',
        'RS256',
        () => ed25519().privateKey,
        /private key of type ed25519 does not fit \w+; pass .*, or set algorithm to EdDSA/,
      ],
      [
        'RSASSA-PSS for RS256',
        'RS256',
        () => rsaPss().privateKey,
        /key of type rsa-pss does not fit RS256; pass an RSA key/,
      ],
      [
        'RSASSA-PSS for PS256, which no JWK can hold',
        'PS256',
        () => rsaPss().privateKey,
        /key of type rsa-pss does not fit PS256; pass an RSA key/,
      ],
    ];

    for (const [what, algorithm, key, message] of misfits) {
      it(what, () => {
        expect(() => managerFor(key(), algorithm)).to.throw(ConfigurationError, message);
        expect(
          () =>
            new LoginManager(key().type === 'private' ? pem(key()) : { publicKey: pem(key()) }, null, { algorithm }),
        ).to.throw(ConfigurationError, message);
      });
    }
  });

  for (const algorithm of ['RS256', 'PS512'] as const) {
    it(`of RSA with 1024 bits is refused for ${algorithm}, private or public`, () => {
      expect(() => managerFor(weakRsa().privateKey, algorithm)).to.throw(
        ConfigurationError,
        /has 1024 bits and needs at least 2048 .*; make a new one/,
      );
      expect(() => managerFor(weakRsa().publicKey, algorithm)).to.throw(ConfigurationError, /1024 bits/);
    });
  }

  describe('has as its name', () => {
    it('the thumbprint of RFC 7638, as in the example of §3.1', () => {
      const n =
        '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W' +
        '-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08q' +
        'NLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
      expect(kidOf({ kty: 'RSA', e: 'AQAB', n, alg: 'RS256' }, 'RS256')).to.equal(
        'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
      );
    });

    it('the thumbprint of RFC 8037, as in the example of appendix A.3', () => {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
      expect(kidOf(jwk, 'EdDSA')).to.equal('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    });

    it('the kid of the JWK, where it has one', () => {
      expect(kidOf({ ...p256().privateKey.export({ format: 'jwk' }), kid: '2030-01' }, 'ES256')).to.equal('2030-01');
    });

    it('the same for the private and the public half', () => {
      for (const [{ privateKey, publicKey }, algorithm] of [
        [rsa(), 'RS256'],
        [p256(), 'ES256'],
        [p384(), 'ES384'],
        [p521(), 'ES512'],
      ] as const) {
        expect(kidOf(privateKey, algorithm))
          .to.match(/^[\w-]{43}$/)
          .and.to.equal(kidOf(publicKey, algorithm));
      }
    });

    it('another for every key', () => {
      expect(
        new Set([
          kidOf(rsa().privateKey, 'RS256'),
          kidOf(p256().privateKey, 'ES256'),
          kidOf(p384().privateKey, 'ES384'),
        ]).size,
      ).to.equal(3);
    });
  });

  it('is named by the tokens it signs', () => {
    const token = tokenOf(managerFor(p256().privateKey, 'ES256'));
    expect(headerOf(token)).to.deep.equal({ alg: 'ES256', typ: 'JWT', kid: kidOf(p256().publicKey, 'ES256') });
  });
});
