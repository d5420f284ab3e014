import { expect } from 'chai';
import express, { type Request, type Response } from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { Authorized, CurrentUser, Get, JsonController, Param, Post, Req, Res } from 'routing-controllers';
import { redirectTo } from '../../../src/errors/redirect-to';
import { LoginManager } from '../../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { tokenEndpoints } from '../../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../../src/sessions/stores/memory-session-store';
import { headlessChromium } from '../../demo/chromium';
import { type Account, Accounts, SECRET } from '../../support/accounts';
import { TestClock } from '../../support/clock';
import { closeServers, listen, nothingElse } from '../../support/servers';

const MINUTE = 60;

/** A page that says who is logged in, and asks again with a button; it refreshes an access token that has expired. */
const page = (body: string) => `<!doctype html><meta charset="utf-8"><title>Sessions</title>${body}
<button id="ask">Ask</button> <output id="answer"></output>
<script>
  document.querySelector('#ask').onclick = async () => {
    const output = document.querySelector('#answer');
    output.value = '';
    let answer = await fetch('/me');
    if (answer.status === 401) {
      const refreshed = await fetch('/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token' }) });
      if (refreshed.ok) answer = await fetch('/me');
    }
    output.value = answer.ok ? (await answer.json()).email : 'logged out';
  };
</script>`;

/** A small application whose pages need a login. */
function siteOf(manager: LoginManager<Account>) {
  @JsonController()
  class Site {
    @Get('/login')
    loginPage(@Res() response: Response) {
      return response
        .type('html')
        .send('<h1>Log in</h1><form method="post" action="/login"><button>Log in</button></form>');
    }

    @Post('/login')
    async login(@Res() response: Response) {
      await manager.login(response, { data: { sub: 'ada@example.com' }, remember: true });
      response.redirect(303, '/');
      return response;
    }

    @Authorized()
    @Get('/')
    async home(@Req() request: Request, @CurrentUser() user: Account, @Res() response: Response) {
      const { session } = await manager.authenticate(request);
      const others = (await manager.sessions(user.email)).filter(({ id }) => id !== session?.id);
      const forms = others.map(
        ({ id }) => `<form method="post" action="/sessions/${id}/end"><button>End</button></form>`,
      );
      return response.type('html').send(page(`<h1>Hello, ${user.email}</h1>${forms.join('')}`));
    }

    @Authorized()
    @Get('/me')
    me(@CurrentUser() user: Account) {
      return user;
    }

    @Authorized()
    @Post('/sessions/:id/end')
    async end(@Param('id') id: string, @Res() response: Response) {
      await manager.endSession(id);
      response.redirect(303, '/');
      return response;
    }
  }
  return Site;
}

describe('sessions in Chromium', function () {
  this.timeout(60_000);
  this.slow(10_000);

  const chromium = headlessChromium();
  const contexts: BrowserContext[] = [];
  let clock: TestClock;

  beforeEach(() => {
    clock = new TestClock();
  });

  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    closeServers();
  });

  /** Starts the application. Returns a function that opens a browser of its own on it, logged in. */
  async function start(options: LoginManagerOptions<Account>): Promise<() => Promise<BrowserContext>> {
    const manager = new LoginManager<Account>(SECRET, options.refreshUrl ?? '/login', {
      userLoader: Accounts,
      sessionStore: new MemorySessionStore(clock.tell),
      clock: clock.tell,
      useCookie: true,
      defaultExpiry: '30m',
      notAuthenticatedException: redirectTo('/login', { only: 'pages' }),
      ...options,
    });
    const app = express();
    const refreshing = () => tokenEndpoints(manager, { cookies: true, verifyPassword: () => null });
    const controllers = [siteOf(manager), ...(options.refreshUrl ? [refreshing()] : [])];
    manager.useExpressServer(app, { controllers, ...nothingElse });
    const { url } = await listen(app);
    return async () => {
      const context = await chromium().newContext({ baseURL: url });
      contexts.push(context);
      context.setDefaultTimeout(10_000);
      const tab = await context.newPage();
      await tab.goto('/');
      await tab.getByRole('button', { name: 'Log in' }).click();
      await tab.getByRole('heading', { name: 'Hello' }).waitFor();
      return context;
    };
  }

  async function threeTabs(context: BrowserContext): Promise<Page[]> {
    const others = await Promise.all([context.newPage(), context.newPage()]);
    await Promise.all(others.map((tab) => tab.goto('/')));
    return context.pages();
  }

  const headings = (tabs: readonly Page[]) => Promise.all(tabs.map((tab) => tab.getByRole('heading').innerText()));

  /** What the pages' scripts are answered, all of them at the same time. */
  async function askIn(tabs: readonly Page[]): Promise<string[]> {
    await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'Ask' }).click()));
    return Promise.all(
      tabs.map(async (tab) => {
        await tab.locator('#answer:not(:empty)').waitFor();
        return tab.locator('#answer').innerText();
      }),
    );
  }

  const ADA = 'ada@example.com';

  it('three tabs of a sliding login stay logged in over its first expiry', async () => {
    const logIn = await start({ slidingExpiry: '30d' });
    const tabs = await threeTabs(await logIn());
    for (let times = 0; times < 3; times++) {
      clock.advance(20 * MINUTE);
      await Promise.all(tabs.map((tab) => tab.reload()));
      expect(await headings(tabs)).to.deep.equal(Array(3).fill(`Hello, ${ADA}`));
      clock.advance(20 * MINUTE);
      expect(await askIn(tabs)).to.deep.equal([ADA, ADA, ADA]);
    }
  });

  it('three tabs that refresh an expired token at once stay logged in', async () => {
    const logIn = await start({ refreshUrl: '/token' });
    const tabs = await threeTabs(await logIn());
    for (let times = 0; times < 3; times++) {
      clock.advance(40 * MINUTE);
      expect(await askIn(tabs)).to.deep.equal([ADA, ADA, ADA]);
    }
  });

  it('a session that another browser ends is over with its next request', async () => {
    const logIn = await start({ slidingExpiry: '30d' });
    const tabs = await threeTabs(await logIn());
    clock.advance(1);
    const [other] = (await logIn()).pages() as [Page];
    await other.getByRole('button', { name: 'End' }).click();
    await other.getByRole('button', { name: 'End' }).waitFor({ state: 'detached' });
    expect(await askIn(tabs.slice(0, 1))).to.deep.equal(['logged out']);
    await Promise.all(tabs.map((tab) => tab.reload()));
    expect(await headings(tabs)).to.deep.equal(['Log in', 'Log in', 'Log in']);
    expect(await headings([other])).to.deep.equal([`Hello, ${ADA}`]);
  });
});
