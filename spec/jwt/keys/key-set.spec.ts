import type { KeyObject } from 'node:crypto';
import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import type { Jwk, Secret } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import { SECRET } from '../../support/accounts';
import { ed25519, LONG_SECRET, otherRsa, p256, p384, pem, rsa } from '../../support/keys';
import { rejection } from '../../support/rejection';
import { forge, headerOf } from '../../support/tokens';

const CLAIMS = { sub: 'ada@example.com', exp: 4e9 };

const jwkOf = (key: KeyObject, members: Jwk = {}): Jwk => ({ ...(key.export({ format: 'jwk' }) as Jwk), ...members });
const verifier = (secret: Secret, algorithm: Algorithm | readonly Algorithm[]) =>
  new LoginManager(secret, null, { algorithm });

/** `'accepted'`, or the reason of the refusal. */
async function verdictOf(
  manager: LoginManager,
  key: string | KeyObject,
  algorithm: Algorithm,
  header: object = {},
): Promise<string> {
  const token = forge({ header: { alg: algorithm, ...header }, payload: CLAIMS, key, algorithm });
  return manager.verify(token).then(
    () => 'accepted',
    (error) => error.code,
  );
}

describe('the kid of a token', () => {
  const named = () => jwkOf(rsa().publicKey, { kid: 'named' });
  const unnamed = () => ({ publicKey: pem(otherRsa().publicKey) });

  it('names the key that decides, if that was configured with it', async () => {
    const manager = verifier([named(), unnamed()], 'RS256');
    expect(await verdictOf(manager, rsa().privateKey, 'RS256', { kid: 'named' })).to.equal('accepted');
    expect(await verdictOf(manager, otherRsa().privateKey, 'RS256', { kid: 'named' })).to.equal('token_invalid');
  });

  it('is only a hint for a key that was configured without one', async () => {
    const manager = verifier([named(), unnamed()], 'RS256');
    for (const kid of ['theirs', '', undefined])
      expect(await verdictOf(manager, otherRsa().privateKey, 'RS256', { kid }), `${kid}`).to.equal('accepted');
    expect(await verdictOf(manager, rsa().privateKey, 'RS256', { kid: 'theirs' })).to.equal('token_invalid');
  });

  it('is refused if nobody has it and every key has a configured one', async () => {
    const manager = verifier([named(), jwkOf(otherRsa().publicKey, { kid: 'other' })], 'RS256');
    for (const { privateKey } of [rsa(), otherRsa()])
      expect(await verdictOf(manager, privateKey, 'RS256', { kid: 'unknown' })).to.equal('token_invalid');
    expect(await verdictOf(manager, otherRsa().privateKey, 'RS256')).to.equal('accepted');
  });

  it('of another algorithm decides too: no other key is tried', async () => {
    const manager = verifier([jwkOf(p256().publicKey, { kid: 'ec' }), unnamed()], ['ES256', 'RS256']);
    expect(await verdictOf(manager, otherRsa().privateKey, 'RS256', { kid: 'ec' })).to.equal('token_invalid');
    expect(await verdictOf(manager, otherRsa().privateKey, 'RS256', { kid: 'rs' })).to.equal('accepted');
  });

  const unnamedForms: [string, Secret, Algorithm, string | KeyObject][] = [
    ['a PEM', { publicKey: pem(rsa().publicKey) }, 'RS256', rsa().privateKey],
    ['a KeyObject', p256().publicKey, 'ES256', p256().privateKey],
    ['{ publicKey } with a KeyObject', { publicKey: rsa().publicKey }, 'PS256', rsa().privateKey],
    ['a JWK without a kid', jwkOf(rsa().publicKey), 'RS256', rsa().privateKey],
    ['{ publicKey } with a JWK without a kid', { publicKey: jwkOf(rsa().publicKey) }, 'RS256', rsa().privateKey],
    ['an HMAC secret', SECRET, 'HS256', SECRET],
    ['an Ed25519 key', ed25519().publicKey, 'EdDSA', ed25519().privateKey],
    ['a private key', pem(p256().privateKey), 'ES256', p256().privateKey],
  ];

  for (const [what, secret, algorithm, key] of unnamedForms) {
    it(`of its issuer does not matter for ${what}`, async () => {
      expect(await verdictOf(verifier(secret, algorithm), key, algorithm, { kid: 'of-the-issuer' })).to.equal(
        'accepted',
      );
    });
  }

  it('that is a thumbprint is no configured one', async () => {
    const signer = new LoginManager(pem(rsa().privateKey), '/login', { algorithm: 'RS256' });
    const token = signer.createAccessToken({ data: { sub: 'ada' } });
    expect(headerOf(token).kid).to.match(/^[\w-]{43}$/);
    const rotated = verifier([pem(otherRsa().privateKey), { publicKey: pem(rsa().publicKey) }], 'RS256');
    expect(await rotated.verify(token)).to.include({ sub: 'ada' });
  });
});

describe('a JWK Set', () => {
  const mixed = (): Secret => ({
    keys: [
      jwkOf(p256().publicKey, { kid: 'ec' }),
      jwkOf(otherRsa().publicKey, { kid: 'enc', use: 'enc' }),
      jwkOf(otherRsa().publicKey, { kid: 'ps', alg: 'PS256' }),
      jwkOf(otherRsa().publicKey, { kid: 'wrap', key_ops: ['wrapKey'] }),
      { kty: 'oct', k: 'c2VjcmV0' },
      { kty: 'LWE', kid: 'future' },
      jwkOf(rsa().publicKey, { kid: 'rs', alg: 'RS256', use: 'sig' }),
    ],
  });

  it('verifies with its keys of the right use and type, and skips the others', async () => {
    const manager = verifier(mixed(), 'RS256');
    expect(await verdictOf(manager, rsa().privateKey, 'RS256', { kid: 'rs' })).to.equal('accepted');
    expect(await verdictOf(manager, otherRsa().privateKey, 'RS256', { kid: 'ps' })).to.equal('token_invalid');
    expect(await verdictOf(manager, otherRsa().privateKey, 'RS256', { kid: 'enc' })).to.equal('token_invalid');
  });

  it('signs with its first key, if that is private', async () => {
    const keys = [jwkOf(ed25519().publicKey), jwkOf(rsa().privateKey, { kid: 'new' }), jwkOf(otherRsa().publicKey)];
    const manager = verifier({ keys }, 'RS256');
    const token = manager.createAccessToken({ data: { sub: 'ada' } });
    expect(headerOf(token).kid).to.equal('new');
    expect(await manager.verify(token)).to.include({ sub: 'ada' });
  });

  it('may stand beside other secrets', async () => {
    const manager = verifier([mixed() as Jwk, { publicKey: pem(otherRsa().publicKey) }], 'RS256');
    expect(await verdictOf(manager, otherRsa().privateKey, 'RS256', { kid: 'x' })).to.equal('accepted');
  });

  it('may hold HMAC secrets', async () => {
    const k = Buffer.from(LONG_SECRET).toString('base64url');
    const manager = verifier({ keys: [jwkOf(rsa().publicKey), { kty: 'oct', k, kid: 'a' }] }, 'HS256');
    expect(await verdictOf(manager, LONG_SECRET, 'HS256', { kid: 'a' })).to.equal('accepted');
  });

  const refused: [string, unknown, Algorithm, RegExp][] = [
    ['no keys', { keys: [] }, 'RS256', /No key of the JWK Set is a signature key for RS256; add one/],
    ['keys of another type alone', { keys: [jwkOf(p256().publicKey)] }, 'RS256', /No key of the JWK Set/],
    ['keys on another curve alone', { keys: [jwkOf(p384().publicKey)] }, 'ES256', /No key of the JWK Set/],
    ['keys for encryption alone', { keys: [jwkOf(rsa().publicKey, { use: 'enc' })] }, 'RS256', /No key of the JWK Set/],
    ['keys that are no array', { keys: {} }, 'RS256', /keys of the JWK Set are not an array of JWKs/],
    ['keys that are no objects', { keys: ['a', null] }, 'RS256', /keys of the JWK Set are not an array of JWKs/],
    [
      'a key of the right type that lacks a member',
      { keys: [{ kty: 'RSA', n: 'AQAB' }] },
      'RS256',
      /JWK cannot be read/,
    ],
    [
      'two keys of the same kid',
      { keys: [jwkOf(rsa().publicKey, { kid: 'a' }), jwkOf(otherRsa().publicKey, { kid: 'a' })] },
      'RS256',
      /have the same kid; remove one of them/,
    ],
    [
      'a public key before a private one',
      { keys: [jwkOf(rsa().publicKey), jwkOf(otherRsa().privateKey)] },
      'RS256',
      /put the private key first/,
    ],
  ];

  for (const [what, secret, algorithm, message] of refused) {
    it(`is refused with ${what}`, () => {
      expect(() => verifier(secret as Secret, algorithm)).to.throw(ConfigurationError, message);
    });
  }
});

describe('several algorithms', () => {
  const secrets = (): Secret => [
    { publicKey: pem(rsa().publicKey) },
    { publicKey: ed25519().publicKey },
    jwkOf(p256().publicKey),
  ];

  it('are verified each with its own key', async () => {
    const manager = verifier(secrets(), ['RS256', 'EdDSA', 'ES256']);
    expect(await verdictOf(manager, rsa().privateKey, 'RS256')).to.equal('accepted');
    expect(await verdictOf(manager, ed25519().privateKey, 'EdDSA')).to.equal('accepted');
    expect(await verdictOf(manager, p256().privateKey, 'ES256')).to.equal('accepted');
  });

  it('never verify with a key of another', async () => {
    const manager = verifier(secrets(), ['RS256', 'EdDSA', 'ES256']);
    for (const algorithm of ['PS256', 'RS512'] as const)
      expect(await verdictOf(manager, rsa().privateKey, algorithm)).to.equal('token_invalid');
    expect(await verdictOf(manager, pem(rsa().publicKey), 'HS256')).to.equal('token_invalid');
    const swapped = forge({ header: { alg: 'ES256' }, payload: CLAIMS, key: rsa().privateKey, algorithm: 'RS256' });
    expect((await rejection(manager.verify(swapped))).code).to.equal('token_invalid');
  });

  it('bind an RSA key by the alg of its JWK', async () => {
    const manager = verifier(
      [jwkOf(rsa().publicKey, { alg: 'PS256' }), jwkOf(otherRsa().publicKey, { alg: 'RS256' })],
      ['RS256', 'PS256'],
    );
    expect(await verdictOf(manager, rsa().privateKey, 'PS256')).to.equal('accepted');
    expect(await verdictOf(manager, rsa().privateKey, 'RS256')).to.equal('token_invalid');
    expect(await verdictOf(manager, otherRsa().privateKey, 'RS256')).to.equal('accepted');
    expect(await verdictOf(manager, otherRsa().privateKey, 'PS256')).to.equal('token_invalid');
  });

  it('may be an HMAC secret and public keys, each bound to its own', async () => {
    const manager = verifier([SECRET, { publicKey: pem(rsa().publicKey) }], ['HS256', 'RS256']);
    expect(await verdictOf(manager, SECRET, 'HS256')).to.equal('accepted');
    expect(await verdictOf(manager, rsa().privateKey, 'RS256')).to.equal('accepted');
    expect(await verdictOf(manager, pem(rsa().publicKey), 'HS256')).to.equal('token_invalid');
  });

  it('make no tokens', () => {
    for (const manager of [
      verifier(secrets(), ['RS256', 'EdDSA', 'ES256']),
      verifier([SECRET, { publicKey: pem(rsa().publicKey) }], ['HS256', 'RS256']),
    ])
      expect(() => manager.createAccessToken({ data: { sub: 'ada' } })).to.throw(
        ConfigurationError,
        /only verifies tokens and cannot create them/,
      );
  });

  it('may be an array of one, which signs as that one does', async () => {
    const manager = verifier(pem(rsa().privateKey), ['RS256']);
    expect(await manager.verify(manager.createAccessToken({ data: { sub: 'ada' } }))).to.include({ sub: 'ada' });
  });

  const refused: [string, () => Secret, readonly Algorithm[], RegExp][] = [
    [
      'an RSA key that fits two of them',
      () => ({ publicKey: pem(rsa().publicKey) }),
      ['RS256', 'PS256'],
      /fits RS256 and PS256, and one key must not verify two algorithms; leave one algorithm, or pass the key as a JWK/,
    ],
    ['an RSA JWK without alg that fits two', () => jwkOf(rsa().publicKey), ['RS256', 'RS512'], /fits RS256 and RS512/],
    ['an HMAC secret that fits two', () => SECRET, ['HS256', 'HS512'], /fits HS256 and HS512/],
    [
      'a key that fits none',
      () => p384().publicKey,
      ['RS256', 'ES256'],
      /does not fit RS256 or ES256; .* set algorithm to ES384/,
    ],
    [
      'a private key',
      () => pem(rsa().privateKey),
      ['RS256', 'ES256'],
      /only verifies, and one of the secrets is a private key/,
    ],
    [
      'a JWK of another alg',
      () => jwkOf(rsa().publicKey, { alg: 'PS512' }),
      ['RS256', 'PS256'],
      /The JWK is for PS512/,
    ],
    [
      'a public PEM as an HMAC secret',
      () => pem(rsa().publicKey),
      ['HS256', 'RS256'],
      /public key or a certificate, which cannot sign/,
    ],
    [
      'an encoded public key as an HMAC secret',
      () => rsa().publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      ['HS256', 'RS256'],
      /is an asymmetric key/,
    ],
  ];

  for (const [what, secret, algorithms, message] of refused) {
    it(`refuse ${what}`, () => {
      expect(() => verifier(secret(), algorithms)).to.throw(ConfigurationError, message);
    });
  }
});
