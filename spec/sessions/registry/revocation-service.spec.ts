import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { TokenPayload } from '../../../src/jwt/token-payload';
import { RevocationService, revocationReason } from '../../../src/sessions/registry/revocation-service';
import { RevocationTimes } from '../../../src/sessions/registry/revocation-times';
import { createUnrecordedSession, type Session, writeSession } from '../../../src/sessions/registry/session-claims';
import { ownerOf, tokenName } from '../../../src/sessions/registry/session-record';
import { SessionRecords } from '../../../src/sessions/registry/session-records';
import { SessionRegistry } from '../../../src/sessions/registry/session-registry';
import { FailClosedStore } from '../../../src/sessions/stores/fail-closed-store';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { TestClock } from '../../support/clock';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function make({ slidingExpiry = 0 } = {}) {
  const clock = new TestClock();
  const memory = new MemorySessionStore(clock.tell);
  const closed = new FailClosedStore(memory, { timeout: 1000, onError: () => undefined });
  const options = { clock: clock.tell, longestSession: 10 * HOUR, clockTolerance: 0 };
  const records = new SessionRecords(closed, options);
  const registry = new SessionRegistry(records, undefined);
  const service = new RevocationService(records, registry, new RevocationTimes(), slidingExpiry);
  const begin = async () => (await registry.begin({ sub: 'ada', expiresAt: clock.now + HOUR })) as Session;
  /** The claims of a token of an hour. */
  const payloadOf = (claims: object = {}) =>
    ({ sub: 'ada', iat: clock.now / 1000, exp: clock.now / 1000 + 3600, ...claims }) as TokenPayload;
  return { clock, memory, registry, service, begin, payloadOf };
}

describe('the status of a token', () => {
  it('has the record of its session', async () => {
    const { clock, service, begin, payloadOf } = make();
    const payload = payloadOf(writeSession(await begin()));
    const { revoked, record } = await service.status('t', payload);
    expect(revoked).to.equal(undefined);
    expect(record).to.include({ loginAt: clock.now });
  });

  it('is that its session has ended, or is none of this store', async () => {
    const { registry, service, begin, payloadOf } = make();
    const session = await begin();
    await registry.end(session.id);
    expect(await service.status('t', payloadOf(writeSession(session)))).to.deep.equal({ revoked: 'session' });
    for (const id of ['nothing', 'owner.secret', 'a.b.c'])
      expect(await service.status('t', payloadOf(writeSession({ ...session, id })))).to.deep.equal({
        revoked: 'session',
      });
  });

  it('is that it was revoked by itself, before anything else', async () => {
    const { registry, service, begin, payloadOf } = make();
    const session = await begin();
    const payload = payloadOf(writeSession(session));
    await service.revokeToken('t', payload);
    expect(await service.status('t', payload)).to.deep.equal({ revoked: 'token' });
    const another = payloadOf(writeSession(session));
    expect(await service.status('t', another), 'another of the session').to.have.property('record');
    await registry.end(session.id);
    expect(await service.status('t', payload)).to.deep.equal({ revoked: 'token' });
  });

  it('without a session is good until it is revoked, by its jti or by what is signed', async () => {
    const { service, payloadOf } = make();
    for (const [revoked, claims, same, other, claimsOfOther] of [
      ['a.b.c', { jti: 'one' }, 'any', 'any', { jti: 'two' }],
      ['a.b.c', {}, 'a.b.another signature', 'a.x.c', {}],
      ['opaque', {}, 'opaque', 'opaque-2', {}],
    ] as const) {
      expect(await service.status(revoked, payloadOf(claims))).to.deep.equal({});
      await service.revokeToken(revoked, payloadOf(claims));
      expect(await service.status(same, payloadOf(claims))).to.deep.equal({ revoked: 'token' });
      expect(await service.status(other, payloadOf(claimsOfOther))).to.deep.equal({});
    }
  });

  it('without a record ends with its session, and with all logins of its user', async () => {
    const { clock, service, payloadOf } = make();
    const session = createUnrecordedSession(clock.now);
    const payload = payloadOf(writeSession(session));
    expect(await service.status('t', payload)).to.deep.equal({});
    await service.endUnrecorded(session, payload);
    expect(await service.status('t', payload)).to.deep.equal({ revoked: 'token' });
    const other = payloadOf(writeSession(createUnrecordedSession(clock.now)));
    expect(await service.status('t', other)).to.deep.equal({});
    await service.revokeSubject('ada');
    expect(await service.status('t', other)).to.deep.equal({ revoked: 'subject' });
    expect(await service.status('t', payloadOf({ sub: 'bob' }))).to.deep.equal({});
  });

  it('is that all logins were revoked, up to the very millisecond, and not after it', async () => {
    const { clock, service, payloadOf } = make();
    await service.revokeSubject('ada');
    expect(await service.status('t', payloadOf())).to.deep.equal({ revoked: 'subject' });
    expect(await service.status('t', payloadOf({ iat: undefined }))).to.deep.equal({ revoked: 'subject' });
    clock.advance(1);
    expect(await service.status('t', payloadOf())).to.deep.equal({});
    const loginAt = service.loginTime();
    expect(await service.status('t', payloadOf(writeSession(createUnrecordedSession(loginAt))))).to.deep.equal({});
  });

  it('is that it outlives its revocation, if it is older than 400 days or lasts as long', async () => {
    const { clock, service, payloadOf } = make();
    const now = clock.now / 1000;
    for (const [claims, status] of [
      [{ iat: now - 400 * 24 * 3600 }, {}],
      [{ iat: now - 400 * 24 * 3600 - 1 }, { revoked: 'token' }],
      [{ iat: undefined, exp: now + 400 * 24 * 3600 }, {}],
      [{ iat: undefined, exp: now + 400 * 24 * 3600 + 1 }, { revoked: 'token' }],
    ] as const)
      expect(await service.status('t', payloadOf(claims)), JSON.stringify(claims)).to.deep.equal(status);
  });

  it('is explained to the developer', () => {
    expect(revocationReason('token')).to.equal('the token was revoked');
    expect(revocationReason('session')).to.equal('the session of the token has ended');
    expect(revocationReason('subject')).to.equal('all sessions of the subject were revoked');
  });
});

describe('what a revocation keeps', () => {
  /** Milliseconds that a record is still there. */
  async function lifeOf(memory: MemorySessionStore, clock: TestClock, name: string): Promise<number> {
    const start = clock.now;
    let [low, high] = [0, 1000 * DAY];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      clock.now = start + middle;
      if ((await memory.read(ownerOf('ada'), [name]))[0] === null) high = middle;
      else low = middle;
    }
    clock.now = start;
    return high;
  }

  const CLOCKS = 5000;

  it('is the id of the token, until the token expires', async () => {
    const { clock, memory, service, payloadOf } = make();
    await service.revokeToken('t', payloadOf({ jti: 'one' }));
    expect(await lifeOf(memory, clock, tokenName('one'))).to.equal(HOUR + CLOCKS);
  });

  it('is the id of a login without a record, for as long as it could be renewed', async () => {
    const { clock, memory, service, payloadOf } = make({ slidingExpiry: 3 * HOUR });
    const session = createUnrecordedSession(clock.now - HOUR);
    await service.revokeToken('t', payloadOf(writeSession(session)));
    expect(await lifeOf(memory, clock, tokenName(session.id))).to.equal(2 * HOUR + CLOCKS);
    const old = createUnrecordedSession(clock.now - 9 * HOUR);
    await service.revokeToken('t', payloadOf(writeSession(old)));
    expect(await lifeOf(memory, clock, tokenName(old.id)), 'no shorter than the token').to.equal(HOUR + CLOCKS);
  });

  it('is not kept longer for a login with a record, which ends by its record', async () => {
    const { clock, memory, service, begin, payloadOf } = make({ slidingExpiry: 9 * HOUR });
    await service.revokeToken('t', payloadOf(writeSession(await begin(), 'one')));
    expect(await lifeOf(memory, clock, tokenName('one'))).to.equal(HOUR + CLOCKS);
  });

  it('is the id of an ended session without a record, for as long as the longest session', async () => {
    const { clock, memory, service, payloadOf } = make();
    const session = createUnrecordedSession(clock.now - HOUR);
    await service.endUnrecorded(session, payloadOf(writeSession(session)));
    expect(await lifeOf(memory, clock, tokenName(session.id))).to.equal(9 * HOUR + CLOCKS);
    const long = createUnrecordedSession(clock.now);
    await service.endUnrecorded(long, payloadOf({ exp: clock.now / 1000 + 20 * 3600 }));
    expect(await lifeOf(memory, clock, tokenName(long.id)), 'no shorter than the token').to.equal(20 * HOUR + CLOCKS);
  });

  it('is the time at which all logins were revoked, for 400 days, and never an earlier one', async () => {
    const { clock, memory, service } = make();
    await service.revokeSubject('ada');
    expect(await lifeOf(memory, clock, 'revoked')).to.equal(400 * DAY);
    const [before] = await memory.read(ownerOf('ada'), ['revoked']);
    clock.advance(-60);
    await service.revokeSubject('ada');
    const [after] = await memory.read(ownerOf('ada'), ['revoked']);
    expect(Number(after)).to.be.greaterThan(Number(before));
  });

  it('is told to exactly one of those who use an id up', async () => {
    const { clock, service } = make();
    const uses = Array.from({ length: 5 }, () => service.consume(ownerOf('ada'), 'one', clock.now + HOUR));
    expect((await Promise.all(uses)).filter(Boolean)).to.have.length(1);
  });

  it('is no text of the token', async () => {
    const { memory, service, payloadOf } = make();
    await service.revokeToken('head.body.signature', payloadOf());
    const signed = createHash('sha256').update('head.body').digest('base64url');
    expect(await memory.list(ownerOf('ada'))).to.deep.equal([{ name: tokenName(signed), value: '1' }]);
  });
});
