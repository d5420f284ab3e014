import { expect } from 'chai';
import { bearer } from '../../support/http';
import { Random } from '../../support/random';
import type { AgeingRedis } from './ageing-redis';
import { Browser } from './browser';
import type { Kind, ServerOptions, ServerPair } from './server-pair';

const BROWSERS = 20;
const TABS = 5;

/** Steps without a request after which a login would be in danger of ending. */
const LONGEST_PAUSE = 2;

/** A refresh token that somebody has copied. */
interface StolenToken {
  readonly owner: Browser;
  readonly token: string;
  /** When its owner had a younger one, in milliseconds since the epoch. */
  usedAt?: number;
}

/** Twenty browsers of ten users, each with five tabs, on two servers. Time passes in steps. */
export class World {
  readonly counts = { visits: 0, logins: 0, logouts: 0, expired: 0, thefts: 0 };
  private readonly browsers: readonly Browser[];
  private readonly random: Random;
  private readonly pauses = new Map<Browser, number>();
  private stolen: StolenToken[] = [];

  /** @param seed - What is decided at random is the same for the same seed. */
  constructor(
    private readonly servers: ServerPair,
    private readonly records: AgeingRedis,
    private readonly kind: Kind,
    private readonly options: ServerOptions,
    seed: number,
  ) {
    this.random = new Random(seed);
    const browserOf = (_: unknown, index: number) =>
      new Browser(servers, kind, `${kind}-${index % (BROWSERS / 2)}`, this.random);
    this.browsers = Array.from({ length: BROWSERS }, browserOf);
  }

  /** @param step - Seconds. */
  async live(seconds: number, step: number): Promise<void> {
    await Promise.all(this.browsers.map((browser) => this.logIn(browser)));
    for (let passed = 0; passed < seconds; passed += step) {
      await Promise.all([this.servers.advance(step), this.records.age(step)]);
      await Promise.all(this.browsers.map((browser) => this.use(browser)));
      if (this.kind === 'refreshing') await this.steal();
    }
  }

  async logOutAll(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => browser.logOut()));
  }

  private async logIn(browser: Browser): Promise<void> {
    await browser.logIn();
    this.counts.logins += 1;
  }

  private async use(browser: Browser): Promise<void> {
    const isOver = this.servers.now >= (browser.loginAt ?? 0) + this.lifetime * 1000;
    const tabs = this.tabsOf(browser, isOver);
    this.counts.visits += tabs;
    const outcomes = await Promise.all(Array.from({ length: tabs }, () => browser.visit()));
    for (const outcome of outcomes) expect(outcome, browser.complaints.join('\n')).to.equal(isOver ? 'out' : 'in');
    if (isOver) {
      this.counts.expired += 1;
      await this.logIn(browser);
    } else if (this.random.happens(0.02)) {
      await this.logOutAndIn(browser);
    }
  }

  /** Returns how many tabs are used in this step: in the end each browser is. */
  private tabsOf(browser: Browser, isOver: boolean): number {
    const random = Array.from({ length: TABS }, () => this.random.happens(0.18)).filter(Boolean).length;
    const pause = this.pauses.get(browser) ?? 0;
    const tabs = random === 0 && (isOver || pause >= LONGEST_PAUSE) ? 1 : random;
    this.pauses.set(browser, tabs === 0 ? pause + 1 : 0);
    return tabs;
  }

  /** What the browser had before is worth nothing afterwards. */
  private async logOutAndIn(browser: Browser): Promise<void> {
    const { accessToken, refreshToken } = browser;
    await browser.logOut();
    this.counts.logouts += 1;
    if (accessToken) expect(await this.pageWith(accessToken)).to.equal('401 token_revoked');
    if (refreshToken) expect(await this.refreshWith(refreshToken)).to.equal('400 invalid_grant');
    await this.logIn(browser);
  }

  /** Copies refresh tokens, and uses them once their owners have used them, later than the leeway. */
  private async steal(): Promise<void> {
    const now = this.servers.now;
    for (const browser of this.browsers) {
      const token = browser.refreshToken;
      if (token && this.random.happens(0.02)) this.stolen.push({ owner: browser, token });
    }
    for (const one of this.stolen) {
      if (one.owner.refreshToken !== one.token) one.usedAt ??= now;
    }
    const isDue = ({ usedAt = now }: StolenToken) => now - usedAt > this.options.refreshLeeway * 1000;
    const due = this.stolen.filter(isDue);
    this.stolen = this.stolen.filter((one) => !isDue(one));
    for (const one of due) await this.useStolen(one);
  }

  /** Its session ends, for the owner too. */
  private async useStolen({ owner, token }: StolenToken): Promise<void> {
    const isInUse = owner.refreshToken !== undefined && sessionOf(owner.refreshToken) === sessionOf(token);
    expect(await this.refreshWith(token)).to.equal('400 invalid_grant');
    if (!isInUse) return;
    this.counts.thefts += 1;
    expect(await owner.visit(), 'the owner of a stolen token').to.equal('out');
    await this.logIn(owner);
  }

  private async pageWith(token: string): Promise<string> {
    const { status, body } = await this.servers.send(this.kind, { path: '/me', headers: bearer(token) });
    return `${status} ${body.code}`;
  }

  private async refreshWith(token: string): Promise<string> {
    const fields = { grant_type: 'refresh_token', refresh_token: token };
    const { status, body } = await this.servers.send(this.kind, { method: 'POST', path: '/token', fields });
    return `${status} ${body.error}`;
  }

  /** How long a login lasts at most, in seconds. */
  private get lifetime(): number {
    return this.kind === 'sliding' ? this.options.slidingExpiry : this.options.refreshExpiry;
  }
}

function sessionOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sid;
}
