import { createSecretKey } from 'node:crypto';
import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import type { SecretKey } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/login-manager';
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
            /asymmetric key, a certificate or a JSON Web Key, not an HMAC secret: set the algorithm that fits the key/,
          );
        }
      });
    }

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
        /The secret is empty: is the environment variable that should hold it set\?/,
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
