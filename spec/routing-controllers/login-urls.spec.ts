import { expect } from 'chai';
import express from 'express';
import Koa from 'koa';
import { All, Get, JsonController, Post } from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, Accounts, SECRET } from '../support/accounts';
import { warningsOf } from '../support/process';
import type { App } from '../support/servers';
import '../support/quiet-lost-guards';

@JsonController()
class Login {
  @Post('/login')
  login() {
    return {};
  }
}

@JsonController('/session')
class Session {
  @Post()
  create() {
    return {};
  }
}

@JsonController()
class Tokens {
  @Post('/:tenant/token')
  ofTenant() {
    return {};
  }

  @All(/^\/oauth\/(authorize|token)$/)
  byPattern() {
    return {};
  }
}

@JsonController()
class Notes {
  @Get('/notes')
  list() {
    return [];
  }
}

const managerWith = (tokenUrl: string | null, options: LoginManagerOptions<Account> = {}) =>
  new LoginManager<Account>(SECRET, tokenUrl, { userLoader: Accounts, ...options });

const serve = (manager: LoginManager<Account>, controllers: App[], options = {}) =>
  manager.useExpressServer(express(), { controllers, middlewares: [], interceptors: [], ...options });

async function warned(start: () => void): Promise<string[]> {
  return (await warningsOf(start)).filter(({ code }) => code === 'LOGIN_NO_TOKEN_ROUTE').map(({ message }) => message);
}

describe('LOGIN_NO_TOKEN_ROUTE: a login route that no route of the server is', () => {
  for (const [name, use] of Object.entries({
    'useExpressServer()': (manager: LoginManager<Account>, controllers: App[]) => serve(manager, controllers),
    'useKoaServer()': (manager: LoginManager<Account>, controllers: App[]) =>
      manager.useKoaServer(new Koa(), { controllers, middlewares: [], interceptors: [] }),
    'createExpressServer()': (manager: LoginManager<Account>, controllers: App[]) =>
      manager.createExpressServer({ controllers, middlewares: [], interceptors: [] }),
    'createKoaServer()': (manager: LoginManager<Account>, controllers: App[]) =>
      manager.createKoaServer({ controllers, middlewares: [], interceptors: [] }),
  })) {
    it(`is a process warning that names the nearest route: ${name}`, async () => {
      expect(await warned(() => use(managerWith('/logn'), [Login, Notes]))).to.deep.equal([
        'tokenUrl \'/logn\' is no route of this server. Did you mean "/login"? Set tokenUrl to the path that clients see, prefixes included; nothing needs to be done if another server serves it',
      ]);
    });

    it(`is none if the route is there: ${name}`, async () => {
      expect(await warned(() => use(managerWith('/login'), [Login, Notes]))).to.deep.equal([]);
    });
  }

  it('suggests nothing if no route is near', async () => {
    const [message] = await warned(() => serve(managerWith('/login'), [Notes]));
    expect(message).to.match(/^tokenUrl '\/login' is no route of this server\. Set tokenUrl/);
  });

  it('names refreshUrl too, and once if it is the same as tokenUrl', async () => {
    const sessionStore = new MemorySessionStore();
    const both = managerWith('/login', { useCookie: true, sessionStore, refreshUrl: '/refresh' });
    expect(await warned(() => serve(both, [Login]))).to.have.length(1);
    const same = managerWith('/token', { useCookie: true, sessionStore, refreshUrl: '/token' });
    expect(await warned(() => serve(same, [Login]))).to.have.length(1);
  });

  it('suggests the path with its prefix if that was forgotten', async () => {
    const [message] = await warned(() => serve(managerWith('/login'), [Login], { routePrefix: '/api' }));
    expect(message).to.contain('Did you mean "/api/login"?');
  });

  it('suggests the path without a prefix that the server does not have', async () => {
    const [message] = await warned(() => serve(managerWith('/api/login'), [Login]));
    expect(message).to.contain('Did you mean "/login"?');
  });

  for (const [name, tokenUrl, controllers, options] of [
    ['under a prefix', '/api/login', [Login], { routePrefix: '/api' }],
    ['at the root of a controller', '/session', [Session], {}],
    ['with a slash at its end', '/session/', [Session], {}],
    ['in other letters', '/Login', [Login], {}],
    ['with a query', '/login?tenant=a', [Login], {}],
    ['without its first slash', 'login', [Login], {}],
    ['with a parameter', '/acme/token', [Tokens], {}],
    ['that is a regular expression', '/oauth/token', [Tokens], {}],
    ['of another server, named by its URL', 'https://login.example.com/token', [Notes], {}],
    ['of another server of this scheme', '//login.example.com/token', [Notes], {}],
    ['that does not exist, by intention', null, [Notes], {}],
  ] as const) {
    it(`is none for a route ${name}`, async () => {
      expect(await warned(() => serve(managerWith(tokenUrl), [...controllers], options))).to.deep.equal([]);
    });
  }

  it('is none for tokenEndpoints()', async () => {
    const manager = managerWith('/token');
    const endpoints = tokenEndpoints(manager, { verifyPassword: () => null });
    expect(await warned(() => serve(manager, [endpoints]))).to.deep.equal([]);
  });

  it('is none for an application that is mounted after its routes were registered', async () => {
    const mounted = () => {
      const sub = serve(managerWith('/api/v1/login'), [Login], { routePrefix: '/v1' });
      express().use('/api', sub);
    };
    expect(await warned(mounted)).to.deep.equal([]);
  });

  it('is one for a mounted application whose mount path is not in tokenUrl', async () => {
    const mounted = () => {
      express().use('/api', serve(managerWith('/login'), [Login]));
    };
    expect(await warned(mounted)).to.have.length(1);
  });

  it('is none for a router, which may be mounted anywhere', async () => {
    const options = { controllers: [Login], middlewares: [], interceptors: [] };
    expect(await warned(() => managerWith('/a/b/login').useExpressServer(express.Router(), options))).to.deep.equal([]);
  });

  it('is none if another server of the manager has the route, whichever is first', async () => {
    for (const order of [
      [Login, Notes],
      [Notes, Login],
    ]) {
      const manager = managerWith('/login');
      const all = () => {
        for (const controller of order) serve(manager, [controller]);
      };
      expect(await warned(all)).to.deep.equal([]);
    }
  });

  it('is told once, however many servers the manager has', async () => {
    const manager = managerWith('/login');
    const twice = () => {
      serve(manager, [Notes]);
      serve(manager, [Notes]);
    };
    expect(await warned(twice)).to.have.length(1);
    expect(await warned(() => serve(manager, [Notes]))).to.deep.equal([]);
  });

  it('is not told by routes() and protect(), which serve nothing', async () => {
    const manager = managerWith('/login');
    const options = { controllers: [Notes] };
    const both = () => {
      manager.routes(options);
      manager.protect(options);
    };
    expect(await warned(both)).to.deep.equal([]);
  });
});
