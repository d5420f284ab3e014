import { expect } from 'chai';
import { LoginManager } from '../../src/manager/login-manager';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, Accounts, managerOf, SECRET, tokenOf } from '../support/accounts';
import { keysFor, p256, pem } from '../support/keys';
import { nameOf } from '../support/name-of';
import { BAD, ENDED, fateOf, refusalOf, Sessions } from '../support/sessions';
import { MoodyStore } from '../support/stores';
import { encode, forge, payloadOf, signatureOf } from '../support/tokens';

describe('revoke', () => {
  it('takes back one access token, and leaves its family alone', async () => {
    const sessions = new Sessions();
    const pair = await sessions.login();
    const next = await sessions.refresh(pair);
    await sessions.manager.revoke(pair.access_token);
    expect(await fateOf(sessions.manager, pair.access_token)).to.equal('token_revoked');
    expect(await fateOf(sessions.manager, next.access_token)).to.equal('let in');
    expect(await sessions.refresh(next)).to.have.property('access_token');
  });

  it('takes back the whole family of a refresh token, what came before and after it', async () => {
    const sessions = new Sessions();
    const first = await sessions.login();
    const second = await sessions.refresh(first);
    const third = await sessions.refresh(second);
    const other = await sessions.login();
    await sessions.manager.revoke(second.refresh_token);
    for (const { access_token } of [first, second, third]) {
      expect(await fateOf(sessions.manager, access_token)).to.equal('token_revoked');
    }
    expect(await refusalOf(sessions.refresh(third))).to.equal(ENDED);
    expect(await fateOf(sessions.manager, other.access_token)).to.equal('let in');
  });

  it('may be called twice', async () => {
    const sessions = new Sessions();
    const { access_token, refresh_token } = await sessions.login();
    for (const token of [access_token, access_token, refresh_token, refresh_token])
      await sessions.manager.revoke(token);
    expect(await fateOf(sessions.manager, access_token)).to.equal('token_revoked');
  });

  it('holds for as long as the token would have lived, to the millisecond', async () => {
    for (const expires of [60, 0.5]) {
      const sessions = new Sessions({ clockTolerance: 5 });
      const { access_token } = await sessions.login(undefined, { expires });
      await sessions.manager.revoke(access_token);
      sessions.clock.advance(expires + 5 - 0.001);
      expect(await fateOf(sessions.manager, access_token)).to.equal('token_revoked');
      sessions.clock.advance(0.001);
      expect(await fateOf(sessions.manager, access_token)).to.equal('token_expired');
    }
  });

  it('counts at once, whatever was found good before', async () => {
    const sessions = new Sessions({ userCache: { max: 10, maxAge: '1h' } });
    const { access_token } = await sessions.login();
    for (let time = 0; time < 3; time++) expect(await fateOf(sessions.manager, access_token)).to.equal('let in');
    await sessions.manager.revoke(access_token);
    expect(await fateOf(sessions.manager, access_token)).to.equal('token_revoked');
  });

  it('counts on every server of the store', async () => {
    const sessionStore = new MemorySessionStore();
    const [here, there] = [managerOf({ sessionStore }), managerOf({ sessionStore })];
    const token = tokenOf(here);
    expect(await fateOf(there, token)).to.equal('let in');
    await here.revoke(token);
    expect(await fateOf(there, token)).to.equal('token_revoked');
  });

  it('works where there is only the public key', async () => {
    const sessionStore = new MemorySessionStore();
    const { signing, verifying } = keysFor('RS256');
    const options = { algorithm: 'RS256', userLoader: Accounts, sessionStore } as const;
    const issuer = new LoginManager<Account>(signing, '/login', options);
    const service = new LoginManager({ publicKey: pem(verifying) }, null, options);
    const token = issuer.createAccessToken({ data: { sub: 'ada@example.com' } });
    await service.revoke(token);
    expect(await fateOf(issuer, token)).to.equal('token_revoked');
  });

  it('ends the session of a refresh token that has expired', async () => {
    const store = new MemorySessionStore(() => 0); // which forgets nothing
    const sessions = new Sessions({ sessionStore: store, refreshExpiry: '1h' });
    const { refresh_token } = await sessions.login();
    sessions.clock.advance(3600);
    await sessions.manager.revoke(refresh_token);
    expect(store.size).to.equal(0);
  });

  describe('does nothing, and asks no store, about', () => {
    const sessions = () => {
      const store = new MoodyStore();
      return { store, ...new Sessions({ sessionStore: store }), login: () => new Sessions().login() };
    };

    for (const text of ['', 'garbage', 'a.b.c', 'x'.repeat(100_000), '\u0000', 'ä']) {
      it(`text that is no token: ${nameOf(text)}`, async () => {
        const { manager, store } = sessions();
        await manager.revoke(text);
        expect(store.calls).to.equal(0);
      });
    }

    it('tokens of another secret, issuer or audience', async () => {
      const store = new MoodyStore();
      const ours = new Sessions({ sessionStore: store, issuer: 'us', audience: 'app' });
      const forged = forge({ payload: { sub: 'a', exp: 1e10, iss: 'us', aud: 'app' }, key: `${SECRET}.` });
      const others = [
        await new Sessions({ issuer: 'them', audience: 'app' }).login(),
        await new Sessions({ issuer: 'us', audience: 'other' }).login(),
      ].flatMap(({ access_token, refresh_token }) => [access_token, refresh_token]);
      for (const token of [forged, ...others]) await ours.manager.revoke(token);
      expect(store.calls).to.equal(0);
    });
  });
});

describe('a token without claims of a session', () => {
  const clock = new Sessions().clock;
  const payload = { sub: 'ada@example.com', iat: clock.now / 1000, exp: clock.now / 1000 + 3600 };

  it('is accepted, and taken back by its text', async () => {
    const { manager } = new Sessions();
    const [token, other] = [forge({ payload }), forge({ payload: { ...payload, nonce: 1 } })];
    expect(await fateOf(manager, token)).to.equal('let in');
    await manager.revoke(token);
    expect(await fateOf(manager, token)).to.equal('token_revoked');
    expect(await fateOf(manager, other)).to.equal('let in');
  });

  it('is taken back by its jti, if it has one', async () => {
    const { manager } = new Sessions();
    const [one, same, other] = ['a', 'a', 'b'].map((jti, nonce) => forge({ payload: { ...payload, jti, nonce } }));
    await manager.revoke(one as string);
    expect(await fateOf(manager, same as string)).to.equal('token_revoked');
    expect(await fateOf(manager, other as string)).to.equal('let in');
  });

  it('is taken back in the other spelling of its signature too', async () => {
    const store = new MemorySessionStore();
    const manager = new LoginManager<Account>(p256().privateKey, '/login', {
      algorithm: 'ES256',
      userLoader: Accounts,
      sessionStore: store,
    });
    const exp = Date.now() / 1000 + 60;
    const input = `${encode({ alg: 'ES256' })}.${encode({ sub: 'ada@example.com', exp })}`;
    const signature = signatureOf(input, p256().privateKey, 'ES256');
    const twin = `${input}.${otherSpelling(signature)}`;
    expect(await fateOf(manager, twin)).to.equal('let in');
    await manager.revoke(`${input}.${signature}`);
    expect(await fateOf(manager, twin)).to.equal('token_revoked');
  });

  it('is no refresh token', async () => {
    const { manager } = new Sessions();
    const token = forge({ header: { alg: 'HS256', typ: 'refresh+jwt' }, payload });
    expect(await refusalOf(manager.refresh(token))).to.equal(BAD);
  });

  it('cannot pass for the entry of a subject or a family', async () => {
    const sessions = new Sessions();
    const { access_token } = await sessions.login();
    const { sid } = payloadOf(access_token);
    for (const jti of ['subject:ada@example.com', `family:${sid}`, 'ada@example.com', String(sid)]) {
      await sessions.manager.revoke(forge({ payload: { ...payload, jti } }));
    }
    expect(await fateOf(sessions.manager, access_token)).to.equal('let in');
  });
});

/** To each ECDSA signature (r, s) there is another that verifies: (r, n − s). */
function otherSpelling(signature: string): string {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  return Buffer.concat([bytes.subarray(0, 32), other]).toString('base64url');
}
