import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import type { OneTimeTokenRequest } from '../../src/sessions/one-time-tokens';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { Accounts, managerOf, SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { rejection, thrownBy } from '../support/rejection';
import { fateOf, refusalOf, Sessions } from '../support/sessions';
import { payloadOf } from '../support/tokens';

const reset: OneTimeTokenRequest = { purpose: 'password-reset', sub: 'ada@example.com', expires: '1h' };
const WORTHLESS = 'invalid_grant: The link is invalid, has expired or has been used';

describe('a one-time token', () => {
  it('says its subject and its data', async () => {
    const { manager } = new Sessions();
    const token = manager.createOneTimeToken({ ...reset, data: { mail: 'new@example.com' } });
    expect(await manager.redeem(token, 'password-reset')).to.deep.equal({
      sub: 'ada@example.com',
      data: { mail: 'new@example.com' },
    });
  });

  it('is not asked for its scopes: a scopeClaim of the application is about access tokens', async () => {
    const scopeClaim = ({ roles }: Record<string, unknown>) => (roles as string[]).map((role) => `role:${role}`);
    const { manager } = new Sessions({ scopeClaim });
    const token = manager.createOneTimeToken(reset);
    expect(await manager.redeem(token, 'password-reset')).to.include({ sub: 'ada@example.com' });
  });

  it('is good once, over two servers of a store', async () => {
    const sessionStore = new MemorySessionStore();
    const managers = [managerOf({ sessionStore }), managerOf({ sessionStore })];
    const token = managers[0]?.createOneTimeToken(reset) as string;
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => managers[index % 2]?.redeem(token, 'password-reset')),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
  });

  it('stays used until its expiry, on a server whose clock is late too', async () => {
    const clock = new TestClock();
    const sessionStore = new MemorySessionStore(clock.tell);
    const here = managerOf({ sessionStore, clock: clock.tell });
    const late = managerOf({ sessionStore, clock: () => clock.now - 5000 });
    const token = here.createOneTimeToken({ ...reset, expires: '1m' });
    await here.redeem(token, 'password-reset');
    for (let second = 0; second < 70; second++) {
      expect(await refusalOf(late.redeem(token, 'password-reset'))).to.equal(WORTHLESS);
      clock.advance(1);
    }
    expect(sessionStore.size).to.be.at.most(1);
  });

  it('expires', async () => {
    const { manager, clock } = new Sessions();
    const token = manager.createOneTimeToken(reset);
    clock.advance(3600);
    expect(await refusalOf(manager.redeem(token, 'password-reset'))).to.equal(WORTHLESS);
  });

  it('is good for its purpose alone, and is not used up by another', async () => {
    const { manager } = new Sessions();
    const token = manager.createOneTimeToken(reset);
    expect(await refusalOf(manager.redeem(token, 'verified-address'))).to.equal(WORTHLESS);
    expect(await manager.redeem(token, 'password-reset')).to.have.property('sub');
  });

  it('is good only for what it is bound to, and is not used up by something else', async () => {
    const { manager } = new Sessions();
    const token = manager.createOneTimeToken({ ...reset, bind: 'hash of the password' });
    for (const bind of ['hash of another password', undefined])
      expect(await refusalOf(manager.redeem(token, 'password-reset', { bind }))).to.equal(WORTHLESS);
    expect(await manager.redeem(token, 'password-reset', { bind: 'hash of the password' })).to.have.property('sub');
  });

  it('does not tell what it is bound to, and is bound for its subject alone', () => {
    const { manager } = new Sessions();
    const one = manager.createOneTimeToken({ ...reset, bind: 'hash' });
    const other = manager.createOneTimeToken({ ...reset, sub: 'bob@example.com', bind: 'hash' });
    expect(JSON.stringify(payloadOf(one))).not.to.include('hash');
    expect(payloadOf(one).bind).not.to.equal(payloadOf(other).bind);
  });

  it('needs no store when it is bound, until what it is bound to changes', async () => {
    const manager = managerOf();
    const token = manager.createOneTimeToken({ ...reset, bind: 'old hash' });
    expect(await manager.redeem(token, 'password-reset', { bind: 'old hash' })).to.have.property('sub');
    expect(await refusalOf(manager.redeem(token, 'password-reset', { bind: 'new hash' }))).to.equal(WORTHLESS);
    expect(await refusalOf(manager.redeem(token, 'password-reset'))).to.equal(WORTHLESS);
  });

  it('cannot be made without a store and without bind, and is refused if a manager with a store made it', async () => {
    expect(thrownBy(() => managerOf().createOneTimeToken(reset))).to.be.an.instanceOf(ConfigurationError);
    const token = managerOf({ sessionStore: new MemorySessionStore() }).createOneTimeToken(reset);
    expect(await refusalOf(managerOf().redeem(token, 'password-reset'))).to.equal(WORTHLESS);
  });

  it('is good after the secret was changed, bound or not', async () => {
    const sessionStore = new MemorySessionStore();
    const before = managerOf({ sessionStore });
    const tokens = [before.createOneTimeToken(reset), before.createOneTimeToken({ ...reset, bind: 'hash' })];
    const rotated = new LoginManager(['another secret of forty bytes, for specs', SECRET], '/login', {
      userLoader: Accounts,
      sessionStore,
    });
    for (const token of tokens)
      expect(await rotated.redeem(token, 'password-reset', { bind: 'hash' })).to.have.property('sub');
  });

  it('is no access token and no refresh token, and neither of those is one', async () => {
    const sessions = new Sessions();
    const { manager } = sessions;
    const token = manager.createOneTimeToken(reset);
    const pair = await sessions.login();
    expect(await fateOf(manager, token)).to.equal('token_invalid');
    expect(await refusalOf(manager.refresh(token))).to.match(/^invalid_grant/);
    await manager.revoke(token);
    for (const other of [pair.access_token, pair.refresh_token, '', 'garbage', undefined as never])
      expect(await refusalOf(manager.redeem(other, 'password-reset'))).to.equal(WORTHLESS);
    expect(await manager.redeem(token, 'password-reset')).to.have.property('sub');
  });

  it('can be redeemed after all logins of its user were revoked: a reset link may do that itself', async () => {
    const { manager } = new Sessions();
    const token = manager.createOneTimeToken(reset);
    await manager.revokeAll(reset.sub);
    expect(await manager.redeem(token, 'password-reset')).to.have.property('sub');
  });

  describe('is refused with a ConfigurationError', () => {
    const { manager } = new Sessions();
    const wrong: Record<string, unknown> = {
      'without a request': undefined,
      'without a purpose': { ...reset, purpose: undefined },
      'with an empty purpose': { ...reset, purpose: '' },
      'without a subject': { ...reset, sub: undefined },
      'with an empty subject': { ...reset, sub: '' },
      'with a subject that is no number': { ...reset, sub: Number.NaN },
      'without an expiry': { ...reset, expires: undefined },
      'with an expiry of nothing': { ...reset, expires: 0 },
      'with an empty bind': { ...reset, bind: '' },
      'with a bind of null': { ...reset, bind: null },
      'with an unknown property': { ...reset, expiresIn: '1h' },
    };
    for (const [how, request] of Object.entries(wrong)) {
      it(how, () => {
        expect(thrownBy(() => manager.createOneTimeToken(request as never))).to.be.an.instanceOf(ConfigurationError);
      });
    }

    it('without a purpose at redeem()', async () => {
      const token = manager.createOneTimeToken(reset);
      expect(await rejection(manager.redeem(token, undefined as never))).to.be.an.instanceOf(ConfigurationError);
    });
  });
});
