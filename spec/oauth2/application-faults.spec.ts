import { expect } from 'chai';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf } from '../support/accounts';
import { onEachServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const credentials = { username: 'ada@example.com', password: 'correct horse' };

const reasons: Record<string, unknown> = {
  undefined,
  null: null,
  zero: 0,
  'an empty string': '',
  false: false,
  NaN: Number.NaN,
  'the word that Express takes for "skip"': 'route',
  'a symbol': Symbol('reason'),
};

describe('whatever an application throws in the token endpoint', () => {
  silencingStderr();

  onEachServer((start, framework) => {
    for (const defaultErrorHandler of [true, false]) {
      for (const [name, reason] of Object.entries(reasons)) {
        const fails = () => {
          throw reason;
        };
        it(`is answered with 500 if it is ${name}, ${defaultErrorHandler ? 'with' : 'without'} the default handler`, async () => {
          for (const verifyPassword of [fails, () => Promise.reject(reason)]) {
            const manager = managerOf();
            const controllers = [tokenEndpoints(manager, { verifyPassword })];
            const before = (app: { silent?: boolean; on: (name: string, listener: () => void) => void }) => {
              if (framework === 'Koa') app.on('error', () => undefined);
            };
            const { client } = await start({ manager, controllers, defaultErrorHandler, before });
            const { status, text } = await client.post('/login').send(credentials);
            expect(status).to.equal(500);
            expect(text).not.to.include('access_token');
          }
        });
      }
    }

    it('is answered with 500 if scopesFor throws nothing, and the refresh token stays good', async () => {
      let fails = true;
      const manager = managerOf({ sessionStore: new MemorySessionStore() });
      const controllers = [
        tokenEndpoints(manager, {
          verifyPassword: (sub) => ({ data: { sub }, scopes: ['read'] }),
          scopesFor: () => (fails ? Promise.reject() : ['read']),
        }),
      ];
      const { client } = await start({ manager, controllers });
      const { refresh_token } = (await client.post('/login').send(credentials)).body;
      const refresh = () => client.post('/login').send({ grant_type: 'refresh_token', refresh_token });
      expect((await refresh()).status).to.equal(500);
      fails = false;
      expect((await refresh()).body.scope).to.equal('read');
    });
  });
});
