import { expect } from 'chai';
import express from 'express';
import { Get, JsonController } from 'routing-controllers';
import type { RemoteSecret } from '../../src/jwt/issuers/issuer-options';
import type { Secret } from '../../src/jwt/keys/secret';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import type { WellKnownOptions } from '../../src/routing-controllers/well-known/documents';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, Accounts, managerOf, SECRET } from '../support/accounts';
import { ed25519 } from '../support/keys';
import { createApp, frameworks, listen, onEachSecureServer, type Start } from '../support/servers';

const JWKS = '/.well-known/jwks.json';
const SERVER = '/.well-known/oauth-authorization-server';
const RESOURCE = '/.well-known/oauth-protected-resource';

@JsonController()
class Routes {
  @Get('/closed')
  closed() {
    return {};
  }
}

const signing = (options: LoginManagerOptions<Account> = {}, tokenUrl: string | null = '/api/login') =>
  new LoginManager<Account>(ed25519().privateKey, tokenUrl, { algorithm: 'EdDSA', userLoader: Accounts, ...options });

const serve = (start: Start, manager: LoginManager<Account>, options?: WellKnownOptions, isAfter = false) =>
  start({
    manager,
    controllers: [Routes],
    routePrefix: '/api',
    [isAfter ? 'after' : 'before']: (app: never) => manager.attachWellKnown(app, options),
  });

describe('attachWellKnown', () => {
  onEachSecureServer((start) => {
    for (const isAfter of [false, true]) {
      it(`serves the public keys ${isAfter ? 'after' : 'before'} the controllers, whatever their prefix and access`, async () => {
        const manager = signing({ defaultAccess: 'authenticated' });
        const { client } = await serve(start, manager, {}, isAfter);
        const { status, body, headers } = await client.get(JWKS);
        expect([status, body]).to.deep.equal([200, manager.jwks()]);
        expect(headers['content-type']).to.equal('application/json');
        expect((await client.get('/api/closed')).status).to.equal(401);
      });
    }

    it('lets every page read them, and caches keep them', async () => {
      const { client } = await serve(start, signing());
      const { headers } = await client.get(JWKS).set('Origin', 'https://app.example.com');
      expect(headers['access-control-allow-origin']).to.equal('*');
      expect(headers['cache-control']).to.equal('public, max-age=300');
      expect(headers).not.to.have.property('set-cookie');
    });

    it('answers HEAD without a body, and the preflight of a page', async () => {
      const { client } = await serve(start, signing());
      const { text: body, status, headers } = await client.head(JWKS);
      expect([status, body]).to.deep.equal([200, undefined]);
      expect(headers['content-length']).to.equal((await client.get(JWKS)).headers['content-length']);
      const preflight = await client
        .options(JWKS)
        .set({ Origin: 'https://app.example.com', 'Access-Control-Request-Headers': 'mcp-protocol-version' });
      expect(preflight.status).to.equal(204);
      expect(preflight.headers).to.include({
        'access-control-allow-origin': '*',
        'access-control-allow-headers': '*',
        'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      });
    });

    it('refuses other methods', async () => {
      const { client } = await serve(start, signing());
      const { status, headers } = await client.post(JWKS);
      expect([status, headers.allow]).to.deep.equal([405, 'GET, HEAD, OPTIONS']);
    });

    it('serves the metadata of the authorization server', async () => {
      const issuer = 'https://login.example.com';
      const scopes = { 'notes:read': 'Read notes', offline_access: 'Stay logged in' };
      const manager = signing({ scopes, issuer, sessionStore: new MemorySessionStore() });
      const { client } = await serve(start, manager, { issuer });
      expect((await client.get(SERVER)).body).to.deep.equal({
        issuer,
        token_endpoint: 'https://login.example.com/api/login',
        jwks_uri: 'https://login.example.com/.well-known/jwks.json',
        scopes_supported: ['notes:read', 'offline_access'],
        response_types_supported: [],
        grant_types_supported: ['password', 'refresh_token'],
        token_endpoint_auth_methods_supported: ['none'],
      });
    });

    it('serves it at the path of the issuer (RFC 8414 §3)', async () => {
      const { client } = await serve(start, signing(), { issuer: 'https://login.example.com/tenants/one' });
      expect((await client.get(`${SERVER}/tenants/one`)).body.issuer).to.equal('https://login.example.com/tenants/one');
      expect((await client.get(SERVER)).status).to.equal(404);
    });

    it('serves it without keys for HMAC', async () => {
      const { client } = await serve(start, managerOf(), { issuer: 'https://login.example.com' });
      const { body } = await client.get(SERVER);
      expect(body).not.to.have.property('jwks_uri');
      expect(body.token_endpoint).to.equal('https://login.example.com/login');
      expect((await client.get(JWKS)).status).to.equal(404);
    });

    it('serves the metadata of the resource, with and without its path (RFC 9728 §3.1)', async () => {
      const resource = 'https://api.example.com/mcp';
      const scopes = { 'notes:read': 'Read notes', offline_access: 'Stay logged in' };
      const manager = signing({ resource, scopes, issuer: 'https://login.example.com' }, null);
      const { client } = await serve(start, manager);
      const expected = {
        resource,
        authorization_servers: ['https://login.example.com'],
        scopes_supported: ['notes:read'],
        bearer_methods_supported: ['header'],
      };
      expect((await client.get(`${RESOURCE}/mcp`)).body).to.deep.equal(expected);
      expect((await client.get(RESOURCE)).body).to.deep.equal(expected);
      expect((await client.get(`${RESOURCE}/other`)).status).to.equal(404);
    });

    it('names the identity providers whose tokens are accepted as the authorization servers', async () => {
      const [one, two] = ['https://login.example.org/realms/main', 'https://accounts.example.org'];
      const resource = 'https://api.example.com';
      const serversOf = async (secret: Secret | RemoteSecret, options: LoginManagerOptions<Account> = {}) => {
        const manager = new LoginManager<Account>(secret, null, { userLoader: Accounts, resource, ...options });
        const { client } = await serve(start, manager);
        return (await client.get(RESOURCE)).body.authorization_servers;
      };
      const keys = { jwksUri: `${one}/keys` };
      expect(await serversOf({ issuer: one })).to.deep.equal([one]);
      expect(await serversOf({ issuer: one }, { issuers: [{ issuer: two }] })).to.deep.equal([one, two]);
      expect(await serversOf(SECRET, { issuers: [{ issuer: one }, { issuer: two }] })).to.deep.equal([one, two]);
      expect(await serversOf(SECRET, { issuer: two, issuers: [{ issuer: one }] })).to.deep.equal([two, one]);
      expect(await serversOf(keys, { issuer: one })).to.deep.equal([one]);
      expect(await serversOf(keys)).to.equal(undefined);
      expect(await serversOf(SECRET, { issuers: (issuer) => ({ issuer }) })).to.equal(undefined);
    });

    it('serves the URL that the challenge of a refusal names', async () => {
      const { client, url } = await serve(
        start,
        signing({ resource: 'https://api.example.com/', defaultAccess: 'authenticated' }),
      );
      const challenge = (await client.get('/api/closed')).headers['www-authenticate'] as string;
      const named = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] as string;
      expect(named).to.equal(`https://api.example.com${RESOURCE}`);
      const answer = await fetch(`${url}${new URL(named).pathname}`);
      expect(await answer.json()).to.include({ resource: 'https://api.example.com/' });
    });

    it('takes nothing from the request', async () => {
      const issuer = 'https://login.example.com';
      const manager = signing({ resource: 'https://api.example.com' });
      const { client } = await serve(start, manager, { issuer });
      const forged = {
        Host: 'evil.example',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'http',
        Forwarded: 'host=evil.example',
      };
      for (const path of [JWKS, SERVER, RESOURCE])
        expect((await client.get(path).set(forged)).text)
          .to.equal((await client.get(path)).text)
          .and.not.include('evil');
    });
  });

  for (const framework of frameworks) {
    it(`serves beside controllers in a mounted part, on ${framework}`, async () => {
      const app = createApp(framework);
      const manager = signing();
      manager.attachWellKnown(app);
      if (framework !== 'Koa')
        app.use('/mounted', manager.useExpressServer(express.Router(), { controllers: [Routes] }));
      const { client } = await listen(app);
      expect((await client.get(JWKS)).status).to.equal(200);
    });
  }

  const hmac = () => managerOf();
  for (const [name, attach, message] of [
    ['nothing to serve', () => hmac().attachWellKnown(express()), /nothing to serve/],
    ['no application', () => signing().attachWellKnown(undefined as never), /application/],
    ['an unknown option', () => signing().attachWellKnown(express(), { isuer: 'https://a.example' } as never), /isuer/],
    ['an issuer that is a path', () => signing().attachWellKnown(express(), { issuer: '/login' }), /https/],
    ['an issuer over http', () => signing().attachWellKnown(express(), { issuer: 'http://a.example' }), /https/],
    ['an issuer with a query', () => signing().attachWellKnown(express(), { issuer: 'https://a.example?b' }), /query/],
    [
      'an issuer that is an identity provider, which has metadata of its own',
      () =>
        new LoginManager<Account>({ issuer: 'https://a.example', audience: 'api' }, null).attachWellKnown(express(), {
          issuer: 'https://a.example',
        }),
      /leave it out/,
    ],
    [
      "an issuer that is not the tokens'",
      () => signing({ issuer: 'https://a.example' }).attachWellKnown(express(), { issuer: 'https://b.example' }),
      /RFC 8414/,
    ],
  ] as const) {
    it(`is a mistake with ${name}`, () => {
      expect(attach).to.throw(message).with.property('name', 'ConfigurationError');
    });
  }

  it('never serves a secret', async () => {
    const app = express();
    new LoginManager<Account>(ed25519().privateKey, null, { algorithm: 'EdDSA', userLoader: Accounts }).attachWellKnown(
      app,
    );
    const { client } = await listen(app);
    const { text } = await client.get(JWKS);
    expect(JSON.parse(text).keys[0]).not.to.have.property('d');
    expect(text).not.to.include(SECRET);
  });
});
