import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, Post, Req } from 'routing-controllers';
import { type ApiKeyOptions, apiKey } from '../../src/authentication/api-key';
import { Public } from '../../src/authorization/public';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { type App, onEachServer, type Start } from '../support/servers';
import { silencingStderr } from '../support/stderr';

type Load = ApiKeyOptions<Account>['load'];

const KEY = 'key-of-a-machine';
const machine: Account = { email: 'machine@example.com', admin: false };
const loadKey: Load = (key) => (key === KEY ? { user: machine, scopes: ['notes:read'] } : null);
const byKey = (key = KEY) => ({ 'X-API-Key': key });

@JsonController()
class Routes {
  @Authorized()
  @Get('/login')
  login(@CurrentUser() { email }: Account, @Req() request: App) {
    return { email, user: request.user?.email };
  }

  @Authorized()
  @Post('/login')
  change(@CurrentUser() { email }: Account) {
    return { email };
  }

  @Authorized('notes:read')
  @Get('/read')
  read(@CurrentUser() { email }: Account) {
    return { email };
  }

  @Authorized('notes:write')
  @Get('/write')
  write() {
    return {};
  }

  @Authorized([(user: Account) => user.admin])
  @Get('/admin')
  admin() {
    return {};
  }

  @Authorized([(user: Account) => user.email === machine.email])
  @Get('/machine')
  ofMachine() {
    return {};
  }

  @Public()
  @Get('/open')
  open(@CurrentUser() user: Account | null) {
    return { email: user?.email ?? null };
  }
}

const managerWith = (load: Load = loadKey, options: LoginManagerOptions<Account> = {}) =>
  managerOf({ useCookie: true, credentials: [apiKey({ header: 'X-API-Key', load })], ...options });

const serve = (start: Start, manager: LoginManager<Account>) => start({ manager, controllers: [Routes] });

/** Anything but an owner and nobody. */
const junk: Record<string, unknown> = {
  'a user without scopes': { user: machine },
  'scopes without a user': { scopes: [] },
  'scopes that are a string': { user: machine, scopes: 'notes:read' },
  'scopes that are no strings': { user: machine, scopes: [7] },
  'an array': [{ user: machine, scopes: [] }],
  'a user that is an array': { user: [machine], scopes: [] },
  'a user that is true': { user: true, scopes: [] },
  true: true,
  'a string': 'machine',
  'a number': 7,
};

const nobody: Record<string, unknown> = {
  null: null,
  undefined: undefined,
  false: false,
  'a user that is null': { user: null, scopes: [] },
  'a user that is undefined': { user: undefined, scopes: ['notes:read'] },
};

const thrown: Record<string, unknown> = {
  'an error': new Error('the database is down'),
  undefined: undefined,
  null: null,
  zero: 0,
  'an empty string': '',
  'the word route': 'route',
  'a symbol': Symbol('reason'),
  'a frozen error': Object.freeze(new Error('frozen')),
};

describe('apiKey', () => {
  silencingStderr();

  onEachServer((start) => {
    it('authenticates a request without a token, for @CurrentUser and request.user', async () => {
      const manager = managerWith();
      const { client } = await start({
        manager,
        controllers: [Routes],
        before: (app) => manager.attachMiddleware(app),
      });
      const { status, body } = await client.get('/login').set(byKey());
      expect([status, body]).to.deep.equal([200, { email: machine.email, user: machine.email }]);
    });

    it('reads the header without regard to case', async () => {
      const { client } = await serve(start, managerWith());
      expect((await client.get('/login').set('x-api-KEY', KEY)).status).to.equal(200);
    });

    for (const [path, status, code] of [
      ['/read', 200, undefined],
      ['/write', 403, 'insufficient_scope'],
      ['/machine', 200, undefined],
      ['/admin', 403, 'policy_denied'],
    ] as const) {
      it(`holds keys to scopes and policies: ${path} is ${status}`, async () => {
        const { client } = await serve(start, managerWith());
        const response = await client.get(path).set(byKey());
        expect([response.status, response.body.code]).to.deep.equal([status, code]);
      });
    }

    it('grants the scopes of the key, and asks scopesOf for none', async () => {
      const { client } = await serve(start, managerWith(loadKey, { scopesOf: () => ['notes:read', 'notes:write'] }));
      expect((await client.get('/write').set(byKey())).status).to.equal(403);
    });

    it('takes a promise', async () => {
      const { client } = await serve(
        start,
        managerWith(async (key) => loadKey(key, undefined as never)),
      );
      expect((await client.get('/read').set(byKey())).status).to.equal(200);
      expect((await client.get('/read').set(byKey('other'))).status).to.equal(401);
    });

    it('gives the action to load, which is called once a request', async () => {
      const seen: unknown[] = [];
      const manager = managerWith((key, action) => {
        seen.push(action.request.url);
        return loadKey(key, action);
      });
      const { client } = await start({
        manager,
        controllers: [Routes],
        before: (app) => manager.attachMiddleware(app),
      });
      await client.get('/read').set(byKey());
      expect(seen).to.deep.equal(['/read']);
    });

    it('refuses a key that is nobody’s with a challenge that names no error', async () => {
      const { client } = await serve(start, managerWith());
      const { status, body, headers } = await client.get('/login').set(byKey('wrong'));
      expect([status, body.code]).to.deep.equal([401, 'credential_invalid']);
      expect(headers['www-authenticate']).to.equal('Bearer realm="api"');
      expect(JSON.stringify(body)).not.to.include('wrong');
    });

    it('refuses an empty key without asking for its owner', async () => {
      const { client } = await serve(
        start,
        managerWith(() => ({ user: machine, scopes: [] })),
      );
      expect((await client.get('/login').set(byKey(''))).status).to.equal(401);
    });

    it('says token_missing where neither is sent', async () => {
      const { client } = await serve(start, managerWith());
      expect((await client.get('/login')).body.code).to.equal('token_missing');
    });

    for (const [name, credentials] of [
      ['header', bearer('garbage')],
      ['cookie', cookie('garbage')],
    ] as const) {
      it(`is not tried where a token was sent, a bad one in the ${name} too`, async () => {
        const { client } = await serve(start, managerWith());
        const { status, body } = await client.get('/login').set(credentials).set(byKey());
        expect([status, body.code]).to.deep.equal([401, 'token_invalid']);
      });
    }

    it('does not hide a good token', async () => {
      const manager = managerWith();
      const { client } = await serve(start, manager);
      const { body } = await client
        .get('/login')
        .set(bearer(tokenOf(manager)))
        .set(byKey('wrong'));
      expect(body.email).to.equal('ada@example.com');
    });

    it('is not subject to the origin rule', async () => {
      const { client } = await serve(start, managerWith());
      expect((await client.post('/login').set(byKey()).set(foreign)).status).to.equal(200);
    });

    it("is subject to it with originCheck 'always', which holds for every request that has an Origin", async () => {
      const { client } = await serve(start, managerWith(loadKey, { originCheck: 'always' }));
      expect((await client.post('/login').set(byKey()).set(foreign)).status).to.equal(403);
      expect((await client.post('/login').set(byKey())).status).to.equal(200);
    });

    it('leaves public routes open, whatever the key', async () => {
      const { client } = await serve(start, managerWith());
      expect((await client.get('/open').set(byKey())).body).to.deep.equal({ email: machine.email });
      expect((await client.get('/open').set(byKey('wrong'))).body).to.deep.equal({ email: null });
    });

    it('serves a manager that takes no tokens, and needs no user loader', async () => {
      const manager = managerWith(loadKey, { useHeader: false, useCookie: false });
      const { client } = await serve(start, manager);
      expect((await client.get('/read').set(byKey())).status).to.equal(200);
      expect((await client.get('/read').set(bearer(tokenOf(manager)))).status).to.equal(401);
    });

    it('opens what guard() guards', async () => {
      const manager = managerWith();
      const { client } = await start({
        manager,
        controllers: [Routes],
        before: (app) => app.use(manager.guard('notes:read')),
      });
      expect((await client.get('/open').set(byKey())).status).to.equal(200);
      expect((await client.get('/open').set(byKey('wrong'))).body.code).to.equal('credential_invalid');
    });

    it('tries several credentials in their order', async () => {
      const second = apiKey<Account>({ header: 'X-Other', name: 'other', load: () => ({ user: machine, scopes: [] }) });
      const manager = managerOf({ credentials: [apiKey({ header: 'X-API-Key', load: loadKey }), second] });
      const { client } = await serve(start, manager);
      expect((await client.get('/login').set('X-Other', 'any')).status).to.equal(200);
      expect((await client.get('/login').set('X-Other', 'any').set(byKey('wrong'))).status).to.equal(401);
    });

    for (const [name, result] of Object.entries(nobody)) {
      it(`takes for nobody: ${name}`, async () => {
        const { client } = await serve(
          start,
          managerWith(() => result as never),
        );
        const { status, body } = await client.get('/login').set(byKey());
        expect([status, body.code]).to.deep.equal([401, 'credential_invalid']);
      });
    }

    for (const [name, result] of Object.entries(junk)) {
      it(`takes for a mistake: ${name}`, async () => {
        const { client } = await serve(
          start,
          managerWith(() => result as never),
        );
        const { status, body } = await client.get('/login').set(byKey());
        expect([status, body.name]).to.deep.equal([500, 'ConfigurationError']);
        expect(body.message).to.match(/^load of apiKey\(\) /);
      });
    }

    for (const [name, reason] of Object.entries(thrown)) {
      it(`lets nobody in, and answers, where load throws ${name}`, async () => {
        const throwing: Load = () => {
          throw reason;
        };
        const { client } = await serve(start, managerWith(throwing));
        expect((await client.get('/login').set(byKey())).status).to.equal(500);
      });

      it(`lets nobody in, and answers, where load rejects with ${name}`, async () => {
        const { client } = await serve(
          start,
          managerWith(() => Promise.reject(reason)),
        );
        expect((await client.get('/login').set(byKey())).status).to.equal(500);
      });
    }
  });

  it('changes nothing of what routes() says: a route requires the same of a key', () => {
    const options = { controllers: [Routes] };
    const credentials = [apiKey<Account>({ header: 'X-API-Key', load: () => null })];
    expect(managerOf({ credentials }).routes(options)).to.deep.equal(managerOf().routes(options));
  });

  it('tells authenticate() the user and the scopes, without token and claims', async () => {
    const request = { headers: { 'x-api-key': KEY }, method: 'GET', url: '/' } as never;
    expect(await managerWith().authenticate(request)).to.deep.equal({
      user: machine,
      scopes: ['notes:read'],
      token: '',
      payload: {},
    });
  });

  const load = loadKey;
  for (const [name, make, message] of [
    ['no options', () => apiKey(undefined as never), /apiKey\(\) was given no object/],
    ['null for options', () => apiKey(null as never), /apiKey\(\) was given no object/],
    ['a text for options', () => apiKey('X-API-Key' as never), /apiKey\(\) was given no object/],
    ['no header', () => apiKey({ load } as never), /The header of apiKey\(\)/],
    ['a header that is a number', () => apiKey({ header: 7, load } as never), /The header of apiKey\(\)/],
    ['a header that is none', () => apiKey({ header: 'X API', load }), /header/],
    ['a header that browsers send', () => apiKey({ header: 'Cookie', load }), /browsers/],
    ['the Authorization header', () => apiKey({ header: 'authorization', load }), /browsers/],
    ['no load', () => apiKey({ header: 'X-API-Key' } as never), /load/],
    ['a name that OpenAPI does not allow', () => apiKey({ header: 'X-API-Key', name: 'a b', load }), /name/],
    ['a name that is a number', () => apiKey({ header: 'X-API-Key', name: 7, load } as never), /The name of apiKey/],
    [
      'an unknown option',
      () => apiKey({ header: 'X-API-Key', load, laod: load } as never),
      /apiKey\(\) has no 'laod'.* Did you mean "load"\?/,
    ],
    ['credentials that are no array', () => managerOf({ credentials: {} as never }), /credentials/],
    ['a credential that is none', () => managerOf({ credentials: [{ header: 'X', load }] as never }), /credentials/],
    [
      'a header that is read twice',
      () => managerOf({ credentials: [apiKey({ header: 'X-Key', load }), apiKey({ header: 'x-key', load })] }),
      /x-key/,
    ],
    ['no way in at all', () => managerOf({ useHeader: false, credentials: [] }), /credentials/],
  ] as const) {
    it(`is a mistake with ${name}`, () => {
      expect(make).to.throw(message).with.property('name', 'ConfigurationError');
    });
  }
});
