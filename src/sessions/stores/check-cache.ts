import type { Awaitable } from '../../util/maybe-promise';

type Values = (string | null)[];

interface Check {
  /** A promise while the store is asked. */
  values: Awaitable<Values>;
  /** Milliseconds of the clock. */
  readonly askedAt: number;
}

/** Bounds what is kept. With one more, all that is kept is dropped: none of it lasts long anyway. */
const MOST_CHECKS = 10_000;

/** Shares the answers of a store between equal checks, for a short while after it was asked. */
export class CheckCache {
  private readonly owners = new Map<string, Map<string, Check>>();
  private size = 0;

  /**
   * @param lifetime - Milliseconds, from when the store is asked.
   * @param now - Milliseconds of a monotonic clock.
   */
  constructor(
    private readonly lifetime: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Returns what the store answered to the same check, or a promise of what it is about to answer; asks it otherwise. */
  get(owner: string, names: readonly string[], ask: () => Promise<Values>): Awaitable<Values> {
    const key = names.join(' ');
    const known = this.owners.get(owner)?.get(key);
    const now = this.now();
    if (known && now - known.askedAt < this.lifetime) return known.values;
    const asked = ask();
    const check: Check = { values: asked, askedAt: now };
    const checks = this.add(owner, key, check);
    asked.then(
      (values) => {
        check.values = values;
      },
      () => {
        if (checks.get(key) === check) this.forget(owner);
      },
    );
    return asked;
  }

  /** Forgets the checks of an owner, those that are under way too: they may have read what was there before. */
  forget(owner: string): void {
    this.size -= this.owners.get(owner)?.size ?? 0;
    this.owners.delete(owner);
  }

  private add(owner: string, key: string, check: Check): Map<string, Check> {
    if (this.size >= MOST_CHECKS) {
      this.owners.clear();
      this.size = 0;
    }
    const checks = this.owners.get(owner) ?? new Map<string, Check>();
    this.size -= checks.size;
    this.owners.set(owner, checks.set(key, check));
    this.size += checks.size;
    return checks;
  }
}
