import { expect } from 'chai';
import type { Algorithm } from '../../src/jwt/keys/algorithm';
import { KeySet } from '../../src/jwt/keys/key-set';
import { TokenVerifier, type VerifyOptions } from '../../src/jwt/token-verifier';
import type { VerifiedToken } from '../../src/jwt/verification-result';
import { VerifiedTokenCache } from '../../src/jwt/verified-token-cache';
import { SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { encode, forge } from '../support/tokens';
import { verifyOptions } from '../support/verify-options';

const clock = new TestClock();
const NOW = clock.now / 1000;
const MAX_AGE = 300;
const CLAIMS = { sub: 'ada', exp: NOW + 600, scopes: ['notes:read'], profile: { roles: ['author'] } };

/** Counts how often a signature is looked at. */
class CountedKeys extends KeySet {
  asked = 0;

  override keysFor(kid: string | undefined, algorithm: Algorithm) {
    this.asked++;
    return super.keysFor(kid, algorithm);
  }
}

function verifierOf(rules: Partial<VerifyOptions> = {}, cache?: VerifiedTokenCache) {
  const keys = new CountedKeys(SECRET, ['HS256']);
  const verifier = new TokenVerifier(keys, verifyOptions(clock.tell, rules), cache);
  return { verifier, keys };
}

const remembering = (rules?: Partial<VerifyOptions>) =>
  verifierOf(rules, new VerifiedTokenCache({ max: 10, maxAge: MAX_AGE * 1000 }));

const codeOf = (verifier: TokenVerifier, token: string) => {
  const verification = verifier.verify(token);
  return verification.payload ? 'none' : verification.code;
};

describe('a verifier that remembers', () => {
  afterEach(() => {
    clock.now = NOW * 1000;
  });

  it('verifies a token once, and gives the same to everybody', () => {
    const { verifier, keys } = remembering();
    const token = forge({ payload: CLAIMS });
    const first = verifier.verify(token);
    for (let index = 0; index < 5; index++) expect(verifier.verify(token)).to.equal(first);
    expect(keys.asked).to.equal(1);
  });

  it('verifies it again after maxAge', () => {
    const { verifier, keys } = remembering();
    const token = forge({ payload: CLAIMS });
    verifier.verify(token);
    clock.advance(MAX_AGE - 0.001);
    verifier.verify(token);
    expect(keys.asked).to.equal(1);
    clock.advance(0.001);
    expect(verifier.verify(token).payload).to.deep.equal(CLAIMS);
    expect(keys.asked).to.equal(2);
  });

  it('gives what nobody can change', () => {
    const { payload, scopes } = remembering().verifier.verify(forge({ payload: CLAIMS })) as VerifiedToken;
    const { profile } = payload as unknown as typeof CLAIMS;
    for (const one of [payload, scopes, profile, profile.roles]) expect(one).to.be.frozen;
    expect(() => Object.assign(payload, { sub: 'eve' })).to.throw(TypeError);
    expect(() => (scopes as string[]).push('admin')).to.throw(TypeError);
    expect(() => profile.roles.push('admin')).to.throw(TypeError);
  });

  it('gives the scopes of space-separated text frozen too', () => {
    const token = forge({ payload: { ...CLAIMS, scopes: 'notes:read notes:write' } });
    expect((remembering().verifier.verify(token) as VerifiedToken).scopes).to.be.frozen.and.have.length(2);
  });

  it('asks for the expiry each time, with the tolerance', () => {
    for (const clockTolerance of [0, 10]) {
      const { verifier, keys } = remembering({ clockTolerance });
      const token = forge({ payload: { ...CLAIMS, exp: NOW + 60 } });
      expect(codeOf(verifier, token)).to.equal('none');
      clock.advance(59.999 + clockTolerance);
      expect(codeOf(verifier, token)).to.equal('none');
      clock.advance(0.001);
      expect(codeOf(verifier, token)).to.equal('token_expired');
      expect(keys.asked).to.equal(1);
      clock.now = NOW * 1000;
    }
  });

  it('asks for nbf each time, with the tolerance: the clock may be set back', () => {
    for (const clockTolerance of [0, 10]) {
      const { verifier, keys } = remembering({ clockTolerance });
      const token = forge({ payload: { ...CLAIMS, nbf: NOW } });
      expect(codeOf(verifier, token)).to.equal('none');
      clock.advance(-clockTolerance);
      expect(codeOf(verifier, token)).to.equal('none');
      clock.advance(-0.001);
      expect(codeOf(verifier, token)).to.equal('token_invalid');
      expect(keys.asked).to.equal(1);
      clock.now = NOW * 1000;
    }
  });

  it('remembers no failure', () => {
    const { verifier, keys } = remembering();
    const stranger = forge({ payload: CLAIMS, key: 'the secret of somebody else, long enough' });
    const early = forge({ payload: { ...CLAIMS, nbf: NOW + 10 } });
    const expired = forge({ payload: { ...CLAIMS, exp: NOW - 1 } });
    for (let index = 1; index <= 3; index++) {
      expect(codeOf(verifier, stranger)).to.equal('token_invalid');
      expect(codeOf(verifier, early)).to.equal('token_invalid');
      expect(codeOf(verifier, expired)).to.equal('token_expired');
      expect(keys.asked).to.equal(3 * index);
    }
    clock.advance(10);
    expect(codeOf(verifier, early), 'once it is time').to.equal('none');
  });

  it('never takes a refresh token for an access token it remembers, nor the reverse', () => {
    const { verifier } = remembering();
    const access = forge({ payload: CLAIMS });
    const refresh = forge({ header: { alg: 'HS256', typ: 'refresh+jwt' }, payload: CLAIMS });
    expect(codeOf(verifier, access)).to.equal('none');
    expect(verifier.verifyRefreshToken(access)).to.include({ code: 'token_invalid', reason: 'type' });
    verifier.verifyRefreshToken(refresh);
    expect(codeOf(verifier, refresh)).to.equal('token_invalid');
  });

  it('takes nothing but text', () => {
    const { verifier } = remembering();
    const token = forge({ payload: CLAIMS });
    verifier.verify(token);
    for (const other of [[token], { toString: () => token }, new String(token), Buffer.from(token), null, undefined]) {
      expect(verifier.verify(other)).to.include({ code: 'token_invalid', reason: 'malformed' });
    }
  });

  it('refuses every token that differs from one it remembers in a single character', () => {
    const { verifier } = remembering();
    const token = forge({ payload: CLAIMS });
    expect(codeOf(verifier, token)).to.equal('none');
    for (let index = 0; index < token.length; index++) {
      for (const one of ['A', 'z', '-', '.', '=', ' ', '%']) {
        const twin = token.slice(0, index) + one + token.slice(index + 1);
        if (twin !== token) expect(codeOf(verifier, twin), `${one} at ${index}`).to.equal('token_invalid');
      }
      expect(codeOf(verifier, token.slice(0, index)), `cut at ${index}`).to.equal('token_invalid');
      expect(codeOf(verifier, token.slice(index + 1)), `cut before ${index}`).to.equal('token_invalid');
    }
    expect(codeOf(verifier, token), 'still').to.equal('none');
  });

  it('refuses another payload under the signature of a token it remembers', () => {
    const { verifier } = remembering();
    const [header, payload, signature] = forge({ payload: CLAIMS }).split('.');
    expect(codeOf(verifier, `${header}.${payload}.${signature}`)).to.equal('none');
    const admin = encode({ ...CLAIMS, scopes: ['admin'] });
    expect(codeOf(verifier, `${header}.${admin}.${signature}`)).to.equal('token_invalid');
    expect(codeOf(verifier, `${encode({ alg: 'none' })}.${payload}.`)).to.equal('token_invalid');
  });
});

describe('a verifier that remembers nothing', () => {
  it('verifies a token each time', () => {
    const { verifier, keys } = verifierOf();
    const token = forge({ payload: CLAIMS });
    for (let index = 1; index <= 3; index++) {
      expect(verifier.verify(token)).to.have.property('payload').that.deep.equals(CLAIMS);
      expect(keys.asked).to.equal(index);
    }
  });

  it('gives what nobody can change, too', () => {
    const { payload, scopes } = verifierOf().verifier.verify(forge({ payload: CLAIMS })) as VerifiedToken;
    expect(payload).to.be.frozen;
    expect(scopes).to.be.frozen;
  });
});
