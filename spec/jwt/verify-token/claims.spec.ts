import { expect } from 'chai';
import { LoginManager } from '../../../src/manager/login-manager';
import { SECRET } from '../../support/accounts';
import { nameOf } from '../../support/name-of';
import { forge, type Json } from '../../support/tokens';
import { CLAIMS, clock, describeVerification, NOW, REFUSED } from './verification';

describeVerification('the claims of a token', ({ managerWith, senderOf, shared }) => {
  const send = senderOf(managerWith);

  const unusable: Record<string, Json> = {
    'no exp': { sub: 'ada@example.com' },
    'exp that is text': { ...CLAIMS, exp: String(NOW + 60) },
    'exp that is null': { ...CLAIMS, exp: null },
    'exp that is the text NaN': { ...CLAIMS, exp: 'NaN' },
    'exp that is a list': { ...CLAIMS, exp: [NOW + 60] },
    'exp that is true': { ...CLAIMS, exp: true },
    'exp beyond all numbers': `{"sub":"ada@example.com","exp":1e400}`,
    'nbf that is text': { ...CLAIMS, nbf: '0' },
    'nbf that is null': { ...CLAIMS, nbf: null },
    'nbf beyond all numbers': `{"sub":"ada@example.com","exp":${NOW + 60},"nbf":-1e400}`,
    'iat that is text': { ...CLAIMS, iat: 'yesterday' },
    'iat that is null': { ...CLAIMS, iat: null },
    'no sub': { exp: NOW + 60 },
    'sub that is empty': { ...CLAIMS, sub: '' },
    'sub that is null': { ...CLAIMS, sub: null },
    'sub that is a list': { ...CLAIMS, sub: ['ada@example.com'] },
    'sub that is an object': { ...CLAIMS, sub: { email: 'ada@example.com' } },
    'sub that is true': { ...CLAIMS, sub: true },
    'sub that is a fraction': { ...CLAIMS, sub: 1.5 },
    'sub that is no safe integer': `{"sub":9007199254740993,"exp":${NOW + 60}}`,
    'claims that are only inherited': `{"__proto__":{"sub":"ada@example.com","exp":${NOW + 60}}}`,
  };

  for (const [what, claims] of Object.entries(unusable)) {
    it(`refuses ${what}`, async () => {
      expect(await send(forge({ payload: claims }))).to.equal(REFUSED);
    });
  }

  it('refuses an exp that is negative as long past', async () => {
    expect(await send(forge({ payload: { ...CLAIMS, exp: -1 } }))).to.equal('401 token_expired');
  });

  it('takes an exp with a fraction', async () => {
    expect(await send(forge({ payload: { ...CLAIMS, exp: NOW + 0.5 } }))).to.equal('let in');
  });

  it('takes a token until its exp, and not at it', async () => {
    const token = forge({ payload: CLAIMS });
    clock.advance(59.999);
    expect(await send(token)).to.equal('let in');
    clock.advance(0.001);
    expect(await send(token)).to.equal('401 token_expired');
  });

  it('refuses a token before its nbf, and takes it at it', async () => {
    const token = forge({ payload: { ...CLAIMS, nbf: NOW + 10 } });
    clock.advance(9.999);
    expect(await send(token)).to.equal(REFUSED);
    clock.advance(0.001);
    expect(await send(token)).to.equal('let in');
  });

  it('takes a token that seems to come from the future: iat says nothing about validity', async () => {
    expect(await send(forge({ payload: { ...CLAIMS, iat: NOW + 30 } }))).to.equal('let in');
  });

  it('says that a token has expired only of one that is well signed', async () => {
    const expired = { ...CLAIMS, exp: NOW - 1 };
    expect(await send(forge({ payload: expired }))).to.equal('401 token_expired');
    expect(await send(forge({ payload: expired, key: 'the secret of somebody else, long enough' }))).to.equal(REFUSED);
    expect(await send(forge({ header: { alg: 'none' }, payload: expired }))).to.equal(REFUSED);
  });

  it('takes an iss that nobody asked for', async () => {
    expect(await send(forge({ payload: { ...CLAIMS, iss: 'https://issuer.example' } }))).to.equal('let in');
  });

  for (const aud of ['api', ['api'], ['api', 'web'], [], '', null, 7, { 0: 'api' }]) {
    it(`refuses aud ${nameOf(aud)} where no audience is configured`, async () => {
      expect(await send(forge({ payload: { ...CLAIMS, aud } }))).to.equal(REFUSED);
    });
  }

  it('gives the loader a sub that is a safe integer as the number it is', async () => {
    const seen: unknown[] = [];
    const manager = new LoginManager<object>(SECRET, null, shared);
    manager.userLoader()((sub: number) => {
      seen.push(sub);
      return {};
    });
    await manager.getCurrentUser(forge({ payload: { ...CLAIMS, sub: 0 } }));
    await manager.getCurrentUser(forge({ payload: { ...CLAIMS, sub: Number.MAX_SAFE_INTEGER } }));
    expect(seen).to.deep.equal([0, Number.MAX_SAFE_INTEGER]);
  });

  describe('with a tolerance of ten seconds', () => {
    const send = senderOf(() => managerWith({ clockTolerance: 10 }));

    it('takes a token for ten seconds more', async () => {
      const token = forge({ payload: CLAIMS });
      clock.advance(69.999);
      expect(await send(token)).to.equal('let in');
      clock.advance(0.001);
      expect(await send(token)).to.equal('401 token_expired');
    });

    it('takes a token ten seconds before its nbf', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, nbf: NOW + 10 } }))).to.equal('let in');
      expect(await send(forge({ payload: { ...CLAIMS, nbf: NOW + 10.001 } }))).to.equal(REFUSED);
    });

    it('is no tolerance of other faults', async () => {
      clock.advance(65);
      expect(await send(forge({ payload: { ...CLAIMS, sub: '' } }))).to.equal(REFUSED);
    });
  });

  describe('with an issuer', () => {
    const send = senderOf(() => managerWith({ issuer: 'https://issuer.example' }));

    it('takes its tokens', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, iss: 'https://issuer.example' } }))).to.equal('let in');
    });

    for (const iss of [
      undefined,
      null,
      '',
      'https://issuer.example/',
      'https://issuer.example.evil.example',
      'https://issuer',
      'HTTPS://ISSUER.EXAMPLE',
      ['https://issuer.example'],
      { 0: 'https://issuer.example' },
    ]) {
      it(`refuses iss ${nameOf(iss)}`, async () => {
        expect(await send(forge({ payload: { ...CLAIMS, iss } }))).to.equal(REFUSED);
      });
    }

    it('does not say of a stranger’s token that it has expired', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, exp: NOW - 1, iss: 'https://other.example' } }))).to.equal(
        REFUSED,
      );
    });
  });

  describe('with an audience', () => {
    const send = senderOf(() => managerWith({ audience: ['api', 'web'] }));

    for (const aud of ['api', 'web', ['api'], ['other', 'web'], ['api', 7]]) {
      it(`takes aud ${nameOf(aud)}`, async () => {
        expect(await send(forge({ payload: { ...CLAIMS, aud } }))).to.equal('let in');
      });
    }

    for (const aud of [
      undefined,
      null,
      '',
      'ap',
      'apis',
      'API',
      'api web',
      [],
      ['other'],
      [['api']],
      { 0: 'api' },
      'api,web',
    ]) {
      it(`refuses aud ${nameOf(aud)}`, async () => {
        expect(await send(forge({ payload: { ...CLAIMS, aud } }))).to.equal(REFUSED);
      });
    }
  });
});
