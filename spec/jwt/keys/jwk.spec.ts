import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import { isUsableJwk, parseJwk } from '../../../src/jwt/keys/jwk';
import type { Jwk } from '../../../src/jwt/keys/secret';
import { LONG_SECRET, p256, pem, rsa } from '../../support/keys';

describe('a member of a JWK Set', () => {
  const EC: readonly Algorithm[] = ['ES256', 'ES384', 'ES512'];
  const cases: [usable: boolean, jwk: Jwk, algorithms: readonly Algorithm[]][] = [
    [true, { kty: 'RSA' }, ['RS256']],
    [true, { kty: 'RSA' }, ['PS512']],
    [true, { kty: 'RSA' }, ['ES256', 'RS256']],
    [true, { kty: 'oct' }, ['HS256']],
    [true, { kty: 'EC', crv: 'P-256' }, ['ES256']],
    [true, { kty: 'EC', crv: 'P-384' }, EC],
    [true, { kty: 'EC', crv: 'P-521' }, EC],
    [true, { kty: 'OKP', crv: 'Ed25519' }, ['EdDSA']],
    [false, { kty: 'RSA' }, [...EC, 'HS256', 'EdDSA']],
    [false, { kty: 'oct' }, ['RS256', 'ES256', 'EdDSA']],
    [false, { kty: 'EC', crv: 'P-384' }, ['ES256']],
    [false, { kty: 'EC', crv: 'secp256k1' }, EC],
    [false, { kty: 'EC' }, EC],
    [false, { kty: 'OKP', crv: 'P-256' }, EC],
    [false, { crv: 'P-256' }, EC],
    [false, { kty: 'OKP', crv: 'X25519' }, ['EdDSA']],
    [false, { kty: 'EC', crv: 'Ed25519' }, ['EdDSA']],
    [false, {}, ['RS256', 'HS256', 'ES256', 'EdDSA']],
    // RFC 7517 §4.2: what it is for.
    [true, { kty: 'RSA', use: 'sig' }, ['RS256']],
    [false, { kty: 'RSA', use: 'enc' }, ['RS256']],
    // RFC 7517 §4.3: a private key and a secret sign, a public key verifies.
    [true, { kty: 'RSA', key_ops: ['verify'] }, ['RS256']],
    [false, { kty: 'RSA', key_ops: ['sign'] }, ['RS256']],
    [true, { kty: 'RSA', d: 'd', key_ops: ['verify', 'sign'] }, ['RS256']],
    [false, { kty: 'RSA', d: 'd', key_ops: ['verify'] }, ['RS256']],
    [true, { kty: 'oct', key_ops: ['sign'] }, ['HS256']],
    [false, { kty: 'oct', key_ops: ['verify'] }, ['HS256']],
    [false, { kty: 'RSA', key_ops: [] }, ['RS256']],
    [false, { kty: 'RSA', key_ops: 'verify' as never }, ['RS256']],
    // RFC 7517 §4.4: its one algorithm.
    [true, { kty: 'RSA', alg: 'RS256' }, ['RS256', 'ES256']],
    [false, { kty: 'RSA', alg: 'RS512' }, ['RS256']],
    [false, { kty: 'RSA', alg: 'ES256' }, ['RS256', 'ES256']],
  ];

  for (const [usable, jwk, algorithms] of cases) {
    it(`${JSON.stringify(jwk)} is ${usable ? 'used' : 'skipped'} for ${algorithms.join(', ')}`, () => {
      expect(isUsableJwk(jwk, algorithms)).to.equal(usable);
    });
  }
});

describe('a JWK', () => {
  const secret: Jwk = { kty: 'oct', k: Buffer.from(LONG_SECRET).toString('base64url') };
  const publicKey = () => rsa().publicKey.export({ format: 'jwk' }) as Jwk;
  const privateKey = () => p256().privateKey.export({ format: 'jwk' }) as Jwk;

  it('is a secret, a public key or a private key', () => {
    expect(parseJwk(secret, ['HS256']).export().toString()).to.equal(LONG_SECRET);
    expect(parseJwk(publicKey(), ['RS256'])).to.include({ type: 'public', asymmetricKeyType: 'rsa' });
    expect(parseJwk(privateKey(), ['ES256'])).to.include({ type: 'private', asymmetricKeyType: 'ec' });
  });

  it('may have padding at the end of its secret', () => {
    for (const k of ['YQ==', 'YWE=', 'YWFh'])
      expect(parseJwk({ kty: 'oct', k }, ['HS256']).export().toString()).to.match(/^a+$/);
  });

  for (const [name, jwk, algorithms, message] of [
    ['for encryption', () => ({ ...secret, use: 'enc' }), ['HS256'], "its use is 'enc'"],
    [
      'for another algorithm',
      () => ({ ...secret, alg: 'HS512' }),
      ['HS256', 'RS256'],
      "The JWK is for HS512 (RFC 7517 §4.4) and the option algorithm is 'HS256', 'RS256'",
    ],
    ['with an empty kid', () => ({ ...secret, kid: '' }), ['HS256'], 'The kid of the JWK is not a non-empty string'],
    ['with a kid that is a number', () => ({ ...secret, kid: 7 as never }), ['HS256'], 'The kid of the JWK'],
    ['whose secret may only verify', () => ({ ...secret, key_ops: ['verify'] }), ['HS256'], "does not allow 'sign'"],
    ['whose public key may only sign', () => ({ ...publicKey(), key_ops: ['sign'] }), ['RS256'], "allow 'verify'"],
    ['whose private key may only verify', () => ({ ...privateKey(), key_ops: ['verify'] }), ['ES256'], "allow 'sign'"],
    ['whose k is a number', () => ({ kty: 'oct', k: 7 as never }), ['HS256'], 'The k of the JWK is not a string'],
    ['whose k is base64', () => ({ kty: 'oct', k: 'a+/=' }), ['HS256'], 'The k of the JWK is not base64url'],
    ['whose k has padding within', () => ({ kty: 'oct', k: 'YQ==YQ==' }), ['HS256'], 'is not base64url'],
    ['whose k has too much padding', () => ({ kty: 'oct', k: 'YQ===' }), ['HS256'], 'is not base64url'],
    ['whose k is a key', () => ({ kty: 'oct', k: pem(rsa().publicKey) }), ['RS256', 'HS512'], 'The secret of HS512 is'],
    ['whose k is a key, for RS256', () => ({ kty: 'oct', k: pem(rsa().publicKey) }), ['RS256'], 'The secret of HS256'],
    ['of no type', () => ({}), ['RS256'], 'The JWK cannot be read; its kty must be oct, RSA, EC or OKP'],
    ['that lacks a member', () => ({ kty: 'RSA', n: 'AQ' }), ['RS256'], 'The JWK cannot be read'],
  ] as [string, () => Jwk, Algorithm[], string][]) {
    it(`is refused ${name}`, () => {
      expect(() => parseJwk(jwk(), algorithms))
        .to.throw(ConfigurationError, message)
        .with.property('message')
        .that.includes('docs/troubleshooting.md#secret-and-keys');
    });
  }
});
