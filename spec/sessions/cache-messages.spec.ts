import { expect } from 'chai';
import { LoginManager } from '../../src/manager/login-manager';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { SECRET } from '../support/accounts';
import { rejection } from '../support/rejection';

const data = { sub: 'ada' };

/** Two managers with user caches of their own, and how often each has called its loader. */
function twoManagers(stores: [MemorySessionStore, MemorySessionStore]) {
  const loads = [0, 0];
  const managers = stores.map((sessionStore, index) => {
    const options = { sessionStore, userCache: { max: 10, maxAge: '1h' } } as const;
    const manager = new LoginManager<{ sub: string }>(SECRET, '/login', options);
    manager.userLoader()((sub: string) => {
      loads[index] = (loads[index] as number) + 1;
      return { sub };
    });
    return manager;
  });
  return { loads, managers: managers as [LoginManager<{ sub: string }>, LoginManager<{ sub: string }>] };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the user caches of managers that share a store', () => {
  for (const [what, tell] of Object.entries({
    forgetUser: (manager: LoginManager<{ sub: string }>) => manager.forgetUser('ada'),
    revokeAll: (manager: LoginManager<{ sub: string }>) => manager.revokeAll('ada'),
  })) {
    it(`all drop a user of whom one hears by ${what}`, async () => {
      const store = new MemorySessionStore();
      const { loads, managers } = twoManagers([store, store]);
      const [one, other] = managers;
      const { access_token } = await one.createTokenResponse({ data });
      for (const manager of [one, other, one, other]) await manager.getCurrentUser(access_token);
      expect(loads).to.deep.equal([1, 1]);
      await tell(one);
      await turn();
      const again = await one.createTokenResponse({ data });
      for (const manager of [one, other]) await manager.getCurrentUser(again.access_token);
      expect(loads).to.deep.equal([2, 2]);
    });
  }

  it('drop nobody else', async () => {
    const store = new MemorySessionStore();
    const { loads, managers } = twoManagers([store, store]);
    const { access_token } = await managers[0].createTokenResponse({ data });
    await managers[1].getCurrentUser(access_token);
    managers[0].forgetUser('bob');
    await turn();
    await managers[1].getCurrentUser(access_token);
    expect(loads).to.deep.equal([0, 1]);
  });

  it('hear nothing of a manager with another store', async () => {
    const { loads, managers } = twoManagers([new MemorySessionStore(), new MemorySessionStore()]);
    const { access_token } = await managers[1].createTokenResponse({ data });
    await managers[1].getCurrentUser(access_token);
    managers[0].forgetUser('ada');
    await turn();
    await managers[1].getCurrentUser(access_token);
    expect(loads).to.deep.equal([0, 1]);
  });

  it('pay no heed to messages that are none of theirs', async () => {
    const store = new MemorySessionStore();
    const { loads, managers } = twoManagers([store, store]);
    const { access_token } = await managers[0].createTokenResponse({ data });
    await managers[0].getCurrentUser(access_token);
    for (const message of ['', 'garbage', 'null', '5', '{}', '{"forget":null}', '{"forget":{}}', '{"forget":["ada"]}'])
      await store.publish(message);
    await managers[0].getCurrentUser(access_token);
    expect(loads).to.deep.equal([1, 0]);
  });

  it('let nobody in who has no session any more, whatever they still have of the user', async () => {
    const store = Object.assign(new MemorySessionStore(), { publish: () => Promise.reject(new Error('down')) });
    const { managers } = twoManagers([store, store]);
    const { access_token } = await managers[0].createTokenResponse({ data });
    await managers[1].getCurrentUser(access_token);
    await managers[0].revokeAll('ada');
    expect((await rejection(managers[1].getCurrentUser(access_token))).code).to.equal('token_revoked');
  });
});
