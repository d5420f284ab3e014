import { expect } from 'chai';
import { KeySet } from '../../src/jwt/keys/key-set';
import { TokenVerifier, type VerifyOptions } from '../../src/jwt/token-verifier';
import { SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { forge } from '../support/tokens';
import { verifyOptions } from '../support/verify-options';

const clock = new TestClock();
const NOW = clock.now / 1000;
const CLAIMS = { sub: 'ada', exp: NOW + 60, iat: NOW };

function verifierWith(options: Partial<VerifyOptions>, kid?: string): TokenVerifier {
  const secret = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url'), ...(kid !== undefined && { kid }) };
  return new TokenVerifier(new KeySet(secret, ['HS256']), verifyOptions(clock.tell, options), undefined);
}

describe('the reason why a token is invalid', () => {
  const reasons: [string, string, string, Partial<VerifyOptions>?, string?][] = [
    ['malformed', 'is no JWT', 'not a token'],
    ['malformed: the payload is not a JSON object', 'has no claims', forge({ payload: '[]' })],
    ['algorithm', 'has another algorithm', forge({ payload: CLAIMS, algorithm: 'HS512' })],
    ['type', 'is of another type', forge({ header: { alg: 'HS256', typ: 'refresh+jwt' }, payload: CLAIMS })],
    ['kid', 'names a key that nobody has', forge({ header: { alg: 'HS256', kid: 'b' }, payload: CLAIMS }), {}, 'a'],
    ['kid', 'has a kid that is no string', forge({ header: { alg: 'HS256', kid: 1 }, payload: CLAIMS })],
    ['critical header', 'has a critical extension', forge({ header: { alg: 'HS256', crit: ['x'] }, payload: CLAIMS })],
    [
      'signature',
      'was signed by somebody else',
      forge({ payload: CLAIMS, key: 'the secret of somebody else, long enough' }),
    ],
    ['issuer', 'is of another issuer', forge({ payload: { ...CLAIMS, iss: 'b' } }), { issuer: 'a' }],
    ['audience', 'is for another audience', forge({ payload: { ...CLAIMS, aud: 'b' } }), { audience: ['a'] }],
    ['audience', 'is for somebody, and no audience is configured', forge({ payload: { ...CLAIMS, aud: 'b' } })],
    ['claims: exp must be a number', 'has no exp', forge({ payload: { sub: 'ada' } })],
    ['claims: nbf must be a number', 'has a bad nbf', forge({ payload: { ...CLAIMS, nbf: 'x' } })],
    ['claims: iat must be a number', 'has a bad iat', forge({ payload: { ...CLAIMS, iat: 'x' } })],
    ['claims: sub must be a non-empty string', 'has no sub', forge({ payload: { exp: NOW + 60 } })],
    ['expired since 2029-12-31T23:59:59.000Z', 'has expired', forge({ payload: { ...CLAIMS, exp: NOW - 1 } })],
    ['not before 2030-01-01T00:01:00.000Z', 'is not valid yet', forge({ payload: { ...CLAIMS, nbf: NOW + 60 } })],
    ['not before 1e+300', 'is never valid', forge({ payload: { ...CLAIMS, nbf: 1e300 } })],
    [
      'older than maxTokenAge since 2029-12-31T23:59:59.000Z',
      'is too old',
      forge({ payload: { ...CLAIMS, iat: NOW - 11 } }),
      { maxTokenAge: 10 },
    ],
    [
      'claims: iat is required by the option maxTokenAge',
      'has no age',
      forge({ payload: { ...CLAIMS, iat: undefined } }),
      { maxTokenAge: 10 },
    ],
    [
      'issued in the future, at 2030-01-01T00:00:01.000Z',
      'comes from the future',
      forge({ payload: { ...CLAIMS, iat: NOW + 1 } }),
      { maxTokenAge: 10 },
    ],
    [
      'claims: client_id is required by RFC 9068',
      'lacks a claim of its profile',
      forge({ header: { alg: 'HS256', typ: 'at+jwt' }, payload: { ...CLAIMS, iss: 'a', jti: '1', aud: 'a' } }),
      { tokenProfile: 'at+jwt', audience: ['a'], issuer: 'a' },
    ],
    [
      'acceptClaims',
      'has claims that the application refuses',
      forge({ payload: CLAIMS }),
      { acceptClaims: () => false },
    ],
    [
      'clock: the option clock returned no finite number',
      'cannot be dated',
      forge({ payload: CLAIMS }),
      { clock: () => Number.NaN },
    ],
  ];

  for (const [reason, what, token, options = {}, kid] of reasons) {
    it(`of one that ${what} is "${reason}"`, () => {
      const result = verifierWith(options, kid).verify(token);
      expect(result).to.have.property('reason', reason);
      expect(result).to.have.property('code', /^(expired|older)/.test(reason) ? 'token_expired' : 'token_invalid');
    });
  }

  it('is not there for a valid token', () => {
    expect(verifierWith({}).verify(forge({ payload: CLAIMS }))).to.have.all.keys('payload', 'scopes', 'times', 'keys');
  });
});
