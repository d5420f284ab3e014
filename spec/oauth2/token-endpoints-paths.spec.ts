import { expect } from 'chai';
import express from 'express';
import express4 from 'express-4';
import Koa from 'koa';
import { JsonController, Post } from 'routing-controllers';
import supertest from 'supertest';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { LoginManager } from '../../src/manager/login-manager';
import { LoginManager as Manager } from '../../src/manager/login-manager';
import { PasswordForm } from '../../src/oauth2/password-form';
import type { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { securedSpec } from '../../src/openapi/index';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { storageOf } from '../openapi/documents';
import { Accounts, SECRET } from '../support/accounts';
import { thrownBy } from '../support/rejection';
import {
  type App,
  createApp,
  type Framework,
  listen,
  onEachServer,
  register,
  registerSecurely,
  type ServerKind,
} from '../support/servers';
import { silencingStderr } from '../support/stderr';

const credentials = { username: 'ada@example.com', password: 'correct horse' };

const managerAt = (tokenUrl: string) =>
  new Manager(SECRET, tokenUrl, {
    userLoader: Accounts,
    useCookie: true,
    sessionStore: new MemorySessionStore(),
    refreshUrl: tokenUrl,
  });

const endpointsOf = (manager: LoginManager, options = {}) =>
  tokenEndpoints(manager, {
    cookies: true,
    verifyPassword: (sub, password) => (password === credentials.password ? { data: { sub } } : null),
    ...options,
  });

/** Passes what is below a path on to another application, and takes the path off, as `app.use` and koa-mount do. */
function mount(framework: Framework, path: string, inner: App): App {
  if (framework !== 'Koa')
    return (framework === 'Express 5' ? express() : (express4 as unknown as typeof express)()).use(path, inner);
  const app = new Koa();
  app.use(async (context, next) => {
    if (!context.path.startsWith(`${path}/`)) return next();
    const whole = context.path;
    context.path = whole.slice(path.length);
    try {
      await inner.middleware.reduceRight(
        (following: () => Promise<unknown>, middleware: (ctx: unknown, next: unknown) => Promise<unknown>) => () =>
          Promise.resolve(middleware(context, following)),
        next,
      )();
    } finally {
      context.path = whole;
    }
  });
  return app;
}

interface Place {
  routePrefix?: string;
  mounts: string[];
  controllers: unknown[];
}

async function serve(framework: Framework, kind: ServerKind, manager: LoginManager, place: Place) {
  const { mounts, routePrefix, controllers } = place;
  const inner = createApp(framework);
  const options = { manager, controllers: controllers as never, ...(routePrefix !== undefined && { routePrefix }) };
  if (kind === 'own') register(inner, options);
  else registerSecurely(inner, options);
  return listen(mounts.reduceRight((app, path) => mount(framework, path, app), inner));
}

const places: Record<string, { tokenUrl: string; routePrefix?: string; mounts: string[] }> = {
  'the root': { tokenUrl: '/token', mounts: [] },
  'a path of two segments': { tokenUrl: '/auth/token', mounts: [] },
  'a routePrefix': { tokenUrl: '/api/token', routePrefix: '/api', mounts: [] },
  'a routePrefix without a slash': { tokenUrl: '/api/token', routePrefix: 'api', mounts: [] },
  'a routePrefix of two segments': { tokenUrl: '/api/v1/auth/token', routePrefix: '/api/v1', mounts: [] },
  'a mount': { tokenUrl: '/api/token', mounts: ['/api'] },
  'a mount in a mount': { tokenUrl: '/a/b/token', mounts: ['/a', '/b'] },
  'a mount and a routePrefix': { tokenUrl: '/v1/api/token', routePrefix: '/api', mounts: ['/v1'] },
};

describe('the paths of the token endpoints', () => {
  onEachServer((_, framework, kind) => {
    for (const [name, { tokenUrl, ...place }] of Object.entries(places)) {
      it(`are those that clients see: below ${name} a browser logs in, refreshes by its cookie and logs out`, async () => {
        const manager = managerAt(tokenUrl);
        const { url } = await serve(framework, kind, manager, { ...place, controllers: [endpointsOf(manager)] });
        const browser = supertest.agent(url);
        const login = await browser.post(tokenUrl).type('form').send(credentials);
        expect(login.status).to.equal(200);
        const cookies = [login.get('Set-Cookie') ?? []].flat();
        expect(cookies.find((one) => one.startsWith('access-token-refresh='))).to.include(`; Path=${tokenUrl};`);
        const refreshed = await browser.post(tokenUrl).type('form').send({ grant_type: 'refresh_token' });
        expect(refreshed.status, 'refresh').to.equal(200);
        expect((await browser.post(`${tokenUrl}/revoke`).send({})).status, 'revoke').to.equal(200);
        const after = await browser.post(tokenUrl).type('form').send({ grant_type: 'refresh_token' });
        expect(after.body.error, 'after the logout').to.equal('invalid_request');
        const document = securedSpec(manager, storageOf()) as { components?: object };
        expect(JSON.stringify(document.components)).to.include(`"tokenUrl":"${tokenUrl}"`);
      });

      it(`are no others: below ${name} every other end of the path is 404`, async () => {
        const manager = managerAt(tokenUrl);
        const { client } = await serve(framework, kind, manager, { ...place, controllers: [endpointsOf(manager)] });
        const prefix = (place.routePrefix ?? '').replace(/^(?=[^/])/, '/');
        const before = place.mounts.join('') + prefix;
        const others = [`${before}${tokenUrl}`, '/token', `${before}/token`, '/api/token', `${tokenUrl}x`];
        for (const path of new Set(others.filter((other) => other !== tokenUrl))) {
          expect((await client.post(path).send(credentials)).status, path).to.equal(404);
        }
      });
    }

    it('leave the other ends of the path to the routes of the application, with an unread body', async () => {
      @JsonController()
      class Pages {
        @Post('/login')
        login(@PasswordForm() form: OAuth2PasswordRequestForm) {
          return { page: form.username };
        }
      }
      const manager = managerAt('/api/login');
      for (const controllers of [
        [endpointsOf(manager), Pages],
        [Pages, endpointsOf(manager)],
      ]) {
        const { client } = await serve(framework, kind, manager, { mounts: [], controllers });
        expect((await client.post('/login').type('form').send(credentials)).body).to.deep.equal({
          page: 'ada@example.com',
        });
        expect((await client.post('/api/login').type('form').send(credentials)).body).to.have.property('access_token');
      }
    });

    it('may lose a beginning on their way through a proxy that is named', async () => {
      const manager = managerAt('/api/token');
      const controllers = [endpointsOf(manager, { proxyPrefix: '/api' })];
      const { client } = await serve(framework, kind, manager, { mounts: [], controllers });
      const login = await client.post('/token').send(credentials);
      expect(login.status).to.equal(200);
      expect(String(login.get('Set-Cookie'))).to.include('Path=/api/token;');
    });

    describe('that are wrong', () => {
      silencingStderr();

      it('are said with the right ones', async () => {
        const manager = managerAt('/token');
        const place = { routePrefix: '/api', mounts: [], controllers: [endpointsOf(manager)] };
        if (kind === 'secure') {
          const [result] = await Promise.allSettled([serve(framework, kind, manager, place)]);
          const { reason } = result as PromiseRejectedResult;
          expect(reason).to.be.an.instanceOf(ConfigurationError);
          expect(reason.message).to.include("such as '/api/token'");
        } else {
          const { client } = await serve(framework, kind, manager, place);
          const { status, text } = await client.post('/api/token').send(credentials);
          expect(status).to.equal(500);
          if (framework !== 'Koa') expect(text).to.include('/api/token');
        }
      });
    });
  });

  it('are checked before routing-controllers’ own server starts, where it is asked with protect', () => {
    const manager = managerAt('/token');
    const options = { routePrefix: '/api', controllers: [endpointsOf(manager)] };
    expect(thrownBy(() => manager.protect(options as never)).message).to.include("such as '/api/token'");
    expect(
      thrownBy(() => securedSpec(manager, storageOf(...options.controllers), options as never)).message,
    ).to.include("such as '/api/token'");
  });

  it('stand once in the list of routes, with and without a prefix', () => {
    const manager = managerAt('/api/token');
    const controllers = [endpointsOf(manager)] as never;
    for (const options of [{ controllers }, { controllers, routePrefix: '/api' }]) {
      expect(manager.routes(options).map(({ path }) => path)).to.deep.equal(['/api/token', '/api/token/revoke']);
    }
  });

  it('need no user loader of their own, however many ends they have', () => {
    const manager = new Manager(SECRET, '/a/b/token');
    expect(() => manager.routes({ controllers: [endpointsOf(manager, { cookies: false })] as never })).not.to.throw();
  });

  const wrong: Record<string, [object, string]> = {
    'a revokeUrl that is no path': [{ revokeUrl: 'logout' }, 'revokeUrl must be a path'],
    'a proxyPrefix that the path does not begin with': [{ proxyPrefix: '/v1' }, "proxyPrefix '/v1'"],
    'an unknown option': [{ revokeURL: '/logout' }, 'revokeUrl'],
  };
  for (const [name, [options, hint]] of Object.entries(wrong)) {
    it(`are refused with ${name}`, () => {
      const error = thrownBy(() => endpointsOf(managerAt('/token'), options));
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include(hint);
    });
  }
});
