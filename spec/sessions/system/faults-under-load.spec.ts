import { expect } from 'chai';
import { Random } from '../../support/random';
import { usingRedis } from '../../support/redis-server';
import { Browser } from './browser';
import { FlakyProxy } from './flaky-proxy';
import { type Kind, ServerPair } from './server-pair';

const SEED = Number(process.env.SEED ?? 14);

/** Milliseconds. */
const STORE_TIMEOUT = 300;

/** Longer than a busy machine takes for an answer, in milliseconds. */
const PATIENCE = 2500;

const BROWSERS = 5;
const TABS = 3;

const KINDS: readonly Kind[] = ['sliding', 'refreshing'];

const options = {
  now: Date.UTC(2030, 0, 1),
  defaultExpiry: 30,
  slidingExpiry: 3600,
  refreshExpiry: 3600,
  refreshLeeway: 10,
  storeTimeout: `${STORE_TIMEOUT}ms`,
};

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('two servers whose Redis fails under load', function () {
  this.timeout(60_000);
  this.slow(20_000);

  const redis = usingRedis('--appendonly', 'yes', '--appendfsync', 'always');
  let proxy: FlakyProxy;
  let servers: ServerPair;
  let browsers: Browser[];
  let ended: { kind: Kind; token: string }[];

  before(async () => {
    proxy = await FlakyProxy.start(redis().port);
    servers = await ServerPair.start(proxy.url, options);
  });

  after(() => {
    servers?.stop();
    proxy?.stop();
  });

  beforeEach(async () => {
    const random = new Random(SEED);
    const names = Array.from({ length: BROWSERS }, (_, index) => `user-${index}`);
    browsers = KINDS.flatMap((kind) => names.map((name) => new Browser(servers, kind, `${kind}-${name}`, random)));
    await Promise.all(browsers.map((browser) => browser.logIn()));
    ended = [];
  });

  afterEach(() => {
    expect(servers.written).to.equal('');
  });

  /** Logs a browser out and in again. What it had before must never get in any more. */
  async function logOutAndIn(browser: Browser): Promise<void> {
    const { kind, accessToken, refreshToken } = browser;
    await browser.logOut();
    if (accessToken) ended.push({ kind, token: accessToken });
    if (refreshToken) ended.push({ kind, token: refreshToken });
    await browser.logIn();
  }

  /** Tries what has ended. */
  async function intrude(): Promise<void> {
    for (const { kind, token } of [...ended]) {
      const page = await servers.send(kind, { path: '/me', headers: { Authorization: `Bearer ${token}` } });
      expect(page.status, 'a login that has ended').to.be.oneOf([401, 503]);
      if (kind === 'sliding') continue;
      const fields = { grant_type: 'refresh_token', refresh_token: token };
      const refreshed = await servers.send(kind, { method: 'POST', path: '/token', fields });
      expect(refreshed.status, 'a refresh of a login that has ended').to.be.oneOf([400, 503]);
    }
  }

  /** Uses all tabs of all browsers at the same time, while something happens, and until everything works again. */
  async function meanwhile(happen: () => Promise<void>): Promise<void> {
    await Promise.all(browsers.slice(0, 2).map(logOutAndIn));
    let isOver = false;
    const repeat = async (act: () => Promise<unknown>) => {
      while (!isOver) {
        await act();
        await wait(5);
      }
    };
    const visit = async (browser: Browser) =>
      expect(await browser.visit(), browser.complaints.join('\n')).to.equal('in');
    // One browser of each kind logs out and in all the time, so nobody uses its tabs.
    const [restless, steady] = [[browsers[0], browsers[BROWSERS]], browsers.filter((_, index) => index % BROWSERS > 0)];
    const tabs = steady.flatMap((browser) => Array.from({ length: TABS }, () => repeat(() => visit(browser))));
    const logouts = restless.map((browser) => repeat(() => logOutAndIn(browser as Browser)));
    const events = async () => {
      await happen();
      isOver = true;
    };
    try {
      await Promise.all([events(), ...tabs, ...logouts, repeat(intrude)]);
    } catch (error) {
      isOver = true;
      throw new Error(`With SEED=${SEED}: ${error}`, { cause: error });
    }
    for (const browser of browsers) await visit(browser);
    await intrude();
    const troubles = browsers.flatMap((browser) => browser.troubles);
    expect(troubles).to.not.deep.equal([]);
    expect(Math.max(...troubles), 'the slowest 503').to.be.below(PATIENCE);
    expect(ended).to.not.deep.equal([]);
  }

  /** Every login becomes due to be renewed or refreshed half a second after this. */
  const approachExpiry = () => servers.advance(options.defaultExpiry / 2 - 1);

  async function letTimePass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      await servers.advance(0.2);
      await wait(100);
    }
  }

  it('nobody is logged out, and nobody gets in who should not, while Redis is killed and started again', async () => {
    await meanwhile(async () => {
      await approachExpiry();
      await letTimePass(300);
      await redis().kill();
      await letTimePass(700);
      await redis().start();
      await letTimePass(1300);
    });
  });

  it('nobody is logged out, and nobody gets in who should not, while Redis is frozen', async () => {
    await meanwhile(async () => {
      await approachExpiry();
      await letTimePass(300);
      redis().pause();
      try {
        await letTimePass(1000);
      } finally {
        redis().resume();
      }
      await letTimePass(1300);
    });
  });

  it('nobody is logged out, and nobody gets in who should not, while connections are cut after writes', async () => {
    const random = new Random(SEED);
    await meanwhile(async () => {
      await approachExpiry();
      proxy.cutsAnswers = () => random.happens(0.2);
      await letTimePass(2000);
      proxy.cutsAnswers = () => false;
      await letTimePass(1000);
    });
    expect(proxy.cuts).to.be.above(5);
  });

  it('a Redis that failed five times in a row is left alone, and asked again until it answers', async () => {
    const browser = browsers[0] as Browser;
    const token = browser.accessToken as string;
    const ask = () =>
      servers.send('sliding', { path: '/me', headers: { Authorization: `Bearer ${token}` }, server: 0 });
    redis().pause();
    try {
      for (let failure = 0; failure < 5; failure++) expect((await ask()).status).to.equal(503);
      const { received } = proxy;
      const answers = await Promise.all(Array.from({ length: 20 }, ask));
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([503]));
      expect(proxy.received).to.equal(received);
    } finally {
      redis().resume();
    }
    expect(await browser.visit()).to.equal('in');
  });
});
