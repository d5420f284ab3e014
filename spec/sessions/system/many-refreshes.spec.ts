import { expect } from 'chai';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { Sessions } from '../../support/sessions';

const REFRESHES = 100_000;

describe('a session that is refreshed 100,000 times', function () {
  this.timeout(180_000);
  this.slow(60_000);

  it('is one record of a store, of the size that it had after a hundred refreshes', async () => {
    const store = new MemorySessionStore();
    const sessions = new Sessions({ sessionStore: store, refreshLeeway: '30s', refreshExpiry: '365d' });
    let pair = await sessions.login();
    const { length } = await store.list(ownerOf(pair.refresh_token));
    const refresh = async (times: number) => {
      for (let count = 0; count < times; count++) {
        sessions.clock.advance(1);
        pair = await sessions.refresh(pair);
      }
    };
    const characters = async () => {
      const records = await store.list(ownerOf(pair.refresh_token));
      return records.map(({ name, value }) => name.length + value.length).reduce((sum, size) => sum + size);
    };
    await refresh(100);
    const before = await characters();
    await refresh(REFRESHES);
    expect(store.size, 'records: the session, and that of its user').to.equal(length);
    expect(length).to.equal(2);
    expect(await characters()).to.be.within(before - 10, before + 10);
  });
});

/** The `sid` begins with the owner of the session's records. */
function ownerOf(token: string): string {
  const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return sid.slice(0, sid.indexOf('.'));
}
