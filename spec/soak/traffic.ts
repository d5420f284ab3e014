import { Browser } from '../sessions/system/browser';
import type { FlakyProxy } from '../sessions/system/flaky-proxy';
import type { Kind, ServerPair } from '../sessions/system/server-pair';
import { bearer } from '../support/http';
import type { Random } from '../support/random';
import type { RedisServer } from '../support/redis-server';
import { forge } from '../support/tokens';

const KINDS: readonly Kind[] = ['sliding', 'refreshing'];
const BROWSERS = 8;

/** Milliseconds between the requests of one who sends them. */
const PAUSE = 15;

/** How long after a fault 503 is still an answer that was to be expected, in milliseconds. */
const AFTERMATH = 3000;

export const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Traffic of every kind, until it is told to pause. Whatever is answered otherwise than it should be is noted. */
export class Traffic {
  /** How many answers there were, by what was done and the status. */
  readonly counts: Record<string, number> = {};
  readonly unexplained: string[] = [];
  faults = 0;
  private faultyUntil = 0;
  private nextFaultAt = 0;
  private isPaused = false;
  private workers: Promise<unknown>[] = [];
  private readonly ended: { kind: Kind; token: string }[] = [];
  private logins = 0;

  constructor(
    private readonly servers: ServerPair,
    private readonly redis: RedisServer,
    private readonly proxy: FlakyProxy,
    private readonly random: Random,
  ) {
    servers.onAnswer = ({ status, milliseconds, cookies }, { path }) => {
      const isRenewal = path === '/me' && status === 200 && cookies.length > 0;
      this.note(isRenewal ? `${path}, renewed,` : path.replace(/\?.*/, ''), status, milliseconds);
    };
  }

  resume(): void {
    this.isPaused = false;
    const browsers = KINDS.flatMap((kind) =>
      Array.from({ length: BROWSERS }, () => this.repeat(() => this.browse(kind))),
    );
    const others = [
      () => this.forge(),
      () => this.intrude(),
      () => this.abort(),
      () => this.fail(),
      () => this.letTimePass(),
    ];
    this.workers = [...browsers, ...others.map((act) => this.repeat(act))];
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    await Promise.all(this.workers);
  }

  private async repeat(act: () => Promise<unknown>): Promise<void> {
    while (!this.isPaused) {
      await act().catch((error) => this.unexplained.push(String(error)));
      await wait(PAUSE);
    }
  }

  private note(what: string, status: number, milliseconds: number): void {
    const name = `${what} ${status}`;
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    if (status === 503 && Date.now() > this.faultyUntil) {
      const since = Date.now() - this.faultyUntil;
      this.unexplained.push(`${name} after ${Math.round(milliseconds)} ms, ${since} ms after the last fault`);
    }
    if (![200, 400, 401, 503].includes(status)) this.unexplained.push(name);
  }

  /** A login of somebody new, some pages, and mostly a logout. */
  private async browse(kind: Kind): Promise<void> {
    const browser = new Browser(this.servers, kind, `user-${this.logins++}`, this.random);
    await browser.logIn();
    const visits = 20 + this.random.below(200);
    for (let visit = 0; visit < visits && !this.isPaused; visit++) {
      if ((await browser.visit()) === 'out') this.unexplained.push(`logged out: ${browser.complaints.join(', ')}`);
      await wait(PAUSE);
    }
    const { accessToken, refreshToken } = browser;
    if (this.random.happens(0.2)) return;
    await browser.logOut();
    for (const token of [accessToken, refreshToken]) if (token) this.ended.push({ kind, token });
    this.ended.splice(0, this.ended.length - 100);
  }

  /** Tokens that nobody was given. */
  private async forge(): Promise<void> {
    const payload = { sub: `user-${this.random.below(100)}`, exp: 4e9, jti: `${this.random.next()}` };
    const token = this.random.pick([
      forge({ payload, key: `a secret of forty bytes, made by somebody.${this.random.next()}` }),
      forge({ payload, header: { alg: 'none' } }),
      'x'.repeat(this.random.below(3000)),
    ]);
    await this.expectRefused(this.random.pick(KINDS), token, [401]);
  }

  /** Tokens of sessions that have ended. */
  private async intrude(): Promise<void> {
    if (this.ended.length === 0) return;
    const { kind, token } = this.random.pick(this.ended);
    await this.expectRefused(kind, token, [401, 503]);
    if (kind === 'sliding') return;
    const fields = { grant_type: 'refresh_token', refresh_token: token };
    const { status } = await this.servers.send(kind, { method: 'POST', path: '/token', fields });
    if (status !== 400 && status !== 503) this.unexplained.push(`a refresh of a session that has ended: ${status}`);
  }

  private async expectRefused(kind: Kind, token: string, statuses: readonly number[]): Promise<void> {
    const { status } = await this.servers.send(kind, { path: '/me', headers: bearer(token) });
    if (!statuses.includes(status)) this.unexplained.push(`a bad token: ${status}`);
  }

  /** Requests that end in their middle. */
  private async abort(): Promise<void> {
    const kind = this.random.pick(KINDS);
    const head =
      'POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\n';
    const text = `${head}grant_type=password&username=ada`;
    await this.servers.abort(kind, this.random.below(2), text.slice(0, 1 + this.random.below(text.length)));
    this.counts.aborted = (this.counts.aborted ?? 0) + 1;
  }

  /** Every few seconds Redis stands still for a while, or connections are cut, in turn. */
  private async fail(): Promise<void> {
    if (Date.now() < this.nextFaultAt) return;
    this.faults += 1;
    this.faultyUntil = Number.POSITIVE_INFINITY;
    if (this.faults % 2 === 0) {
      this.redis.pause();
      await wait(200 + this.random.below(1500));
      this.redis.resume();
    } else {
      this.proxy.cutsAnswers = () => this.random.happens(0.3);
      await wait(1000);
      this.proxy.cutsAnswers = () => false;
    }
    this.faultyUntil = Date.now() + AFTERMATH;
    this.nextFaultAt = Date.now() + 4000 + this.random.below(6000);
  }

  private async letTimePass(): Promise<void> {
    const before = Date.now();
    await wait(200);
    await this.servers.advance((Date.now() - before) / 1000);
  }
}
