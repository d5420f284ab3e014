import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import {
  Authorized,
  Controller,
  CurrentUser,
  createParamDecorator,
  Get,
  JsonController,
  Post,
  Req,
} from 'routing-controllers';
import { redirectTo } from '../../src/errors/redirect-to';
import { LoginManager } from '../../src/manager/login-manager';
import { PasswordForm } from '../../src/oauth2/password-form';
import type { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import type { LoginEvent } from '../../src/util/diagnostics';
import { type Account, Accounts, SECRET } from '../support/accounts';
import { setCookies } from '../support/browser';
import { HOST, isAvailable, Nginx } from '../support/nginx';
import { type App, type Framework, onEachServer, type RunningServer } from '../support/servers';

const page = readFileSync(join(process.cwd(), 'docs/operations/proxies.md'), 'utf8');
const [, serverBlock = ''] = /^```nginx\n(.*?)^```/ms.exec(page) ?? [];

const ContextOrResponse = () => createParamDecorator({ value: ({ context, response }) => context ?? response });

let manager: LoginManager<Account>;

@Controller()
class Pages {
  @Authorized()
  @Get('/diary')
  diary(@CurrentUser() account: Account) {
    return `The diary of ${account.email}`;
  }

  @Post('/login')
  async login(@PasswordForm() form: OAuth2PasswordRequestForm, @ContextOrResponse() response: App) {
    await manager.login(response, { data: { sub: form.username }, scopes: form.scopes });
    return 'Welcome';
  }
}

@JsonController()
class Notes {
  @Authorized()
  @Post('/notes')
  write(@Req() incoming: App) {
    return { from: incoming.ip };
  }
}

const manyScopes = Array.from({ length: 300 }, (_, index) => `scope:${index}:write`).join(' ');

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  cookie: string;
}

describe("the configuration of nginx on the documentation's page about proxies", function () {
  this.timeout(180_000);
  this.slow(2000);

  before(function () {
    if (!isAvailable()) this.skip();
  });

  onEachServer((start, framework: Framework) => {
    let nginx: Nginx;
    let origin: string;

    const startBehind = async (trustProxy: boolean, configuration = serverBlock) => {
      manager = new LoginManager<Account>(SECRET, '/api/token', {
        userLoader: Accounts,
        useCookie: true,
        refreshUrl: '/api/token',
        sessionStore: new MemorySessionStore(),
        notAuthenticatedException: redirectTo('/login', { returnTo: 'next', only: 'pages' }),
      });
      const tokens = tokenEndpoints(manager, {
        proxyPrefix: '/api',
        cookies: true,
        verifyPassword: (sub) => ({ data: { sub } }),
      });
      const trust = (app: App) =>
        framework === 'Koa' ? Object.assign(app, { proxy: true, maxIpsCount: 1 }) : app.set('trust proxy', 1);
      const server: RunningServer = await start({
        manager,
        controllers: [Pages, Notes, tokens],
        ...(trustProxy && { before: trust }),
      });
      nginx = await Nginx.start(configuration, Number(new URL(server.url).port));
      origin = `https://${HOST}:${nginx.port}`;
    };

    afterEach(() => nginx?.stop());

    const send = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const sent = request({
          host: '127.0.0.1',
          port: nginx.port,
          servername: HOST,
          ca: nginx.certificate,
          method,
          path,
          headers: { Host: `${HOST}:${nginx.port}`, 'Content-Length': String(Buffer.byteLength(body)), ...headers },
        });
        sent.on('error', reject).on('response', async (response) => {
          const cookie = setCookies(response)
            .filter(({ value }) => value !== '')
            .map(({ name, value }) => `${name}=${value}`)
            .join('; ');
          const { statusCode: status = 0, headers: received } = response;
          resolve({ status, headers: received, body: await text(response), cookie });
        });
        sent.end(body);
      });

    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const credentials = 'username=ada@example.com&password=p';

    describe('before an application that trusts one proxy', () => {
      beforeEach(() => startBehind(true));

      const login = (fields = '') => send('POST', '/login', { ...form, Origin: origin }, credentials + fields);

      it('logs a browser in that sends its Origin alone, with a Secure cookie', async () => {
        const { status, headers, cookie } = await login();
        expect([status, headers['cache-control']]).to.deep.equal([200, 'no-store']);
        const [refresh, access] = setCookies({ headers });
        expect(access?.attributes).to.include({ secure: '', httponly: '', samesite: 'Lax', path: '/' });
        expect(refresh?.attributes).to.include({ secure: '', path: '/api/token' });
        const diary = await send('GET', '/diary', { Cookie: cookie });
        expect([diary.status, diary.body]).to.deep.equal([200, 'The diary of ada@example.com']);
      });

      it('keeps foreign pages out, whatever a client says about the proxy', async () => {
        const { cookie } = await login();
        const from = async (headers: Record<string, string>) =>
          (await send('POST', '/api/notes', { Cookie: cookie, ...headers })).status;
        expect(await from({ Origin: origin })).to.equal(200);
        expect(await from({ Origin: 'https://evil.example' })).to.equal(403);
        expect(await from({ Origin: origin.replace('https:', 'http:') })).to.equal(403);
        expect(await from({ Origin: `https://${HOST}` })).to.equal(403);
        expect(await from({ Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' })).to.equal(403);
      });

      it('sends visitors of a page to the login page and back, on the origin of the proxy', async () => {
        const { status, headers } = await send('GET', '/diary?day=1', { Accept: 'text/html' });
        expect([status, headers.location]).to.deep.equal([303, '/login?next=%2Fdiary%3Fday%3D1']);
      });

      it('serves the token endpoint below the prefix that it removes, and its refresh cookie comes back', async () => {
        const { status, cookie, headers } = await send('POST', '/api/token', { ...form, Origin: origin }, credentials);
        expect(status).to.equal(200);
        expect(setCookies({ headers }).map(({ attributes }) => attributes.path)).to.deep.equal(['/api/token', '/']);
        const refreshed = await send(
          'POST',
          '/api/token',
          { ...form, Origin: origin, Cookie: cookie },
          'grant_type=refresh_token',
        );
        expect(refreshed.status).to.equal(200);
        expect(refreshed.cookie).to.match(/^access-token-refresh=ey.*; access-token=ey/);
      });

      it('tells the application the address of the client, who cannot make one up', async () => {
        const { cookie } = await login();
        const { body } = await send('POST', '/api/notes', {
          Cookie: cookie,
          Origin: origin,
          'X-Forwarded-For': '203.0.113.7',
        });
        expect(JSON.parse(body).from).to.match(/127\.0\.0\.1$/);
      });

      it('passes a token on that is so large that it takes several cookies', async () => {
        const { status, cookie } = await login(`&scope=${manyScopes}`);
        expect([status, cookie.includes('access-token.1=')]).to.deep.equal([200, true]);
        expect((await send('GET', '/diary', { Cookie: cookie })).status).to.equal(200);
      });
    });

    it('is needed with its buffers: those of nginx are too small for a large token', async () => {
      await startBehind(true, serverBlock.replaceAll(/^ *proxy_buffer.*\n/gm, ''));
      const fields = `${credentials}&scope=${manyScopes}`;
      expect((await send('POST', '/login', { ...form, Origin: origin }, fields)).status).to.equal(502);
    });

    it('makes the form of the own page foreign to an application that does not trust the proxy, which says so', async () => {
      await startBehind(false);
      const causes: string[] = [];
      const listener = (message: unknown) => causes.push(String(((message as LoginEvent).error as Error).cause));
      subscribe('routing-controllers-login:refused', listener);
      const { status } = await send('POST', '/login', { ...form, Origin: origin }, credentials);
      unsubscribe('routing-controllers-login:refused', listener);
      expect(status).to.equal(403);
      expect(causes).to.have.length(1);
      expect(causes[0]).to.include('if a proxy is in front of the application, trust it');
    });
  });
});
