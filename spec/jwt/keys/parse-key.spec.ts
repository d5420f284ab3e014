import { createSecretKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import type { Secret, SecretKey } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import { type Account, Accounts, SECRET, tokenOf } from '../../support/accounts';
import {
  CERTIFICATE,
  ed25519,
  encryptedPem,
  KEY_PASSWORD,
  keysFor,
  otherRsa,
  p256,
  p384,
  pem,
  rsa,
} from '../../support/keys';
import { thrownBy } from '../../support/rejection';
import { forge } from '../../support/tokens';

const managerFor = (secret: Secret, algorithm: Algorithm) =>
  new LoginManager<Account>(secret, '/login', { algorithm, userLoader: Accounts });

const jwkOf = (key: KeyObject): JsonWebKey => key.export({ format: 'jwk' });

/** A manager that signs and verifies with the same key as this one lets its tokens in, and the other way round. */
async function expectSameKey(secret: SecretKey, algorithm: Algorithm): Promise<void> {
  const [one, other] = [managerFor(secret, algorithm), managerFor(keysFor(algorithm).signing, algorithm)];
  expect(await other.getCurrentUser(tokenOf(one))).to.include({ email: 'ada@example.com' });
  expect(await one.getCurrentUser(tokenOf(other))).to.include({ email: 'ada@example.com' });
}

describe('the secret', () => {
  describe('that signs', () => {
    const ways: [string, Algorithm, () => SecretKey][] = [
      ['a PEM of PKCS#1', 'RS256', () => pem(rsa().privateKey, 'pkcs1')],
      ['a PEM of PKCS#8', 'RS256', () => pem(rsa().privateKey, 'pkcs8')],
      ['a PEM of SEC1', 'ES256', () => pem(p256().privateKey, 'sec1')],
      ['a PEM of PKCS#8 with an EC key', 'ES384', () => pem(p384().privateKey, 'pkcs8')],
      ['a PEM as a Buffer', 'PS256', () => Buffer.from(pem(rsa().privateKey))],
      ['a PEM between white space', 'RS256', () => `\n\n${pem(rsa().privateKey)}\n\n`],
      ['a PEM in { privateKey }', 'ES256', () => ({ privateKey: pem(p256().privateKey) })],
      [
        'an encrypted PEM with its password',
        'RS256',
        () => ({ privateKey: encryptedPem(rsa().privateKey), password: KEY_PASSWORD }),
      ],
      [
        'an encrypted PEM with its passphrase',
        'ES256',
        () => ({ privateKey: encryptedPem(p256().privateKey), passphrase: KEY_PASSWORD }),
      ],
      [
        'an encrypted PEM and a password as Buffers',
        'RS256',
        () => ({ privateKey: Buffer.from(encryptedPem(rsa().privateKey)), password: Buffer.from(KEY_PASSWORD) }),
      ],
      ['a PEM with literal \\n for its line ends', 'RS256', () => pem(rsa().privateKey).replaceAll('\n', '\\n')],
      ['a PEM with literal \\r\\n for its line ends', 'RS256', () => pem(rsa().privateKey).replaceAll('\n', '\\r\\n')],
      [
        'a PEM with literal \\n as a Buffer',
        'ES256',
        () => Buffer.from(pem(p256().privateKey, 'sec1').replaceAll('\n', '\\n')),
      ],
      [
        'an encrypted PEM with literal \\n',
        'RS256',
        () => ({ privateKey: encryptedPem(rsa().privateKey).replaceAll('\n', '\\n'), password: KEY_PASSWORD }),
      ],
      ['a PEM with an Ed25519 key', 'EdDSA', () => pem(ed25519().privateKey)],
      ['a KeyObject of Ed25519', 'EdDSA', () => ed25519().privateKey],
      ['a private JWK of OKP', 'EdDSA', () => jwkOf(ed25519().privateKey)],
      ['a JWK Set', 'ES256', () => ({ keys: [jwkOf(p256().privateKey)] })],
      ['a private KeyObject', 'ES256', () => p256().privateKey],
      ['{ privateKey } with a KeyObject', 'ES256', () => ({ privateKey: p256().privateKey })],
      ['a private JWK of RSA', 'RS512', () => jwkOf(rsa().privateKey)],
      [
        'a private JWK of EC',
        'ES256',
        () => ({ ...jwkOf(p256().privateKey), use: 'sig', alg: 'ES256', key_ops: ['sign'] }),
      ],
    ];

    for (const [what, algorithm, secret] of ways) {
      it(`may be ${what}; the public key is derived from it`, async () => {
        await expectSameKey(secret(), algorithm);
      });
    }

    const hmac: [string, SecretKey][] = [
      ['text', SECRET],
      ['a Buffer', Buffer.from(SECRET)],
      ['a Uint8Array', new Uint8Array(Buffer.from(SECRET)) as Buffer],
      ['a secret KeyObject', createSecretKey(Buffer.from(SECRET))],
      ['a JWK of the type oct', { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), alg: 'HS256' }],
    ];

    for (const [what, secret] of hmac) {
      it(`may be ${what} for HMAC`, async () => {
        const token = forge({ payload: { sub: 'ada@example.com', exp: 4e9 } });
        expect(await managerFor(secret, 'HS256').getCurrentUser(token)).to.include({ email: 'ada@example.com' });
      });
    }

    it('is copied: changing the Buffer afterwards changes nothing', async () => {
      const bytes = Buffer.from(SECRET);
      const manager = managerFor(bytes, 'HS256');
      bytes.fill(0);
      expect(await manager.getCurrentUser(forge({ payload: { sub: 'ada@example.com', exp: 4e9 } }))).to.include({
        email: 'ada@example.com',
      });
    });
  });

  describe('that only verifies', () => {
    const ways: [string, Algorithm, () => SecretKey][] = [
      ['{ publicKey } in SPKI', 'RS256', () => ({ publicKey: pem(rsa().publicKey) })],
      ['{ publicKey } in PKCS#1', 'RS256', () => ({ publicKey: pem(rsa().publicKey, 'pkcs1') })],
      ['{ publicKey } as a Buffer', 'ES256', () => ({ publicKey: Buffer.from(pem(p256().publicKey)) })],
      [
        '{ publicKey } with literal \\n for its line ends',
        'RS256',
        () => ({ publicKey: pem(rsa().publicKey).replaceAll('\n', '\\n') }),
      ],
      ['{ publicKey } with a KeyObject', 'RS256', () => ({ publicKey: rsa().publicKey })],
      ['{ publicKey } with a private KeyObject', 'RS256', () => ({ publicKey: rsa().privateKey })],
      ['{ publicKey } with a JWK', 'ES256', () => ({ publicKey: jwkOf(p256().publicKey) })],
      ['{ publicKey } with a private JWK', 'ES256', () => ({ publicKey: jwkOf(p256().privateKey) })],
      ['{ publicKey } with an Ed25519 key', 'EdDSA', () => ({ publicKey: pem(ed25519().publicKey) })],
      ['a public JWK of OKP', 'EdDSA', () => jwkOf(ed25519().publicKey)],
      ['a public JWK Set', 'ES256', () => ({ keys: [jwkOf(p256().publicKey)] })],
      ['a public KeyObject', 'ES256', () => p256().publicKey],
      ['a public JWK', 'PS384', () => jwkOf(rsa().publicKey)],
      ['a public JWK that says so', 'ES256', () => ({ ...jwkOf(p256().publicKey), use: 'sig', key_ops: ['verify'] })],
    ];

    for (const [what, algorithm, secret] of ways) {
      it(`may be ${what}`, async () => {
        const verifier = managerFor(secret(), algorithm);
        const token = tokenOf(managerFor(keysFor(algorithm).signing, algorithm));
        expect(await verifier.getCurrentUser(token)).to.include({ email: 'ada@example.com' });
        expect(() => tokenOf(verifier)).to.throw(
          ConfigurationError,
          /only verifies tokens and cannot create them; give it the private key/,
        );
      });
    }

    it('may be a certificate', () => {
      expect(() => managerFor({ publicKey: CERTIFICATE }, 'ES256')).not.to.throw();
    });
  });

  describe('is refused', () => {
    const refused: [string, Algorithm, () => unknown, RegExp][] = [
      [
        'a PEM on one line',
        'RS256',
        () => pem(rsa().privateKey).replaceAll('\n', ' '),
        /PEM of the private key is on one line; keep its line breaks/,
      ],
      [
        'a certificate alone, which cannot sign',
        'ES256',
        () => CERTIFICATE,
        /public key or a certificate, which cannot sign/,
      ],
      [
        '{ publicKey } with a JWK for HMAC',
        'HS256',
        () => ({ publicKey: jwkOf(rsa().publicKey) }),
        /does not fit HS256/,
      ],
      [
        '{ publicKey } with an HMAC secret',
        'RS256',
        () => ({ publicKey: createSecretKey(Buffer.from(SECRET)) }),
        /A symmetric key does not fit RS256/,
      ],
      ['{ publicKey } with a list', 'RS256', () => ({ publicKey: [pem(rsa().publicKey)] }), /cannot be read/],
      [
        'an oct JWK whose k is no base64url',
        'HS256',
        () => ({ kty: 'oct', k: `${SECRET} and more` }),
        /k of the JWK is not base64url/,
      ],
      ['an oct JWK whose k is a number', 'HS256', () => ({ kty: 'oct', k: 7 }), /k of the JWK is not a string/],
      [
        'an Ed448 key',
        'EdDSA',
        () => generateKeyPairSync('ed448').privateKey,
        /key of type ed448 does not fit EdDSA; pass an Ed25519 key\n/,
      ],
      [
        'an X25519 key',
        'EdDSA',
        () => generateKeyPairSync('x25519').privateKey,
        /key of type x25519 does not fit EdDSA/,
      ],
      [
        'an Ed25519 key for ES256',
        'ES256',
        () => ed25519().privateKey,
        /does not fit ES256; .* or set algorithm to EdDSA/,
      ],
      ['undefined', 'HS256', () => undefined, /The secret is missing.*check the environment variable/],
      ['null', 'HS256', () => null, /The secret is missing or of an unknown form; pass a string or a Buffer/],
      ['a number', 'HS256', () => 42, /The secret is missing or of an unknown form/],
      ['a function', 'HS256', () => () => SECRET, /The secret is missing or of an unknown form/],
      ['an empty object', 'HS256', () => ({}), /The secret is missing or of an unknown form/],
      [
        'an empty list',
        'HS256',
        () => [],
        /The array of secrets is empty; pass at least one: the first one signs, all verify/,
      ],
      ['undefined in a list', 'HS256', () => [SECRET, undefined], /environment variable/],
      ['a list in a list', 'HS256', () => [[SECRET]], /The secret is missing or of an unknown form/],
      [
        'a JWK Set without keys for the algorithm',
        'ES256',
        () => ({ keys: [jwkOf(rsa().publicKey)] }),
        /No key of the JWK Set is a signature key for ES256; add one/,
      ],
      ['undefined for RS256', 'RS256', () => undefined, /environment variable/],
      [
        'a private key that is undefined',
        'RS256',
        () => ({ privateKey: undefined }),
        /cannot be read as a private key in PEM/,
      ],
      ['a public key that is undefined', 'RS256', () => ({ publicKey: undefined }), /publicKey cannot be read/],
      [
        'a public PEM alone, which cannot sign',
        'RS256',
        () => pem(rsa().publicKey),
        /is a public key or a certificate, which cannot sign; pass .*\{ publicKey \}/,
      ],
      [
        'text for RS256',
        'RS256',
        () => SECRET,
        /cannot be read as a private key in PEM \(PKCS#1, PKCS#8 or SEC1\); .*'HS256' for an HMAC secret/,
      ],
      ['empty text for ES256', 'ES256', () => '', /cannot be read as a private key in PEM/],
      ['a PEM that is cut short', 'RS256', () => pem(rsa().privateKey).slice(0, 400), /cannot be read/],
      [
        'text as a public key',
        'RS256',
        () => ({ publicKey: SECRET }),
        /publicKey cannot be read; it must be a public key or a certificate in PEM/,
      ],
      [
        'an encrypted PEM without its password',
        'RS256',
        () => encryptedPem(rsa().privateKey),
        /pass an encrypted key as \{ privateKey, password \}/,
      ],
      [
        '{ privateKey } without its password',
        'RS256',
        () => ({ privateKey: encryptedPem(rsa().privateKey) }),
        /pass an encrypted key as \{ privateKey, password \}/,
      ],
      [
        'a wrong password',
        'RS256',
        () => ({ privateKey: encryptedPem(rsa().privateKey), password: 'wrong' }),
        /cannot be read with this password; check the password/,
      ],
      [
        'an empty password',
        'ES256',
        () => ({ privateKey: encryptedPem(p256().privateKey), password: '' }),
        /cannot be read with this password; check the password/,
      ],
      [
        'a property beside { privateKey }',
        'RS256',
        () => ({ privateKey: pem(rsa().privateKey), pasword: 'x' }),
        /The secret \{ privateKey \} has no 'pasword'; .*Did you mean "password"\?/,
      ],
      [
        'a property beside { publicKey }',
        'RS256',
        () => ({ publicKey: pem(rsa().publicKey), kid: 'x' }),
        /The secret \{ publicKey \} has no 'kid'/,
      ],
      [
        'an RSA key for HMAC',
        'HS256',
        () => rsa().privateKey,
        /A private key of type rsa does not fit HS256; pass an HMAC secret, or set algorithm to RS256/,
      ],
      [
        '{ privateKey } with a public KeyObject',
        'RS256',
        () => ({ privateKey: rsa().publicKey }),
        /\{ privateKey \} has a public key, which cannot sign; pass the private key/,
      ],
      ['a public KeyObject for HMAC', 'HS256', () => rsa().publicKey, /A public key of type rsa does not fit HS256/],
      [
        '{ privateKey } for HMAC',
        'HS256',
        () => ({ privateKey: pem(rsa().privateKey) }),
        /A private key of type rsa does not fit HS256/,
      ],
      [
        '{ publicKey } for HMAC',
        'HS512',
        () => ({ publicKey: pem(rsa().publicKey) }),
        /A public key of type rsa does not fit HS512/,
      ],
      ['a JWK of RSA for HMAC', 'HS256', () => jwkOf(rsa().publicKey), /A public key of type rsa does not fit HS256/],
      [
        'a secret KeyObject for RSA',
        'RS256',
        () => createSecretKey(Buffer.from(SECRET)),
        /A symmetric key does not fit RS256; pass an RSA key .*, or set algorithm to HS256/,
      ],
      [
        'a JWK of the type oct for EC',
        'ES256',
        () => ({ kty: 'oct', k: 'c2VjcmV0' }),
        /A symmetric key does not fit ES256/,
      ],
      [
        'a JWK for encryption',
        'RS256',
        () => ({ ...jwkOf(rsa().publicKey), use: 'enc' }),
        /its use is 'enc'; use must be 'sig' or absent/,
      ],
      [
        'a JWK of the type oct for encryption',
        'HS256',
        () => ({ kty: 'oct', k: 'c2VjcmV0', use: 'enc' }),
        /its use is 'enc'/,
      ],
      [
        'a JWK for another algorithm',
        'RS256',
        () => ({ ...jwkOf(rsa().privateKey), alg: 'PS256' }),
        /The JWK is for PS256 .*algorithm is 'RS256'; set both to the same/,
      ],
      [
        'a private JWK that may not sign',
        'RS256',
        () => ({ ...jwkOf(rsa().privateKey), key_ops: ['verify'] }),
        /does not allow 'sign' in its key_ops/,
      ],
      [
        'a public JWK that may not verify',
        'RS256',
        () => ({ ...jwkOf(rsa().publicKey), key_ops: ['encrypt'] }),
        /does not allow 'verify'/,
      ],
      [
        'key_ops that are no list',
        'RS256',
        () => ({ ...jwkOf(rsa().publicKey), key_ops: 'verify' }),
        /does not allow 'verify'/,
      ],
      [
        'a JWK with an empty kid',
        'RS256',
        () => ({ ...jwkOf(rsa().publicKey), kid: '' }),
        /kid of the JWK is not a non-empty string/,
      ],
      [
        'a JWK with a number as kid',
        'RS256',
        () => ({ ...jwkOf(rsa().publicKey), kid: 1 }),
        /kid of the JWK is not a non-empty string/,
      ],
      ['a JWK of an unknown type', 'RS256', () => ({ kty: 'LWE' }), /its kty must be oct, RSA, EC or OKP/],
      ['a JWK that lacks a member', 'RS256', () => ({ kty: 'RSA', n: 'AQAB' }), /every member must be there/],
      ['a JWK of the type oct without a key', 'HS256', () => ({ kty: 'oct' }), /secret is empty/],
      ['a JWK of the type oct with an empty key', 'HS256', () => ({ kty: 'oct', k: '' }), /secret is empty/],
      [
        'a point that is not on the curve',
        'ES256',
        () => ({ ...jwkOf(p256().publicKey), y: 'AAAA' }),
        /The JWK cannot be read/,
      ],
      [
        'the same key twice',
        'RS256',
        () => [pem(rsa().privateKey), { publicKey: pem(rsa().publicKey) }],
        /Two of the secrets are the same key/,
      ],
      [
        'two keys of the same kid',
        'RS256',
        () => [
          { ...jwkOf(rsa().privateKey), kid: 'a' },
          { ...jwkOf(otherRsa().publicKey), kid: 'a' },
        ],
        /have the same kid; remove one of them/,
      ],
      [
        'a public key before the private one',
        'RS256',
        () => [{ publicKey: pem(rsa().publicKey) }, pem(otherRsa().privateKey)],
        /put the private key first/,
      ],
    ];

    for (const [what, algorithm, secret, message] of refused) {
      it(`where it is ${what}`, () => {
        expect(() => managerFor(secret() as Secret, algorithm)).to.throw(ConfigurationError, message);
      });
    }

    it('without a word of the secret, the key or the password in the error', () => {
      for (const [what, algorithm, secret] of refused) {
        const error = thrownBy(() => managerFor(secret() as Secret, algorithm));
        const shown = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n');
        for (const part of [SECRET, KEY_PASSWORD, pem(rsa().privateKey).split('\n')[1] as string, 'c2VjcmV0'])
          expect(shown, what).not.to.include(part);
      }
    });
  });

  it('may be a list of public keys alone, of a server that only verifies', async () => {
    const verifier = managerFor(
      [{ publicKey: pem(rsa().publicKey) }, { publicKey: pem(otherRsa().publicKey) }],
      'RS256',
    );
    for (const { privateKey } of [rsa(), otherRsa()]) {
      expect(await verifier.getCurrentUser(tokenOf(managerFor(privateKey, 'RS256')))).to.include({
        email: 'ada@example.com',
      });
    }
  });
});
