import { expect } from 'chai';
import { Authorized, Get, getMetadataArgsStorage, JsonController } from 'routing-controllers';
import {
  anyOf,
  apiKey,
  defineScopes,
  grantScopes,
  InvalidScopeError,
  type LoginManager,
  type LoginManagerOptions,
  policy,
  tokenEndpoints,
} from '../../src/index';
import { securedSpec } from '../../src/openapi/index';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { rejection, thrownBy } from '../support/rejection';
import { onEachServer } from '../support/servers';
import { Sessions } from '../support/sessions';
import { payloadOf } from '../support/tokens';

const scopes = defineScopes({
  read: 'Read notes',
  write: { description: 'Write notes', implies: ['read'] },
  admin: { description: 'Do anything', implies: ['write'] },
});
const never = policy('never', () => false);

@JsonController()
class Notes {
  @Authorized('read')
  @Get('/read')
  read() {
    return {};
  }

  @Authorized(['read', 'write'])
  @Get('/both')
  both() {
    return {};
  }

  @Authorized(anyOf('write', never))
  @Get('/any')
  any() {
    return {};
  }

  @Authorized('admin')
  @Get('/admin')
  admin() {
    return {};
  }
}

const PATHS = ['/read', '/both', '/any', '/admin'];
const controllers = [Notes];
const credentials = { username: 'ada@example.com', password: 'correct horse' };

/** The ways in which a user can have a scope. */
const ways: Record<string, (scope: string) => { manager: LoginManager<Account>; headers: Record<string, string> }> = {
  'a token': (scope) => {
    const manager = managerOf({ scopes });
    return { manager, headers: bearer(tokenOf(manager, 'ada@example.com', [scope])) };
  },
  'a token that is in no cache': (scope) => {
    const manager = managerOf({ scopes, verifiedTokenCache: false });
    return { manager, headers: bearer(tokenOf(manager, 'ada@example.com', [scope])) };
  },
  scopesOf: (scope) => {
    const manager = managerOf({ scopes, scopesOf: () => [scope] });
    return { manager, headers: bearer(tokenOf(manager, 'ada@example.com', ['admin'])) };
  },
  'an API key': (scope) => {
    const user = { email: 'ada@example.com', admin: false };
    const load = (key: string) => (key === 'k' ? { user, scopes: [scope] } : null);
    const options = { scopes, credentials: [apiKey({ header: 'X-API-Key', load })] };
    return { manager: managerOf(options as LoginManagerOptions<Account>), headers: { 'X-API-Key': 'k' } };
  },
};

describe('implied scopes', () => {
  onEachServer((start) => {
    for (const [name, way] of Object.entries(ways)) {
      for (const [scope, statuses] of [
        ['read', [200, 403, 403, 403]],
        ['write', [200, 200, 200, 403]],
        ['admin', [200, 200, 200, 200]],
      ] as const) {
        it(`are those of ${name} with the scope ${scope}, and no others`, async () => {
          const { manager, headers } = way(scope);
          const { client } = await start({ manager, controllers });
          const answers = await Promise.all(PATHS.map((path) => client.get(path).set(headers)));
          expect(answers.map(({ status }) => status)).to.deep.equal(statuses);
        });
      }
    }

    it('are granted by the token endpoint where they are requested, and nothing above them', async () => {
      const manager = managerOf({ scopes, sessionStore: new MemorySessionStore(), refreshUrl: '/login' });
      let allowed = ['write'];
      const endpoints = tokenEndpoints(manager, {
        verifyPassword: (sub) => ({ data: { sub }, scopes: ['write'] }),
        scopesFor: () => allowed,
      });
      const { client } = await start({ manager, controllers: [endpoints] });
      const post = async (fields: object) => (await client.post('/login').type('form').send(fields)).body;
      expect((await post({ ...credentials, scope: 'read' })).scope).to.equal('read');
      expect((await post(credentials)).scope).to.equal('write');
      expect((await post({ ...credentials, scope: 'admin' })).error).to.equal('invalid_scope');
      expect((await post({ ...credentials, scope: 'write admin' })).error).to.equal('invalid_scope');

      const { refresh_token } = await post(credentials);
      const refresh = (fields = {}) => post({ grant_type: 'refresh_token', refresh_token, ...fields });
      expect((await refresh({ scope: 'read' })).scope).to.equal('read');
      expect((await refresh({ scope: 'admin' })).error).to.equal('invalid_scope');
      allowed = ['admin'];
      expect((await refresh()).scope).to.equal('write');
      allowed = ['read'];
      expect((await refresh()).scope).to.equal('read');
      allowed = [];
      expect((await refresh()).error).to.equal('invalid_grant');
    });
  });

  describe('by hand', () => {
    const manager = managerOf({ scopes });
    const token = tokenOf(manager, 'ada@example.com', ['write']);
    const request = { headers: { authorization: `Bearer ${token}` } } as never;

    it('count for hasScopes', async () => {
      expect(await manager.hasScopes(token, ['read', 'write'])).to.equal(true);
      expect(await manager.hasScopes(token, ['read', 'admin'])).to.equal(false);
    });

    it('count for authenticate, optional, authorize and can', async () => {
      expect(await manager.authenticate(request, 'read')).to.have.property('user');
      expect(await manager.optional(request, ['read'])).to.have.property('email');
      expect(await manager.authorize(request, anyOf('read', never))).to.have.property('user');
      expect(await manager.can(request, 'read')).to.equal(true);
      expect(await manager.can(request, 'admin')).to.equal(false);
      expect(await rejection(manager.authenticate(request, 'admin'))).to.have.property('code', 'insufficient_scope');
    });

    it('stand in the scopes of authenticate(), but in no token', async () => {
      const { scopes: all, payload } = await manager.authenticate(request);
      expect(all).to.deep.equal(['write', 'read']);
      expect(payload.scopes).to.deep.equal(['write']);
    });
  });

  describe('at a refresh', () => {
    const login = (sessions: Sessions, granted: string[]) => sessions.login(undefined, { scopes: granted });

    it('may be requested, and the next refresh may have all again', async () => {
      const sessions = new Sessions({ scopes });
      const first = await login(sessions, ['write']);
      const narrowed = await sessions.refresh(first, ['read']);
      expect(narrowed.scope).to.equal('read');
      expect((await sessions.refresh(narrowed)).scope).to.equal('write');
    });

    it('give no scope that implies a granted one', async () => {
      const sessions = new Sessions({ scopes });
      const first = await login(sessions, ['read']);
      for (const wanted of [['write'], ['admin'], ['read', 'write']])
        expect(await rejection(sessions.refresh(first, wanted))).to.be.instanceOf(InvalidScopeError);
      expect((await sessions.refresh(first)).scope).to.equal('read');
    });

    it('are written into no token, so that they end with their definition', async () => {
      const sessions = new Sessions({ scopes });
      const pair = await sessions.refresh(await login(sessions, ['admin']));
      for (const token of [pair.access_token, pair.refresh_token])
        expect(payloadOf(token).scopes).to.deep.equal(['admin']);
    });

    it('stay where scopesOf takes away the scope that implied them', async () => {
      const sessions = new Sessions({ scopes, scopesOf: () => ['read'] });
      const first = await login(sessions, ['admin']);
      expect((await sessions.refresh(first)).scope).to.equal('read');
    });
  });

  describe('of grantScopes', () => {
    it('are allowed with what defineScopes returned, as its third argument', () => {
      expect(grantScopes('read', ['write'], scopes)).to.deep.equal(['read']);
      expect(grantScopes(['read', 'write'], ['admin'], scopes)).to.deep.equal(['read', 'write']);
      expect(grantScopes([], ['admin'], scopes)).to.deep.equal(['admin']);
    });

    it('are not allowed without it', () => {
      expect(() => grantScopes('read', ['write'])).to.throw(InvalidScopeError);
    });

    for (const [requested, allowed] of [
      [['admin'], ['write']],
      [['write'], ['read']],
      [['read', 'admin'], ['write']],
      [['read'], []],
    ] as const) {
      it(`give nobody ${requested} who may have ${JSON.stringify(allowed)}`, () => {
        expect(() => grantScopes(requested, allowed, scopes)).to.throw(InvalidScopeError);
      });
    }

    it('are refused as a record, whose implications nobody has checked', () => {
      const record = { read: 'Read notes' } as never;
      expect(thrownBy(() => grantScopes('read', ['read'], record)).message).to.contain('defineScopes()');
    });
  });

  it('are said by the document, and what routes() requires stays as it is written', () => {
    const manager = managerOf({ scopes });
    const document = securedSpec(manager, getMetadataArgsStorage(), { controllers });
    const place = 'components.securitySchemes.OAuth2PasswordBearer.flows.password.scopes';
    expect(document).to.have.nested.property(place).that.deep.equals({
      read: 'Read notes',
      write: 'Write notes (implies read)',
      admin: 'Do anything (implies write)',
    });
    expect(document.paths['/both'].get.security).to.deep.equal([{ OAuth2PasswordBearer: ['read', 'write'] }]);
    expect(manager.routes({ controllers }).find(({ action }) => action === 'both')?.scopes).to.deep.equal([
      'read',
      'write',
    ]);
  });
});
