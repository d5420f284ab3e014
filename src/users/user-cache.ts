import { LRUCache } from 'lru-cache';
import type { Clock } from '../util/clock';
import { type Awaitable, isPromiseLike } from '../util/maybe-promise';
import type { LoaderContext, UserSource } from './dependency';

/** The loader can tell a number from its digits, so they are users of their own. */
type Subject = string | number;

interface Entry {
  readonly user: NonNullable<unknown>;
  /** Milliseconds since the epoch. */
  readonly loadedAt: number;
}

/**
 * Shares users between requests for a while: until then a change in the database is not seen. Concurrent loads of one
 * subject are one call. Nobody, and errors, are not kept.
 */
export class UserCache implements UserSource {
  private readonly users: LRUCache<Subject, Entry>;
  private readonly loading = new Map<Subject, Promise<unknown>>();

  /** @param limits - `maxAge` in milliseconds. */
  constructor(
    private readonly loader: UserSource,
    private readonly limits: { readonly max: number; readonly maxAge: number },
    private readonly clock: Clock,
  ) {
    this.users = new LRUCache({ max: limits.max });
  }

  load(context: LoaderContext): Awaitable<unknown> {
    const subject = context.payload.sub;
    const entry = this.users.get(subject);
    if (entry && Math.abs(this.clock() - entry.loadedAt) < this.limits.maxAge) return entry.user;
    return this.loading.get(subject) ?? this.loadNow(subject, context);
  }

  /** However the token spells the subject. */
  forget(sub: Subject): void {
    for (const subject of [String(sub), Number(sub)]) {
      this.users.delete(subject);
      this.loading.delete(subject); // what is under way was asked for before
    }
  }

  private loadNow(subject: Subject, context: LoaderContext): Awaitable<unknown> {
    const loaded = this.loader.load(context);
    if (!isPromiseLike(loaded)) return this.keep(subject, loaded);
    const promise: Promise<unknown> = Promise.resolve(loaded)
      .then((user) => (this.loading.get(subject) === promise ? this.keep(subject, user) : user))
      .finally(() => {
        if (this.loading.get(subject) === promise) this.loading.delete(subject);
      });
    this.loading.set(subject, promise);
    return promise;
  }

  private keep(subject: Subject, user: unknown): unknown {
    if (user) this.users.set(subject, { user, loadedAt: this.clock() });
    return user;
  }
}
