import { expect } from 'chai';
import type { LoginManager } from '../../src/manager/login-manager';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { cookie } from '../support/http';
import { onEachServer, type Start } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import { payloadOf } from '../support/tokens';

const credentials = { username: 'ada@example.com', password: 'correct horse' };

/** A server whose user has these scopes at the login, and others later. */
async function serve(start: Start, later: () => unknown) {
  const manager: LoginManager<Account> = managerOf({
    sessionStore: new MemorySessionStore(),
    useCookie: true,
    refreshUrl: '/login',
  });
  const seen: unknown[] = [];
  const endpoints = tokenEndpoints(manager, {
    verifyPassword: (sub) => ({ data: { sub, tenant: 'a' }, scopes: ['read', 'write'] }),
    scopesFor: (account, { sub, tenant }) => {
      seen.push([account.email, sub, tenant]);
      return later() as string[];
    },
  });
  const { client } = await start({ manager, controllers: [endpoints] });
  const post = (fields: object) => client.post('/login').type('form').send(fields);
  const refresh_token: string = (await post(credentials)).body.refresh_token;
  const refresh = (fields = {}) => post({ grant_type: 'refresh_token', refresh_token, ...fields });
  return { refresh, refresh_token, client, seen };
}

describe('scopesFor', () => {
  onEachServer((start) => {
    it('gets the user and the claims, and takes scopes away that the user has lost', async () => {
      const { refresh, seen } = await serve(start, async () => ['read', 'other']);
      const { body } = await refresh();
      expect(body.scope).to.equal('read');
      expect(payloadOf(body.access_token)).to.deep.include({ scopes: ['read'], tenant: 'a' });
      expect(seen).to.deep.equal([['ada@example.com', 'ada@example.com', 'a']]);
    });

    it('gives scopes back that the user has again, but none that the login did not grant', async () => {
      let scopes = ['read'];
      const { refresh } = await serve(start, () => scopes);
      const { body } = await refresh();
      expect(body.scope).to.equal('read');
      scopes = ['write', 'read', 'admin'];
      expect((await refresh({ refresh_token: body.refresh_token })).body.scope).to.equal('read write');
    });

    it('refuses a user who has lost all of them, and does not use the token up', async () => {
      let scopes: string[] = [];
      const { refresh } = await serve(start, () => scopes);
      const { status, body } = await refresh();
      expect([status, body.error]).to.deep.equal([400, 'invalid_grant']);
      scopes = ['write'];
      expect((await refresh()).body.scope).to.equal('write');
    });

    it('shrinks what the client requests, and refuses what was never granted', async () => {
      const { refresh } = await serve(start, () => ['read', 'admin']);
      expect((await refresh({ scope: 'admin' })).body.error).to.equal('invalid_scope');
      expect((await refresh({ scope: 'write' })).body.error).to.equal('invalid_grant');
      expect((await refresh({ scope: 'read write' })).body.scope).to.equal('read');
    });

    it('is asked for a refresh by the cookie, too', async () => {
      const { client, refresh_token } = await serve(start, () => ['read']);
      const { body } = await client
        .post('/login')
        .type('form')
        .set(cookie(refresh_token, 'access-token-refresh'))
        .send({ grant_type: 'refresh_token' });
      expect(body.scope).to.equal('read');
    });

    it('is not asked about a token that is not good', async () => {
      const { refresh, seen } = await serve(start, () => ['read']);
      expect((await refresh({ refresh_token: 'x' })).body.error).to.equal('invalid_grant');
      expect(seen).to.deep.equal([]);
    });

    describe('that is wrong', () => {
      silencingStderr();

      for (const [name, wrong] of Object.entries<unknown>({
        'a string, which would contain scopes': 'read write',
        nothing: undefined,
        null: null,
        'a list with other things': ['read', 1],
        'a set': new Set(['read']),
      })) {
        it(`grants nothing if it returns ${name}: 500`, async () => {
          const { refresh } = await serve(start, () => wrong);
          const { status, body } = await refresh();
          expect(status).to.equal(500);
          expect(body).not.to.have.property('access_token');
        });
      }
    });
  });
});
