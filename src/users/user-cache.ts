import { LRUCache } from 'lru-cache';
import { foreignIssuerOf } from '../jwt/issuers/foreign-issuer';
import type { TokenPayload } from '../jwt/token-payload';
import type { Clock } from '../util/clock';
import { type Awaitable, isPromiseLike } from '../util/maybe-promise';
import { LONGEST_TIMER } from '../util/with-timeout';
import type { LoaderContext, UserSource } from './dependency';

/** The loader can tell a number from its digits, so they are different users. */
type Subject = string | number;

interface Entry {
  readonly user: NonNullable<unknown>;
  /** Milliseconds since the epoch. */
  readonly loadedAt: number;
}

/** A call of the loader that has not settled. */
interface PendingLoad {
  readonly user: Promise<unknown>;
  /** Resolves after `maxAge`, whether the loader has answered or not. */
  readonly timeout: Promise<typeof TIMED_OUT>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

const TIMED_OUT = Symbol('timed out');

/**
 * Shares users between requests for `maxAge`: until then a change in the database is not seen. Concurrent loads of one
 * subject are one call. Unknown users and errors are not cached. A load that does not settle is given up by all others
 * after `maxAge`.
 */
export class UserCache implements UserSource {
  private readonly users: LRUCache<Subject, Entry>;
  private readonly pending = new Map<Subject, PendingLoad>();
  /** Other issuers whose users have been loaded. */
  private readonly issuers = new Set<string>();

  /** @param limits - `maxAge` in milliseconds. */
  constructor(
    private readonly loader: UserSource,
    private readonly limits: { readonly max: number; readonly maxAge: number },
    private readonly clock: Clock,
  ) {
    this.users = new LRUCache({ max: limits.max });
  }

  load(context: LoaderContext): Awaitable<unknown> {
    const subject = this.keyOf(context.payload);
    const entry = this.users.get(subject);
    if (entry && this.isFresh(entry.loadedAt)) return entry.user;
    const pending = this.pending.get(subject);
    if (pending && this.isFresh(pending.startedAt)) return this.join(pending, context);
    return this.startLoad(subject, context);
  }

  reload(context: LoaderContext): Awaitable<unknown> {
    this.forget(context.payload.sub);
    return this.load(context);
  }

  /** Forgets a user of any issuer, whether the token has the subject as a string or as a number. */
  forget(sub: Subject): void {
    const subjects = [String(sub), Number(sub)];
    const foreign = [...this.issuers].flatMap((issuer) => subjects.map((subject) => foreignKey(issuer, subject)));
    for (const subject of [...subjects.map(ownKey), ...foreign]) {
      this.users.delete(subject);
      this.pending.delete(subject); // a pending load may have read the old state
    }
  }

  /** Forgets all users, and what pending loads will find. */
  clear(): void {
    this.users.clear();
    this.pending.clear();
  }

  /** Equal subjects of two issuers are two users. */
  private keyOf(payload: TokenPayload): Subject {
    const issuer = foreignIssuerOf(payload);
    if (issuer === undefined) return ownKey(payload.sub);
    this.issuers.add(issuer);
    return foreignKey(issuer, payload.sub);
  }

  /** False if the clock gives no number, and if it was set back by more than `maxAge`. */
  private isFresh(since: number): boolean {
    return Math.abs(this.clock() - since) < this.limits.maxAge;
  }

  /** Waits for the load of another request; after `maxAge` the user is loaded anew. */
  private async join(pending: PendingLoad, context: LoaderContext): Promise<unknown> {
    const result = await Promise.race([pending.user, pending.timeout]);
    return result === TIMED_OUT ? this.load(context) : result;
  }

  private startLoad(subject: Subject, context: LoaderContext): Awaitable<unknown> {
    const loaded = this.loader.load(context);
    if (!isPromiseLike(loaded)) return this.keep(subject, loaded);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<typeof TIMED_OUT>((resolve) => {
      timer = setTimeout(
        () => {
          finish();
          resolve(TIMED_OUT);
        },
        Math.min(this.limits.maxAge, LONGEST_TIMER),
      ).unref();
    });
    const finish = () => {
      clearTimeout(timer);
      if (this.pending.get(subject) === load) this.pending.delete(subject);
    };
    const user = Promise.resolve(loaded)
      .then((found) => (this.pending.get(subject) === load ? this.keep(subject, found) : found))
      .finally(finish);
    const load: PendingLoad = { user, timeout, startedAt: this.clock() };
    this.pending.set(subject, load);
    return user;
  }

  private keep(subject: Subject, user: unknown): unknown {
    if (user) this.users.set(subject, { user, loadedAt: this.clock() });
    return user;
  }
}

/** A subject as it is, unless it looks like the key of another one. */
function ownKey(sub: Subject): Subject {
  return typeof sub === 'string' && sub.startsWith('\0') ? `\0own ${sub}` : sub;
}

function foreignKey(issuer: string, sub: Subject): string {
  return `\0${JSON.stringify([issuer, sub])}`;
}
