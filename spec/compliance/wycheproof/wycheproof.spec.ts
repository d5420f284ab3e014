import { expect } from 'chai';
import { parseCompactJws } from '../../../src/jwt/compact-jws';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import type { Key } from '../../../src/jwt/keys/key';
import { parseKeys } from '../../../src/jwt/keys/parse-key';
import type { Jwk } from '../../../src/jwt/keys/secret';
import { verifySignature } from '../../../src/jwt/signature';
import { withNodeEnv } from '../../support/process';
import { FILES, findVectors, readVectors, type Vector, type VectorGroup } from './vectors';
import { verdictOf } from './verdict';

type File = (typeof FILES)[number];

/** An empty payload is no JSON object: such a token is refused before its signature is looked at. */
const EMPTY_PAYLOAD = 'it has no payload';

/** RFC 7515 §2: base64url has no other characters. */
const OTHER_CHARACTER = 'it has a character that is none of base64url, which the vectors let pass';

/** Two slips of the vectors: the key says ES521 or PS256 and the token, rightly, ES512 or PS384. */
const CONTRADICTION = 'the alg of its key contradicts that of its header';

const SAME_TEXT = 'it is the same text as the valid vector 357';

/** The application chooses its keys; neither OpenSSL nor other libraries for tokens look for this weakness. */
const ROCA = 'its key is of a weak generator (CVE-2017-15361), which nobody looks for';

const MIXED = 'keys of another type than the algorithm are skipped in a set (RFC 7517 §5)';

/** Where the library decides otherwise than the vectors, and why. */
const deviations: Record<File, Record<number, string>> = {
  'json_web_signature_test.json': {
    ...Object.fromEntries([259, 264, 268, 272, 320, 325].map((id) => [id, EMPTY_PAYLOAD])),
    ...Object.fromEntries([346, 347, 350, 351].map((id) => [id, CONTRADICTION])),
    ...Object.fromEntries([367, 370].map((id) => [id, SAME_TEXT])),
    ...Object.fromEntries([372, 373].map((id) => [id, OTHER_CHARACTER])),
  },
  'json_web_crypto_test.json': { 46: ROCA, 47: MIXED },
  'json_web_key_test.json': { 1: MIXED, 7: ROCA },
};

const keyOf = (group: VectorGroup) => group.public ?? group.private;

const opposite = { valid: 'invalid', invalid: 'valid' } as const;

describe("Wycheproof's vectors", () => {
  const folder = findVectors();
  if (folder === undefined) {
    it('are not on this machine: set WYCHEPROOF to the folder with its JSON Web files');
    return;
  }

  for (const name of FILES) {
    describe(`of ${name}`, () => {
      const { numberOfTests, testGroups } = readVectors(folder, name);
      const expected = ({ tcId, result }: Vector) => (deviations[name][tcId] ? opposite[result] : result);

      it('are all read', () => {
        expect(testGroups.flatMap(({ tests }) => tests)).to.have.length(numberOfTests);
      });

      for (const group of testGroups) {
        const [first, last] = [group.tests[0]?.tcId, group.tests.at(-1)?.tcId];

        it(`are decided as they say, or for a reason otherwise: ${group.comment}, ${first} to ${last}`, () => {
          for (const vector of group.tests) {
            const { jws, jwe, tcId, comment } = vector;
            const text = toText(jws ?? jwe);
            // A secret that is too short is refused in production, and warned of elsewhere.
            const verdict = withNodeEnv('production', () => (jws ? verdictOf(text, keyOf(group)) : verdictOfJwe(text)));
            const wanted = jws ? expected(vector) : 'invalid';
            expect(verdict, `${tcId} ${comment} ${deviations[name][tcId] ?? ''}`).to.equal(wanted);
          }
        });
      }
    });
  }

  it('without a payload have a signature that is right', () => {
    const { testGroups } = readVectors(folder, 'json_web_signature_test.json');
    for (const group of testGroups) {
      for (const { tcId, jws } of group.tests) {
        if (deviations['json_web_signature_test.json'][tcId] !== EMPTY_PAYLOAD) continue;
        const { alg } = keyOf(group) as { alg: Algorithm };
        const [{ verificationKey }] = parseKeys(keyOf(group), [alg]) as [Key];
        const [header, payload, signature] = (jws as string).split('.') as [string, string, string];
        const bytes = Buffer.from(signature, 'base64url');
        expect(verifySignature(bytes, `${header}.${payload}`, verificationKey, alg), `${tcId}`).to.equal(true);
      }
    }
  });

  it('with a contradiction of key and header are valid with the algorithm of the header', () => {
    const { testGroups } = readVectors(folder, 'json_web_signature_test.json');
    for (const group of testGroups) {
      for (const { tcId, jws } of group.tests) {
        if (deviations['json_web_signature_test.json'][tcId] !== CONTRADICTION) continue;
        const { alg, ...key } = keyOf(group) as Jwk;
        expect(alg).to.be.oneOf(['ES521', 'PS256']);
        expect(verdictOf(toText(jws), key), `${tcId}`).to.equal('valid');
      }
    }
  });
});

/** What an attacker would send, of an object too. */
function toText(token: string | object | undefined): string {
  return typeof token === 'string' ? token : JSON.stringify(token);
}

/** An encrypted token has five parts; none is accepted. */
function verdictOfJwe(jwe: string): 'valid' | 'invalid' {
  return parseCompactJws(jwe) ? 'valid' : 'invalid';
}
