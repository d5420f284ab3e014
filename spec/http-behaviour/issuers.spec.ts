import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import type { LoginManagerOptions } from '../../src/manager/options';
import type { LoginEvent } from '../../src/util/diagnostics';
import { type Account, managerOf } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { bearer, cookie, foreign } from '../support/http';
import { closeProviders, Provider } from '../support/provider';
import { onEachServer } from '../support/servers';

@JsonController()
class Twice {
  @Authorized('a')
  @Get('/twice')
  get(@CurrentUser({ required: true }) { email }: Account, @CurrentUser() again: Account) {
    return { email, again: again.email };
  }
}

describe('Tokens of an identity provider', () => {
  let provider: Provider;

  beforeEach(async () => {
    provider = await Provider.start();
  });

  afterEach(closeProviders);

  const withProvider = (options: LoginManagerOptions<Account> = {}) =>
    managerOf({ issuers: [{ issuer: provider.issuer, audience: 'api' }], useCookie: true, ...options });

  onEachServer((start) => {
    const startIt = async () => {
      const manager = withProvider();
      return { manager, ...(await start({ manager, controllers: [GuardedRoute, Twice] })) };
    };

    it('let a request in, before and after the keys are known', async () => {
      const { client } = await startIt();
      for (let round = 0; round < 2; round++) {
        const { status, body } = await client.get('/me').set(bearer(provider.token({ claims: { round } })));
        expect({ status, body }).to.deep.equal({ status: 200, body: { email: 'ada@example.com' } });
      }
      expect(provider.fetches).to.equal(1);
    });

    it('are verified once a request, whoever asks, while the keys are fetched', async () => {
      const { client } = await startIt();
      const token = provider.token({ claims: { scope: 'a' } });
      expect((await client.get('/twice').set(bearer(token))).status).to.equal(200);
      expect((await client.get('/twice').set(bearer(provider.token({ header: { x: 1 } })))).status).to.equal(403);
    });

    it('are held to the origin rule in a cookie, before and after the keys are known', async () => {
      const { client } = await startIt();
      for (let round = 0; round < 2; round++) {
        const headers = cookie(provider.token({ claims: { round } }));
        expect((await client.post('/me').set(headers).set(foreign)).status).to.equal(403);
        expect((await client.get('/me').set(headers)).status).to.equal(200);
      }
    });

    it('are answered with 503 while no key is known', async () => {
      const { client } = await startIt();
      provider.stop();
      const { status, headers, body } = await client.get('/me').set(bearer(provider.token()));
      expect({ status, code: body.code, retry: headers['retry-after'] }).to.deep.equal({
        status: 503,
        code: 'service_unavailable',
        retry: '1',
      });
    });
  });

  it('are checked at once while the keys are known', async () => {
    const manager = withProvider();
    await manager.ready();
    for (const claims of [{ n: 1 }, { n: 1 }, { n: 2 }]) {
      const request = { headers: { authorization: `Bearer ${provider.token({ claims })}` }, method: 'GET' };
      const action = { request, response: {} } as never;
      expect(manager.currentUserChecker(action)).to.include({ email: 'ada@example.com' });
    }
  });

  it('publish an issuer-error for each failure, without a token', async () => {
    const manager = withProvider();
    const events: LoginEvent[] = [];
    const listen = (message: unknown) => events.push(message as LoginEvent);
    subscribe('routing-controllers-login:issuer-error', listen);
    provider.answer = (_, response) => void response.writeHead(500).end();
    await manager.verify(provider.token()).catch(() => undefined);
    unsubscribe('routing-controllers-login:issuer-error', listen);
    expect(events).to.have.length(1);
    expect(events[0]?.manager).to.equal(manager);
    expect(events.map(({ error }) => (error as Error).message)).to.deep.equal([
      `The keys of ${provider.issuer} could not be fetched`,
    ]);
  });
});
