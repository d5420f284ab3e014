import { createSecretKey, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import { isAsymmetricKey } from '../../../src/jwt/keys/key-format';
import type { SecretKey } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import { SECRET } from '../../support/accounts';
import { CERTIFICATE, der, ed25519, encryptedPem, LONG_SECRET, p256, pem, rsa, weakRsa } from '../../support/keys';
import { warningsOf, withNodeEnv } from '../../support/process';
import { thrownBy } from '../../support/rejection';
import { headerOf } from '../../support/tokens';

const managerFor = (secret: SecretKey, algorithm: Algorithm = 'HS256') =>
  new LoginManager(secret, '/login', { algorithm });

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

describe('an HMAC secret', () => {
  describe('is refused where it is really a key that others know the public half of:', () => {
    const publicPem = () => pem(rsa().publicKey);
    const publicJwk = () => JSON.stringify(rsa().publicKey.export({ format: 'jwk' }));
    const disguises: [string, () => SecretKey][] = [
      ['a public key in PEM', publicPem],
      ['a public key in PEM of PKCS#1', () => pem(rsa().publicKey, 'pkcs1')],
      ['a public EC key in PEM', () => pem(p256().publicKey)],
      ['a public Ed25519 key in PEM', () => pem(ed25519().publicKey)],
      ['a public key that is too weak for RS256', () => pem(weakRsa().publicKey)],
      ['a private key in PEM', () => pem(rsa().privateKey)],
      ['an encrypted private key', () => encryptedPem(rsa().privateKey)],
      ['a certificate', () => CERTIFICATE],
      ['a certificate in DER', () => Buffer.from(CERTIFICATE.replace(/-----.*-----|\n/g, ''), 'base64')],
      ['a PEM as a Buffer', () => Buffer.from(publicPem())],
      ['a PEM as a KeyObject', () => createSecretKey(Buffer.from(publicPem()))],
      ['a PEM in a JWK', () => ({ kty: 'oct', k: Buffer.from(publicPem()).toString('base64url') })],
      ['a PEM after a line', () => `\n${publicPem()}`],
      ['a PEM after spaces and tabs', () => ` \t ${publicPem()}`],
      ['a PEM after a no-break space', () => `\u00a0${publicPem()}`],
      ['a PEM after a byte order mark', () => `\uFEFF${publicPem()}`],
      ['a PEM after a comment', () => `# the key of the issuer\n${publicPem()}`],
      ['a PEM after the bag attributes of openssl', () => `Bag Attributes\n    localKeyID: 01\n${publicPem()}`],
      ['a PEM of Windows lines', () => publicPem().replaceAll('\n', '\r\n')],
      ['a PEM with \\n for its lines, as of an environment variable', () => publicPem().replaceAll('\n', '\\n')],
      ['a PEM without its end', () => publicPem().slice(0, 120)],
      ['a PEM in UTF-16', () => utf16(publicPem())],
      ['a PEM in UTF-16 of the other byte order', () => utf16(publicPem()).swap16()],
      ['a JWK as text', publicJwk],
      ['a JWK as text after white space', () => `\r\n\t ${publicJwk()}`],
      ['a JWK as text after a byte order mark', () => `\uFEFF${publicJwk()}`],
      ['a JWK as text in UTF-16', () => utf16(publicJwk())],
      ['a JWK as indented text', () => JSON.stringify(JSON.parse(publicJwk()), null, 2)],
      ['a JWK after a prefix', () => `KEY=${publicJwk()}`],
      ['a JWK Set as text', () => `{"keys" : [${publicJwk()}]}`],
      ['an empty JWK Set as text', () => '{"keys":[], "comment": "long enough for the hash"}'],
      ['a public key in DER (SPKI)', () => der(rsa().publicKey, 'spki')],
      ['a public key in DER (PKCS#1)', () => der(rsa().publicKey, 'pkcs1')],
      ['a public EC key in DER', () => der(p256().publicKey, 'spki')],
      ['a private key in DER (PKCS#8)', () => der(rsa().privateKey, 'pkcs8')],
      ['a private key in DER (PKCS#1)', () => der(rsa().privateKey, 'pkcs1')],
      ['a private EC key in DER (SEC1)', () => der(p256().privateKey, 'sec1')],
      ['a key of ssh', () => 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 ada@example.com'],
      [
        'a key of ssh with its options',
        () => 'no-pty ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI ada@example.com',
      ],
      ['a key of ssh in RFC 4716', () => '---- BEGIN SSH2 PUBLIC KEY ----\nAAAAB3NzaC1yc2EAAAADAQABAAABgQC7'],
    ];

    for (const [what, secret] of disguises) {
      it(what, () => {
        for (const algorithm of ['HS256', 'HS512'] as const) {
          expect(() => managerFor(secret(), algorithm)).to.throw(
            ConfigurationError,
            /asymmetric key, a certificate or a JSON Web Key, not an HMAC secret; set the algorithm that fits the key/,
          );
        }
      });
    }

    const ways: Record<string, (key: Buffer) => string | Buffer> = {
      base64: (key) => key.toString('base64'),
      base64url: (key) => key.toString('base64url'),
      'base64 without padding': (key) => key.toString('base64').replace(/=+$/, ''),
      'base64 with line breaks': (key) => key.toString('base64').replaceAll(/.{64}/g, '$&\n'),
      'base64 with Windows line breaks': (key) => key.toString('base64').replaceAll(/.{76}/g, '$&\r\n'),
      'base64 with literal \\n': (key) => key.toString('base64').replaceAll(/.{64}/g, '$&\\n'),
      'base64 between white space': (key) => `\n \t${key.toString('base64')}\r\n`,
      'base64 in quotes': (key) => `"${key.toString('base64')}"`,
      'base64 after a name': (key) => `PUBLIC_KEY=${key.toString('base64')}`,
      'base64 after a word': (key) => `key ${key.toString('base64')}`,
      'base64 in a data URL': (key) => `data:application/octet-stream;base64,${key.toString('base64')}`,
      'base64 in UTF-16': (key) => utf16(key.toString('base64')),
      'base64 in JSON': (key) => JSON.stringify({ realm: 'main', public_key: key.toString('base64') }),
      'base64 of base64': (key) => Buffer.from(key.toString('base64')).toString('base64'),
      hex: (key) => key.toString('hex'),
      'hex in capitals': (key) => key.toString('hex').toUpperCase(),
      'hex after 0x': (key) => `0x${key.toString('hex')}`,
      'hex with colons': (key) => key.toString('hex').replaceAll(/..(?=.)/g, '$&:'),
      'hex with line breaks': (key) => key.toString('hex').replaceAll(/.{32}/g, '$&\n'),
      'hex of base64': (key) => Buffer.from(key.toString('base64')).toString('hex'),
    };
    const keys: Record<string, () => Buffer> = {
      'a public key in DER (SPKI), as Keycloak shows it': () => der(rsa().publicKey, 'spki'),
      'a public key in DER (PKCS#1)': () => der(rsa().publicKey, 'pkcs1'),
      'a public EC key in DER': () => der(p256().publicKey, 'spki'),
      'a public Ed25519 key in DER': () => der(ed25519().publicKey, 'spki'),
      'a private key in DER (PKCS#8)': () => der(rsa().privateKey, 'pkcs8'),
      'a private EC key in DER (SEC1)': () => der(p256().privateKey, 'sec1'),
      'a certificate in DER': () => Buffer.from(CERTIFICATE.replace(/-----.*-----|\n/g, ''), 'base64'),
      'a PEM': () => Buffer.from(publicPem()),
      'a certificate in PEM': () => Buffer.from(CERTIFICATE),
      'an encrypted private key in PEM': () => Buffer.from(encryptedPem(rsa().privateKey)),
      'a JWK': () => Buffer.from(publicJwk()),
      'a JWK of Ed25519': () => Buffer.from(JSON.stringify(ed25519().publicKey.export({ format: 'jwk' }))),
      'a JWK Set': () => Buffer.from(`{"keys":[${publicJwk()}]}`),
      'a key of ssh': () =>
        Buffer.concat([Buffer.from('\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01', 'latin1'), der(rsa().publicKey, 'pkcs1')]),
    };

    for (const [what, key] of Object.entries(keys)) {
      for (const [way, encode] of Object.entries(ways)) {
        it(`${what}, in ${way}`, () => {
          const secret = Buffer.from(encode(key()));
          for (const form of [
            secret,
            secret.toString('latin1'),
            createSecretKey(secret),
            { kty: 'oct', k: secret.toString('base64url') },
          ])
            expect(() => managerFor(form)).to.throw(ConfigurationError, /is an asymmetric key, a certificate or/);
        });
      }

      it(`${what}, as the k of a JWK in base64url, base64 or hex`, () => {
        for (const encoding of ['base64url', 'base64', 'hex'] as const)
          expect(() => managerFor({ kty: 'oct', k: key().toString(encoding) }), encoding).to.throw(
            ConfigurationError,
            /is an asymmetric key|k of the JWK is not base64url/,
          );
      });
    }

    it('a public key in DER with a line end after it', () => {
      for (const end of ['\n', '\r\n', '\0'])
        expect(() => managerFor(Buffer.concat([der(rsa().publicKey, 'spki'), Buffer.from(end)]))).to.throw(
          ConfigurationError,
          /is an asymmetric key/,
        );
    });

    it('a JWK as JSON in JSON', () => {
      expect(() => managerFor(JSON.stringify({ key: publicJwk() }))).to.throw(
        ConfigurationError,
        /is an asymmetric key/,
      );
    });

    it('and the error shows nothing of it', () => {
      for (const [what, secret] of disguises) {
        const { message } = thrownBy(() => managerFor(secret()));
        expect(message, what).not.to.match(/BEGIN|AAAA|AQAB|"n"/);
      }
    });
  });

  it('may hold words and braces that only look a little like a key', async () => {
    const warnings = await warningsOf(() => {
      managerFor('BEGIN every day with a {"cup"} of coffee ----- END');
      managerFor('kty and keys are words like any other, and so on');
      managerFor(Buffer.from(`${'00'.repeat(31)}30`, 'hex'));
    });
    expect(warnings).to.deep.equal([]);
  });

  describe('that is random', () => {
    for (const encoding of ['base64', 'base64url', 'hex', 'latin1'] as const) {
      for (const bytes of [32, 33, 48, 64, 100, 256]) {
        it(`is accepted in ${encoding} with ${bytes} bytes, 200 times`, () => {
          for (let index = 0; index < 200; index++) {
            const secret = randomBytes(bytes);
            expect(isAsymmetricKey(Buffer.from(secret.toString(encoding), 'latin1')), secret.toString('hex')).to.equal(
              false,
            );
          }
        });
      }
    }

    it('is accepted even if it begins like DER, 100 times', () => {
      for (let index = 0; index < 100; index++) {
        const secret = Buffer.concat([Buffer.from([0x30, 62]), randomBytes(62)]);
        for (const encoding of ['base64', 'hex', 'latin1'] as const)
          expect(isAsymmetricKey(Buffer.from(secret.toString(encoding), 'latin1')), secret.toString('hex')).to.equal(
            false,
          );
      }
    });

    it('is accepted by a manager as a string, a Buffer and a JWK', () => {
      for (let index = 0; index < 50; index++) {
        const secret = randomBytes(32 + index);
        const k = secret.toString('base64url');
        for (const form of [secret, k, secret.toString('hex'), secret.toString('base64'), { kty: 'oct', k }])
          expect(() => managerFor(form), k).not.to.throw();
      }
    });
  });

  for (const [what, secret] of [
    ['empty', ''],
    ['a space', ' '],
    ['lines', '\r\n\t'],
    ['an empty Buffer', Buffer.alloc(0)],
    ['an empty KeyObject', createSecretKey(Buffer.alloc(0))],
  ] as const) {
    it(`is refused where it is ${what}`, () => {
      expect(() => managerFor(secret)).to.throw(
        ConfigurationError,
        /The secret is empty; set the environment variable that should hold it/,
      );
    });
  }

  describe('that is shorter than its hash', () => {
    const needed = { HS256: 32, HS384: 48, HS512: 64 };

    for (const [algorithm, bytes] of Object.entries(needed) as [Algorithm, number][]) {
      it(`is a warning of the process for ${algorithm}`, async () => {
        const warnings = await warningsOf(() => managerFor('s'.repeat(bytes - 1), algorithm));
        expect(warnings).to.have.length(1);
        expect(warnings[0]).to.include({ code: 'LOGIN_WEAK_SECRET', name: 'LoginWarning' });
        expect(warnings[0]?.message)
          .to.match(new RegExp(`has ${bytes - 1} bytes and needs ${bytes} .*randomBytes\\(${bytes}\\)`))
          .and.not.to.include('sss');
        expect(await warningsOf(() => managerFor('s'.repeat(bytes), algorithm))).to.deep.equal([]);
      });

      it(`is refused in production for ${algorithm}`, () => {
        withNodeEnv('production', () => {
          expect(() => managerFor('s'.repeat(bytes - 1), algorithm)).to.throw(
            ConfigurationError,
            /make one with: node -p/,
          );
          expect(() => managerFor('s'.repeat(bytes), algorithm)).not.to.throw();
        });
      });
    }

    it('is counted in bytes, not in characters', async () => {
      expect(await warningsOf(() => managerFor('ä'.repeat(16)))).to.deep.equal([]);
    });

    it('is told of each in a list', async () => {
      expect(await warningsOf(() => new LoginManager([SECRET, 'short'], '/login'))).to.have.length(1);
    });
  });

  it('has no name in the token: it would be a hash to work on', () => {
    const token = managerFor(LONG_SECRET, 'HS512').createAccessToken({ data: { sub: 'ada' } });
    expect(headerOf(token)).to.deep.equal({ alg: 'HS512', typ: 'JWT' });
  });
});
