import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import { SECRET } from '../../support/accounts';
import { der, ed25519, p256, p384, pem, rsa, rsaPss } from '../../support/keys';
import { encode, forge, signatureOf } from '../../support/tokens';
import { areRefused, CLAIMS, managerWith } from './attacks';

const signed = (algorithm: string, key: Parameters<typeof forge>[0]['key'], header?: object) =>
  forge({ payload: CLAIMS, key, algorithm, ...(header && { header }) });

/** The texts under which attackers know a public key, each a possible HMAC secret. */
function spellingsOfPublicKey(): Record<string, string | Buffer> {
  const { publicKey } = rsa();
  const text = pem(publicKey);
  const jwk = publicKey.export({ format: 'jwk' });
  return {
    'its PEM': text,
    'its PEM in PKCS#1': pem(publicKey, 'pkcs1'),
    'its PEM without the last line break': text.trimEnd(),
    'its PEM after white space': `\n \t${text}`,
    'its PEM after a comment': `# public key\n${text}`,
    'its PEM with Windows line ends': text.replaceAll('\n', '\r\n'),
    'its PEM on one line': text.replaceAll('\n', '\\n'),
    'its DER': der(publicKey, 'spki'),
    'its DER in PKCS#1': der(publicKey, 'pkcs1'),
    'its DER in base64': der(publicKey, 'spki').toString('base64'),
    'its JWK': JSON.stringify(jwk),
    'its JWK, indented': JSON.stringify(jwk, null, 2),
    'its JWK Set': JSON.stringify({ keys: [jwk] }),
  };
}

describe('published advisories about algorithms and keys', () => {
  describe('CVE-2022-23540: tokens whose algorithm is unset or "none"', () => {
    const good = signed('HS256', SECRET);
    const [, payload, signature] = good.split('.');
    const headers: Record<string, object> = {
      ...Object.fromEntries(['none', 'None', 'nOnE', 'NONE', ''].map((alg) => [`alg "${alg}"`, { alg }])),
      'no alg': { typ: 'JWT' },
      'alg null': { alg: null },
      'alg in a list': { alg: ['HS256'] },
      'alg in upper and lower case': { alg: 'hs256' },
      'alg twice': { alg: 'none', algorithm: 'HS256' },
    };
    const variants = (header: object): [string, string][] => {
      const input = `${encode(header)}.${payload}`;
      return [
        ['without signature', `${input}.`],
        ['with the signature of another token', `${input}.${signature}`],
        ['with a signature of its own', `${input}.${signatureOf(input, SECRET, 'HS256')}`],
      ];
    };

    areRefused({
      manager: () => managerWith(SECRET),
      good: () => good,
      bad: () =>
        Object.fromEntries(
          Object.entries(headers).flatMap(([name, header]) =>
            variants(header).map(([what, token]) => [`${name}, ${what}`, token]),
          ),
        ),
    });

    for (const algorithm of ['none', 'None', '', null]) {
      it(`cannot be allowed with algorithm ${JSON.stringify(algorithm)}`, () => {
        expect(() => managerWith(SECRET, { algorithm: algorithm as never })).to.throw(ConfigurationError);
      });
    }

    it('cannot be allowed without a secret', () => {
      for (const secret of [undefined, null, '', false]) {
        expect(() => managerWith(secret as never)).to.throw(ConfigurationError);
      }
    });
  });

  describe('CVE-2022-23541, CVE-2022-29217, CVE-2023-48223, CVE-2026-34950, GHSA-g3jj-5cmm-3hxx: tokens signed with a public RSA key as the HMAC secret', () => {
    const forgeries = () =>
      Object.fromEntries(Object.entries(spellingsOfPublicKey()).map(([what, key]) => [what, signed('HS256', key)]));

    describe('where the manager signs', () => {
      areRefused({
        manager: () => managerWith(pem(rsa().privateKey), { algorithm: 'RS256' }),
        good: () => signed('RS256', rsa().privateKey),
        bad: forgeries,
      });
    });

    describe('where it verifies with several algorithms, one of them HS256', () => {
      areRefused({
        manager: () => managerWith([{ publicKey: pem(rsa().publicKey) }, SECRET], { algorithm: ['RS256', 'HS256'] }),
        good: () => signed('RS256', rsa().privateKey),
        bad: forgeries,
      });
    });

    it('cannot be verified, because no spelling of a public key is taken for a secret', () => {
      for (const [what, secret] of Object.entries(spellingsOfPublicKey())) {
        expect(() => managerWith(secret), what).to.throw(ConfigurationError, /not an HMAC secret/);
      }
    });
  });

  describe('CVE-2022-23539: keys of another type than the algorithm', () => {
    const unfit: [string, Algorithm, () => Parameters<typeof managerWith>[0]][] = [
      ['an RSA key for ES256', 'ES256', () => rsa().privateKey],
      ['an EC key for RS256', 'RS256', () => p256().privateKey],
      ['a key on P-384 for ES256', 'ES256', () => p384().privateKey],
      ['an Ed25519 key for ES256', 'ES256', () => ed25519().privateKey],
      ['an RSASSA-PSS key for RS256', 'RS256', () => rsaPss().privateKey],
      ['an EC key for HS256', 'HS256', () => p256().privateKey],
      ['a secret for RS256', 'RS256', () => SECRET],
    ];
    for (const [what, algorithm, secret] of unfit) {
      it(`are refused: ${what}`, () => {
        expect(() => managerWith(secret(), { algorithm })).to.throw(ConfigurationError);
      });
    }
  });

  describe('CVE-2022-23539: tokens of another algorithm with the same key', () => {
    areRefused({
      manager: () => managerWith(pem(rsa().privateKey), { algorithm: 'RS256' }),
      good: () => signed('RS256', rsa().privateKey),
      bad: () => ({
        RS384: signed('RS384', rsa().privateKey),
        PS256: signed('PS256', rsa().privateKey),
        'PS256 that says RS256': signed('PS256', rsa().privateKey, { alg: 'RS256' }),
        'RS256 that says PS256': signed('RS256', rsa().privateKey, { alg: 'PS256' }),
        'ES256 of another key': signed('ES256', p256().privateKey),
      }),
    });
  });

  describe('CVE-2026-22817, CVE-2026-22818: tokens that choose the algorithm of a JWK', () => {
    areRefused({
      manager: () =>
        managerWith({ keys: [rsa().publicKey.export({ format: 'jwk' }) as object] }, { algorithm: 'RS256' }),
      good: () => signed('RS256', rsa().privateKey),
      bad: () => {
        const { n = '' } = rsa().publicKey.export({ format: 'jwk' });
        return {
          'HS256 with the JWK': signed('HS256', JSON.stringify(rsa().publicKey.export({ format: 'jwk' }))),
          'HS256 with the modulus': signed('HS256', Buffer.from(n, 'base64url')),
          'HS256 with the text of the modulus': signed('HS256', n),
          'HS256 with the PEM': signed('HS256', pem(rsa().publicKey)),
          'ES256 of a key in its header': signed('ES256', p256().privateKey, {
            alg: 'ES256',
            jwk: p256().publicKey.export({ format: 'jwk' }),
          }),
        };
      },
    });

    it('are not possible where the algorithm was left out: a public JWK is not taken for a secret of HS256', () => {
      expect(() => managerWith(rsa().publicKey.export({ format: 'jwk' }) as never)).to.throw(ConfigurationError);
    });
  });

  describe('CVE-2022-21449: tokens with a signature of zeros', () => {
    areRefused({
      manager: () => managerWith({ publicKey: p256().publicKey }, { algorithm: 'ES256' }),
      good: () => signed('ES256', p256().privateKey),
      bad: () => {
        const input = signed('ES256', p256().privateKey).split('.').slice(0, 2).join('.');
        return {
          zeros: `${input}.${encode(Buffer.alloc(64))}`,
          'zeros in DER': `${input}.${encode(Buffer.from('3006020100020100', 'hex'))}`,
        };
      },
    });
  });
});
