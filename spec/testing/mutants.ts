import type { SessionStore, StoredRecord } from '../../src/sessions/stores/session-store';

interface Entry {
  value: string;
  writtenAt: number;
  expiresAt: number;
}

/** A right store in pieces, each of which a mutant can get wrong. */
class Store implements SessionStore {
  constructor(protected readonly entries = new Map<string, Entry>()) {}

  async read(owner: string, names: readonly string[]): Promise<(string | null)[]> {
    return names.map((name) => this.valueOf(owner, name));
  }

  async write(
    owner: string,
    name: string,
    expected: string | null,
    value: string | null,
    ttl: number,
  ): Promise<boolean> {
    if (!this.isExpected(this.valueOf(owner, name), expected, value)) return false;
    this.put(owner, name, value, ttl);
    return true;
  }

  async age(owner: string, name: string): Promise<number | null> {
    const entry = this.live(owner, name);
    return entry ? performance.now() - entry.writtenAt : null;
  }

  async list(owner: string): Promise<StoredRecord[]> {
    const start = this.key(owner, '');
    return [...this.entries]
      .filter(([key, entry]) => key.startsWith(start) && this.isLive(entry))
      .map(([key, { value }]) => ({ name: key.slice(start.length), value }));
  }

  protected isExpected(found: string | null, expected: string | null, _value: string | null): boolean {
    return found === expected;
  }

  protected put(owner: string, name: string, value: string | null, ttl: number): void {
    if (value === null) this.entries.delete(this.key(owner, name));
    else this.entries.set(this.key(owner, name), this.entryOf(value, ttl));
  }

  protected entryOf(value: string, ttl: number): Entry {
    return { value, writtenAt: performance.now(), expiresAt: Date.now() + ttl };
  }

  protected valueOf(owner: string, name: string): string | null {
    return this.live(owner, name)?.value ?? null;
  }

  protected live(owner: string, name: string): Entry | undefined {
    const entry = this.entries.get(this.key(owner, name));
    return entry && this.isLive(entry) ? entry : undefined;
  }

  protected isLive({ expiresAt }: Entry): boolean {
    return expiresAt > Date.now();
  }

  protected key(owner: string, name: string): string {
    return `${owner} ${name}`;
  }
}

/** A question and a write where one step would be atomic: what another caller does in between is lost. */
class InTwoSteps extends Store {
  /** @param isUnsafe - For which writes. */
  constructor(private readonly isUnsafe: (expected: string | null, value: string | null) => boolean = () => true) {
    super();
  }

  override async write(owner: string, name: string, expected: string | null, value: string | null, ttl: number) {
    if (!this.isUnsafe(expected, value)) return super.write(owner, name, expected, value, ttl);
    const found = this.valueOf(owner, name);
    await new Promise((resolve) => setImmediate(resolve));
    if (found !== expected) return false;
    this.put(owner, name, value, ttl);
    return true;
  }
}

/** For each case of the contract, by its title, a store with just that fault. */
export const mutants: Record<string, () => SessionStore> = {
  'reads null for a record that is absent': () =>
    new (class extends Store {
      override async read(owner: string, names: readonly string[]) {
        return names.map((name) => this.valueOf(owner, name) ?? '');
      }
    })(),
  'writes a record that is absent, and reads it': () =>
    new (class extends Store {
      override async write(owner: string, name: string, expected: string | null, value: string | null, ttl: number) {
        return expected !== null && super.write(owner, name, expected, value, ttl); // UPDATE … alone
      }
    })(),
  'reads records in the order of their names, repeated ones too': () =>
    new (class extends Store {
      override async read(owner: string, names: readonly string[]) {
        return super.read(owner, [...new Set(names)].sort()); // WHERE name IN (…)
      }
    })(),
  'replaces a record that has the expected value': () =>
    new (class extends Store {
      protected override isExpected(found: string | null, expected: string | null) {
        return found === null && expected === null; // INSERT … ON CONFLICT DO NOTHING alone
      }
    })(),
  'leaves a record alone that has another value than the expected one': () =>
    new (class extends Store {
      protected override isExpected(found: string | null, expected: string | null) {
        return (found === null) === (expected === null);
      }
    })(),
  'writes nothing over an absent record if a value is expected': () =>
    new (class extends Store {
      protected override isExpected(found: string | null, expected: string | null, value: string | null) {
        return found === expected || (found === null && value !== null);
      }
    })(),
  'replaces a record by the same value': () =>
    new (class extends Store {
      protected override isExpected(found: string | null, expected: string | null, value: string | null) {
        return found === expected && found !== value; // "rows changed" of MySQL
      }
    })(),
  'removes a record, which is absent then': () =>
    new (class extends Store {
      protected override isExpected(found: string | null, expected: string | null, value: string | null) {
        return value === null ? found !== null : found === expected; // DELETE without the value
      }
    })(),
  'lets exactly one of a hundred concurrent callers create a record': () =>
    new InTwoSteps((expected) => expected === null),
  'lets exactly one of a hundred concurrent callers replace a record': () =>
    new InTwoSteps((expected, value) => expected !== null && value !== null),
  'lets exactly one of a hundred concurrent callers remove a record': () =>
    new InTwoSteps((_, value) => value === null),
  'forgets a record when its time has passed, and takes a new one': () =>
    new (class extends Store {
      protected override isExpected(found: string | null, expected: string | null, value: string | null) {
        // An expired row is still in the way of an INSERT.
        return super.isExpected(found, expected, value) && !(expected === null && this.entries.size > 0);
      }
    })(),
  'keeps a record for as long as it was last written for': () =>
    new (class extends Store {
      protected override put(owner: string, name: string, value: string | null, ttl: number) {
        const { expiresAt } = this.live(owner, name) ?? {};
        super.put(owner, name, value, ttl);
        const entry = this.live(owner, name);
        if (entry && expiresAt !== undefined) entry.expiresAt = expiresAt;
      }
    })(),
  'keeps a record for a year': () =>
    new (class extends Store {
      protected override entryOf(value: string, ttl: number) {
        return super.entryOf(value, ttl > 2 ** 31 - 1 ? 0 : ttl); // a timer of Node's fires at once
      }
    })(),
  'keeps the records of owners apart': () =>
    new (class extends Store {
      protected override key(owner: string, name: string) {
        return `${owner.slice(0, 21)} ${name}`;
      }
    })(),
  'keeps values of 2,000 characters, with quotes, line ends and colons, as they are': () =>
    new (class extends Store {
      protected override entryOf(value: string, ttl: number) {
        return super.entryOf(value.slice(0, 1000), ttl);
      }
    })(),
  'keeps names of 100 characters apart': () =>
    new (class extends Store {
      protected override key(owner: string, name: string) {
        return super.key(owner, name.slice(0, 64)); // VARCHAR(64)
      }
    })(),
  'says how long ago a record was written, and null for an absent one': () =>
    new (class extends Store {
      override async age(owner: string, name: string) {
        const age = await super.age(owner, name);
        return age === null ? null : age / 1000; // seconds
      }
    })(),
  'lists the live records of an owner, if it can list': () =>
    new (class extends Store {
      override async list(owner: string) {
        const start = this.key(owner, '');
        const all = [...this.entries].filter(([key]) => key.startsWith(start));
        return all.map(([key, { value }]) => ({ name: key.slice(start.length), value })); // expired ones too
      }
    })(),
  'rejects if the database cannot be reached': () =>
    new (class extends Store {
      override async read(_owner: string, names: readonly string[]) {
        return names.map(() => null);
      }
    })(),
  'shows each client what the others have written': () => new Store(),
  'lets exactly one of a hundred callers on two clients create a record': () => new Store(),
};

/** What only one case can tell from a right store: how values are kept, by the fault. */
export const valueFaults: Record<string, (value: string) => string> = {
  'cuts them': (value) => value.slice(0, 255),
  'trims them': (value) => value.trim(),
  'ends them at a line end': (value) => value.split('\n')[0] as string,
  'ends them at a colon': (value) => value.split(':')[0] as string,
  'keeps ASCII alone': (value) => value.replace(/[^\x20-\x7e\n]/g, '?'),
  'escapes quotes': (value) => value.replace(/'/g, "''"),
  'unescapes backslashes': (value) => value.replace(/\\n/g, '\n'),
};

export function storeOfValues(fault: (value: string) => string): SessionStore {
  return new (class extends Store {
    protected override entryOf(value: string, ttl: number) {
      return super.entryOf(fault(value), ttl);
    }
  })();
}

/** Ages that are wrong, by the fault. */
export const ageFaults: Record<string, (age: number | null) => number | null> = {
  'is always 0': () => 0,
  'is that of an absent record too': (age) => age ?? 50,
  'is negative': (age) => age && -age,
  'is in microseconds': (age) => age && age * 1000,
  'is a time and no age': (age) => age && Date.now() - age,
};

export function storeOfAges(fault: (age: number | null) => number | null): SessionStore {
  return new (class extends Store {
    override async age(owner: string, name: string) {
      return fault(await super.age(owner, name));
    }
  })();
}

/** As it should be; `entries` are shared by the clients of one database. */
export const rightStore = (entries?: Map<string, Entry>): SessionStore => new Store(entries);
