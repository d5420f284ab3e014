import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import cors from 'cors';
import express, { type Request, type Response } from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { Authorized, CurrentUser, Get, JsonController, Post, Req, Res } from 'routing-controllers';
import { LoginManager } from '../../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { headlessChromium } from '../../demo/chromium';
import { type Account, Accounts, SECRET } from '../../support/accounts';
import { closeServers, listen, nothingElse } from '../../support/servers';

/** An API that counts what is written, for the pages of one other origin. */
async function serveApi(page: string, options: LoginManagerOptions<Account>) {
  const manager = new LoginManager<Account>(SECRET, '/login', {
    userLoader: Accounts,
    sessionStore: new MemorySessionStore(),
    useCookie: true,
    trustedOrigins: [page],
    ...options,
  });
  const written = { count: 0 };

  @JsonController()
  class Api {
    @Post('/login')
    async login(@Res() response: Response) {
      await manager.login(response, { data: { sub: 'ada@example.com' } });
      return {};
    }

    @Post('/logout')
    async logout(@Req() request: Request, @Res() response: Response) {
      await manager.logout(request, response);
      return {};
    }

    @Authorized()
    @Get('/me')
    me(@CurrentUser() account: Account) {
      return { email: account.email };
    }

    @Authorized()
    @Post('/notes')
    write() {
      written.count++;
      return {};
    }
  }

  const app = express();
  app.use(cors({ origin: [page], credentials: true }));
  manager.useExpressServer(app, { controllers: [Api], ...nothingElse });
  const { url } = await listen(app);
  return { api: url.replace('127.0.0.1', 'localhost'), written };
}

/** What a script of the page is answered: the status and the body, or that the browser lets it read nothing. */
function ask(page: Page, url: string, method = 'GET'): Promise<string> {
  return page.evaluate(
    async ([url, method]) => {
      try {
        const response = await fetch(url as string, { method, credentials: 'include' });
        const body = (await response.json()) as { email?: string; code?: string };
        return `${response.status} ${body.email ?? body.code ?? ''}`.trim();
      } catch {
        return 'unreadable';
      }
    },
    [url, method],
  );
}

describe('pages of other origins in Chromium', function () {
  this.timeout(60_000);
  this.slow(10_000);

  const chromium = headlessChromium();
  const pages: Server[] = [];
  let context: BrowserContext;

  beforeEach(async () => {
    context = await chromium().newContext();
  });

  afterEach(async () => {
    await context.close();
    for (const server of pages.splice(0)) server.close();
    closeServers();
  });

  /** An empty page on an origin of its own; `localhost` is the API's site, `127.0.0.1` is another. */
  async function serveAt(host: 'localhost' | '127.0.0.1'): Promise<string> {
    const server = createServer((_, response) =>
      response.setHeader('Content-Type', 'text/html').end('<title>Page</title>'),
    );
    pages.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://${host}:${(server.address() as AddressInfo).port}`;
  }

  async function open(origin: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(origin);
    return page;
  }

  it('a trusted page of the same site logs in, reads, writes and logs out with the cookie', async () => {
    const origin = await serveAt('localhost');
    const { api, written } = await serveApi(origin, {});
    const page = await open(origin);
    expect(await ask(page, `${api}/me`)).to.equal('401 token_missing');
    expect(await ask(page, `${api}/login`, 'POST')).to.equal('200');
    expect(await ask(page, `${api}/me`)).to.equal('200 ada@example.com');
    expect(await ask(page, `${api}/notes`, 'POST')).to.equal('200');
    expect(written.count).to.equal(1);
    expect(await ask(page, `${api}/logout`, 'POST')).to.equal('200');
    expect(await ask(page, `${api}/me`)).to.equal('401 token_missing');
  });

  for (const host of ['localhost', '127.0.0.1'] as const) {
    it(`a page at ${host} that is not trusted writes nothing with the login of a trusted one, and ends it neither`, async () => {
      const origin = await serveAt('localhost');
      const { api, written } = await serveApi(origin, { cookie: { sameSite: 'none', secure: true } });
      const trusted = await open(origin);
      await ask(trusted, `${api}/login`, 'POST');

      const other = await open(await serveAt(host));
      for (const path of ['/notes', '/logout', '/login']) {
        expect(await ask(other, api + path, 'POST')).to.equal('unreadable');
        await other.setContent(
          `<form method="post" action="${api + path}" target="_blank"><button>Send</button></form>`,
        );
        const [popup] = await Promise.all([context.waitForEvent('page'), other.getByRole('button').click()]);
        await popup.waitForLoadState();
        expect(await popup.innerText('body')).to.contain('cross_origin');
        await popup.close();
      }
      expect(await ask(other, `${api}/me`)).to.equal('unreadable');
      expect(written.count).to.equal(0);
      expect(await ask(trusted, `${api}/me`)).to.equal('200 ada@example.com');
    });
  }

  it('a trusted page of another site logs in with a cookie that is SameSite=None and partitioned, not with a Lax one', async () => {
    const origin = await serveAt('127.0.0.1');
    const page = await open(origin);
    const lax = await serveApi(origin, {});
    expect(await ask(page, `${lax.api}/login`, 'POST')).to.equal('200');
    expect(await ask(page, `${lax.api}/me`)).to.equal('401 token_missing');
    const none = await serveApi(origin, { cookie: { sameSite: 'none', partitioned: true } });
    expect(await ask(page, `${none.api}/login`, 'POST')).to.equal('200');
    expect(await ask(page, `${none.api}/me`)).to.equal('200 ada@example.com');
  });
});
