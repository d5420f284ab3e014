import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { managerOf, SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { guardedRoute } from '../support/guarded-route';
import { rejection } from '../support/rejection';
import { encode, forge, headerOf, payloadOf, signatureOf } from '../support/tokens';

const clock = new TestClock();
const NOW = clock.now / 1000;
const CLAIMS = { sub: 'ada@example.com', exp: NOW + 60, iss: 'https://issuer.example', aud: 'api' };

describe('RFC 7519, JSON Web Token', () => {
  const manager = managerOf({ clock: clock.tell, issuer: 'https://issuer.example', audience: 'api' });
  const send = guardedRoute(() => manager);
  const verdict = (claims: object) => send(forge({ payload: { ...CLAIMS, ...claims } }));

  it('is let in as the other rules here want it', async () => {
    expect(await verdict({})).to.equal('let in');
  });

  describe('§4 claims', () => {
    it('§4: claim names MUST be unique; of two, the lexically last one counts, everywhere', async () => {
      const twice = `{"sub":"nobody@example.com","exp":${NOW + 60},"iss":"https://issuer.example","aud":"api","sub":"ada@example.com"}`;
      expect(await send(forge({ payload: twice }))).to.equal('let in');
    });

    it('§4: claims that are not understood MUST be ignored', async () => {
      expect(await verdict({ 'https://example.com/is_root': true, nonce: [1], alg: 'none' })).to.equal('let in');
    });

    it('§4.1.1: iss is one case-sensitive string', async () => {
      for (const iss of ['HTTPS://issuer.example', ['https://issuer.example'], undefined])
        expect(await verdict({ iss })).to.equal('401 token_invalid');
    });

    it('§4.1.2: sub is a string, case-sensitive', async () => {
      expect(await verdict({ sub: 'ADA@example.com' })).to.equal('401 user_unknown');
      expect(await verdict({ sub: ['ada@example.com'] })).to.equal('401 token_invalid');
    });

    it('§4.1.3: a principal that is not identified in aud MUST reject the token', async () => {
      for (const aud of ['web', ['web', 'apis'], [], 'API'])
        expect(await verdict({ aud })).to.equal('401 token_invalid');
      expect(await verdict({ aud: ['web', 'api'] })).to.equal('let in');
    });

    it('§4.1.3: a principal without a name MUST reject every token that has an aud', async () => {
      const unnamed = managerOf({ clock: clock.tell });
      for (const aud of ['api', ['api'], ['web', 'api'], [], '', null, 0, {}]) {
        const token = forge({ payload: { ...CLAIMS, aud } });
        expect((await rejection(unnamed.verify(token))).code, JSON.stringify(aud)).to.equal('token_invalid');
      }
      expect(await unnamed.verify(forge({ payload: { ...CLAIMS, aud: undefined } }))).to.include({ sub: CLAIMS.sub });
    });

    it('§4.1.4: on or after exp the token MUST NOT be accepted', async () => {
      expect(await verdict({ exp: NOW })).to.equal('401 token_expired');
      expect(await verdict({ exp: NOW - 1 })).to.equal('401 token_expired');
      expect(await verdict({ exp: NOW + 1 })).to.equal('let in');
    });

    it('§4.1.4: exp MUST be a number', async () => {
      for (const exp of [String(NOW + 60), null, true]) expect(await verdict({ exp })).to.equal('401 token_invalid');
    });

    it('§4.1.5: before nbf the token MUST NOT be accepted', async () => {
      expect(await verdict({ nbf: NOW + 1 })).to.equal('401 token_invalid');
      expect(await verdict({ nbf: NOW })).to.equal('let in');
    });

    it('§4.1.5: nbf MUST be a number', async () => {
      expect(await verdict({ nbf: String(NOW - 1) })).to.equal('401 token_invalid');
    });

    it('§4.1.6: iat MUST be a number', async () => {
      expect(await verdict({ iat: String(NOW) })).to.equal('401 token_invalid');
      expect(await verdict({ iat: NOW + 0.25 })).to.equal('let in');
    });
  });

  describe('§5 header', () => {
    it('§5.1: typ JWT is written in capitals, and read without regard to case', async () => {
      expect(headerOf(manager.createAccessToken({ data: { sub: 'ada@example.com' } })).typ).to.equal('JWT');
      expect(await send(forge({ header: { alg: 'HS256', typ: 'jwt' }, payload: CLAIMS }))).to.equal('let in');
    });

    it('§5.2: cty MUST be JWT for a nested token, and none is taken for its contents', async () => {
      const inner = forge({ payload: CLAIMS });
      expect(await send(forge({ header: { alg: 'HS256', cty: 'JWT' }, payload: inner }))).to.equal('401 token_invalid');
    });
  });

  it('§6: an unsecured token, the example of §6.1, is refused', async () => {
    const example =
      'eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.';
    expect(await send(example)).to.equal('401 token_invalid');
  });

  describe('§7.2 validating', () => {
    const refused: [string, string][] = [
      ['1: the token MUST contain a period', 'eyJhbGciOiJIUzI1NiJ9'],
      [
        '3: the header is base64url without line breaks, white space or other characters',
        `${encode({ alg: 'HS256' })}\t.${encode(CLAIMS)}.${signatureOf(`${encode({ alg: 'HS256' })}.${encode(CLAIMS)}`, SECRET, 'HS256')}`,
      ],
      ['4: the header is UTF-8 of a JSON object', forge({ header: '["HS256"]', payload: CLAIMS })],
      [
        '5: the header has only parameters whose syntax and semantics are understood, or that are ignored',
        forge({ header: { alg: 'HS256', crit: ['x'], x: 1 }, payload: CLAIMS }),
      ],
      [
        '6: a token for encryption (five parts) is none of ours',
        'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA',
      ],
      ['7: the signature is validated as JWS says', `${forge({ payload: CLAIMS }).slice(0, -4)}AAAA`],
      ['10: the payload is UTF-8 of a JSON object', forge({ payload: '[]' })],
    ];

    for (const [step, token] of refused) {
      it(`§7.2 step ${step}`, async () => {
        expect(await send(token)).to.equal('401 token_invalid');
      });
    }

    it('§7.2: unless the algorithm is acceptable to the application, the token SHOULD be rejected', async () => {
      expect(await send(jwt.sign(CLAIMS, SECRET, { algorithm: 'HS384', noTimestamp: true }))).to.equal(
        '401 token_invalid',
      );
    });
  });

  it('§2: NumericDate is seconds, and what is made has whole ones', () => {
    const { exp, iat } = payloadOf(manager.createAccessToken({ data: { sub: 'ada@example.com' } }));
    expect([iat, exp]).to.deep.equal([NOW, NOW + 900]);
  });
});

describe('RFC 7515, JSON Web Signature', () => {
  const send = guardedRoute(() => managerOf({ clock: clock.tell, audience: 'api' }));
  const withHeader = (header: object) => send(forge({ header: { alg: 'HS256', ...header }, payload: CLAIMS }));

  it('§4: of two parameters of the same name, the last one alone counts', async () => {
    expect(await send(forge({ header: '{"alg":"none","alg":"HS256"}', payload: CLAIMS }))).to.equal('let in');
    expect(await send(forge({ header: '{"alg":"HS256","alg":"none"}', payload: CLAIMS }))).to.equal(
      '401 token_invalid',
    );
  });

  it('§4.1.1: alg MUST be present', async () => {
    expect(await send(forge({ header: { typ: 'JWT' }, payload: CLAIMS }))).to.equal('401 token_invalid');
  });

  it('§4.1.4: kid is a hint: a key that was configured without one is tried', async () => {
    expect(await withHeader({ kid: 'of-the-issuer' })).to.equal('let in');
  });

  it('§4.1.9: application/ may be left out of typ, and its case does not matter', async () => {
    for (const typ of ['application/jwt', 'Application/JWT', 'application/at+jwt'])
      expect(await withHeader({ typ }), typ).to.equal('let in');
    for (const typ of ['application/refresh+jwt', 'application/application/jwt', 'text/jwt', 'application/'])
      expect(await withHeader({ typ }), typ).to.equal('401 token_invalid');
  });

  it('§4.1.4: kid MUST be a string', async () => {
    expect(await withHeader({ kid: 1 })).to.equal('401 token_invalid');
  });

  it('§4.1.11: an extension that is critical and not understood MUST be rejected', async () => {
    expect(await withHeader({ crit: ['http://example.com/extension'], 'http://example.com/extension': true })).to.equal(
      '401 token_invalid',
    );
  });

  it('§4.1.11: crit MUST NOT be empty, MUST NOT name parameters of the specification, and MUST be a list of names that are there', async () => {
    for (const crit of [[], ['alg'], 'exp', ['missing'], [1]])
      expect(await withHeader({ crit }), JSON.stringify(crit)).to.equal('401 token_invalid');
  });

  it('RFC 7797 §3: b64 is understood by nobody here', async () => {
    expect(await withHeader({ b64: false, crit: ['b64'] })).to.equal('401 token_invalid');
    expect(await withHeader({ b64: false })).to.equal('401 token_invalid');
  });

  it('§5.2: the compact serialisation alone is a token', async () => {
    const [protectedHeader, payload, signature] = forge({ payload: CLAIMS }).split('.');
    expect(await send(JSON.stringify({ payload, protected: protectedHeader, signature }))).to.equal(
      '401 token_invalid',
    );
  });
});
