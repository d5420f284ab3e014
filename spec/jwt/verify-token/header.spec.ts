import { expect } from 'chai';
import { nameOf } from '../../support/name-of';
import { encode, forge, headerOf } from '../../support/tokens';
import { CLAIMS, describeVerification, REFUSED } from './verification';

describeVerification('the header of a token', ({ managerWith, senderOf }) => {
  const send = senderOf(managerWith);

  for (const alg of [
    'HS384',
    'hs256',
    'HS256 ',
    'RS256',
    'none',
    'None',
    'NONE',
    '',
    null,
    undefined,
    ['HS256'],
    { alg: 'HS256' },
    256,
  ]) {
    it(`refuses the algorithm ${nameOf(alg)}, whatever the signature`, async () => {
      expect(await send(forge({ header: { typ: 'JWT', alg }, payload: CLAIMS }))).to.equal(REFUSED);
    });
  }

  it('refuses a token without a signature that says so', async () => {
    expect(await send(`${encode({ alg: 'none' })}.${encode(CLAIMS)}.`)).to.equal(REFUSED);
    expect(await send(`${encode({ alg: 'none' })}.${encode(CLAIMS)}`)).to.equal(REFUSED);
  });

  it('refuses a token that was really signed with another hash', async () => {
    const token = forge({ payload: CLAIMS, algorithm: 'HS512' });
    expect(headerOf(token).alg).to.equal('HS512');
    expect(await send(token)).to.equal(REFUSED);
    expect(await send(forge({ header: { alg: 'HS256' }, payload: CLAIMS, algorithm: 'HS512' }))).to.equal(REFUSED);
  });

  for (const typ of [
    undefined,
    'JWT',
    'jwt',
    'Jwt',
    'at+jwt',
    'AT+JWT',
    'at+JWT',
    'application/jwt',
    'application/at+jwt',
    'Application/AT+JWT',
  ]) {
    it(`takes the type ${typ ?? 'that is left out'}`, async () => {
      expect(await send(forge({ header: { alg: 'HS256', typ }, payload: CLAIMS }))).to.equal('let in');
    });
  }

  for (const typ of [
    'refresh+jwt',
    'dpop+jwt',
    'logout+jwt',
    'secevent+jwt',
    'JOSE',
    'application/refresh+jwt',
    'application/',
    'application/application/jwt',
    'japplication/wt',
    'application/ jwt',
    'jwt/application',
    ' JWT',
    '',
    null,
    ['JWT'],
    1,
  ]) {
    it(`refuses the type ${nameOf(typ)}`, async () => {
      expect(await send(forge({ header: { alg: 'HS256', typ }, payload: CLAIMS }))).to.equal(REFUSED);
    });
  }

  for (const crit of [['exp'], ['b64'], ['http://example.com/x'], [], '', null]) {
    it(`refuses crit ${nameOf(crit)}: it understands no extension`, async () => {
      expect(await send(forge({ header: { alg: 'HS256', crit, exp: 1, b64: true }, payload: CLAIMS }))).to.equal(
        REFUSED,
      );
    });
  }

  it('takes b64 true, which says what is the case anyway (RFC 7797 §3)', async () => {
    expect(await send(forge({ header: { alg: 'HS256', b64: true }, payload: CLAIMS }))).to.equal('let in');
  });

  for (const b64 of [false, 'false', 0, null]) {
    it(`refuses b64 ${nameOf(b64)}`, async () => {
      expect(await send(forge({ header: { alg: 'HS256', b64 }, payload: CLAIMS }))).to.equal(REFUSED);
    });
  }

  it('never reads a key from the header', async () => {
    const intruder = 'the secret of somebody else, long enough';
    const k = Buffer.from(intruder).toString('base64url');
    const ways = [
      { jwk: { kty: 'oct', k } },
      { jku: 'http://127.0.0.1:1/keys.json' },
      { x5u: 'http://127.0.0.1:1/certificate.pem' },
      { x5c: [k] },
      { jwk: { kty: 'oct', k }, kid: 'mine' },
    ];
    for (const way of ways)
      expect(await send(forge({ header: { alg: 'HS256', ...way }, payload: CLAIMS, key: intruder }))).to.equal(REFUSED);
  });

  it('does not mind a key in the header of a token that is signed with its own', async () => {
    expect(
      await send(forge({ header: { alg: 'HS256', jku: 'http://127.0.0.1:1/keys.json' }, payload: CLAIMS })),
    ).to.equal('let in');
  });

  for (const kid of [0, null, ['a'], { kid: 'a' }, true]) {
    it(`refuses the key name ${nameOf(kid)}, which is not a string`, async () => {
      expect(await send(forge({ header: { alg: 'HS256', kid }, payload: CLAIMS }))).to.equal(REFUSED);
    });
  }

  for (const kid of ['unknown', '', '__proto__', '../../etc/passwd', "' OR 1=1 --"]) {
    it(`tries a key without a name for a token that names ${nameOf(kid)}`, async () => {
      const header = { alg: 'HS256', kid };
      expect(await send(forge({ header, payload: CLAIMS }))).to.equal('let in');
      expect(await send(forge({ header, payload: CLAIMS, key: 'the secret of somebody else, long enough' }))).to.equal(
        REFUSED,
      );
    });
  }
});
