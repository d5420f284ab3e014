type Values = (string | null)[];

interface Check {
  readonly values: Promise<Values>;
  /** Milliseconds of the clock. */
  readonly askedAt: number;
}

/**
 * Bounds what is kept, whoever asks: owners, and checks of one owner, which are about as many as their tokens in use. What
 * is full is emptied, because nothing of it lasts long.
 */
const MOST_OWNERS = 10_000;
const MOST_CHECKS = 10;

/** Shares the answers of a store between equal checks, for a short while after it was asked. */
export class CheckCache {
  private readonly owners = new Map<string, Map<string, Check>>();

  /**
   * @param lifetime - Milliseconds, from when the store is asked.
   * @param now - Milliseconds of a monotonic clock.
   */
  constructor(
    private readonly lifetime: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Returns what the store answered to the same check, or is about to answer; asks it otherwise. */
  get(owner: string, names: readonly string[], ask: () => Promise<Values>): Promise<Values> {
    const checks = this.checksOf(owner);
    const key = names.join(' ');
    const known = checks.get(key);
    const now = this.now();
    if (known && now - known.askedAt < this.lifetime) return known.values;
    if (checks.size >= MOST_CHECKS) checks.clear();
    const check: Check = { values: ask(), askedAt: now };
    checks.set(key, check);
    check.values.catch(() => checks.get(key) === check && checks.delete(key));
    return check.values;
  }

  /** Forgets the checks of an owner, those that are under way too: they may have read what was there before. */
  forget(owner: string): void {
    this.owners.delete(owner);
  }

  private checksOf(owner: string): Map<string, Check> {
    const known = this.owners.get(owner);
    if (known) return known;
    if (this.owners.size >= MOST_OWNERS) this.owners.clear();
    const checks = new Map<string, Check>();
    this.owners.set(owner, checks);
    return checks;
  }
}
