import type { SessionStore } from '../../src/sessions/stores/session-store';

interface Entry {
  at: number;
  expiresAt: number;
}

/** A right store in pieces, each of which a mutant can get wrong. */
class Store implements SessionStore {
  protected readonly entries = new Map<string, Entry>();

  async revoke(id: string, at: number, expiresAt: number): Promise<boolean> {
    const known = this.live(id);
    this.keep(id, this.merged({ at, expiresAt }, known));
    return known === undefined;
  }

  async revokedAt(ids: string[]): Promise<(number | null)[]> {
    return ids.map((id) => this.live(id)?.at ?? null);
  }

  protected live(id: string): Entry | undefined {
    const entry = this.entries.get(this.key(id));
    return entry && this.isLive(entry) ? entry : undefined;
  }

  protected keep(id: string, entry: Entry): void {
    this.entries.set(this.key(id), entry);
  }

  protected merged(entry: Entry, known: Entry | undefined): Entry {
    if (!known) return entry;
    return { at: Math.max(entry.at, known.at), expiresAt: Math.max(entry.expiresAt, known.expiresAt) };
  }

  protected isLive({ expiresAt }: Entry): boolean {
    return expiresAt > Date.now();
  }

  protected key(id: string): string {
    return id;
  }
}

/** Two questions to the database where one would be atomic: what another caller does in between is lost. */
class InTwoSteps extends Store {
  override async revoke(id: string, at: number, expiresAt: number): Promise<boolean> {
    const known = this.live(id);
    await new Promise((resolve) => setImmediate(resolve));
    this.keep(id, this.merged({ at, expiresAt }, known));
    return known === undefined;
  }
}

/** For each case of the contract, by its title, a store with just that fault. */
export const mutants: Record<string, () => SessionStore> = {
  'knows nothing of an id that was not revoked': () =>
    new (class extends Store {
      override async revokedAt(ids: string[]) {
        return ids.map((id) => this.live(id)?.at ?? 0);
      }
    })(),
  'tells when an id was revoked': () =>
    new (class extends Store {
      override async revokedAt(ids: string[]) {
        return ids.map((id) => (this.live(id) ? Date.now() + 1 : null));
      }
    })(),
  'answers true to the first of two, and false to the second': () =>
    new (class extends Store {
      override async revoke(id: string, at: number, expiresAt: number) {
        await super.revoke(id, at, expiresAt);
        return true;
      }
    })(),
  'answers true to exactly one of a hundred at once': () => new InTwoSteps(),
  'keeps the later time, whatever the order': () =>
    new (class extends Store {
      protected override merged(entry: Entry, known: Entry | undefined) {
        return { ...super.merged(entry, known), at: entry.at };
      }
    })(),
  'keeps the latest of a hundred times at once': () =>
    new (class extends InTwoSteps {
      private readonly seen = new Set<string>();
      override async revoke(id: string, at: number, expiresAt: number) {
        const isFirst = !this.seen.has(id); // whoever is first is right, but not what is kept
        this.seen.add(id);
        await super.revoke(id, at, expiresAt);
        return isFirst;
      }
    })(),
  'keeps the later expiry: a shorter one ends nothing': () =>
    new (class extends Store {
      protected override merged(entry: Entry, known: Entry | undefined) {
        return { ...super.merged(entry, known), expiresAt: entry.expiresAt };
      }
    })(),
  'keeps the later expiry: a longer one counts': () =>
    new (class extends Store {
      protected override merged(entry: Entry, known: Entry | undefined) {
        return { ...super.merged(entry, known), expiresAt: known?.expiresAt ?? entry.expiresAt };
      }
    })(),
  'forgets an entry when it expires, and is free again': () =>
    new (class extends Store {
      protected override isLive() {
        return true;
      }
    })(),
  'keeps times to the millisecond': () =>
    new (class extends Store {
      protected override keep(id: string, { at, expiresAt }: Entry) {
        super.keep(id, { at: at < 10_000 ? at : Math.floor(at / 1000) * 1000, expiresAt }); // a column of seconds
      }
    })(),
  'answers in the order of the ids, repeated ones too': () =>
    new (class extends Store {
      override async revokedAt(ids: string[]) {
        return super.revokedAt([...new Set(ids)]); // WHERE id IN (…)
      }
    })(),
  'answers no question with no answer': () =>
    new (class extends Store {
      override async revokedAt(ids: string[]) {
        if (ids.length === 0) throw new Error("wrong number of arguments for 'mget' command");
        return super.revokedAt(ids);
      }
    })(),
  'answers a thousand ids at once': () =>
    new (class extends Store {
      override async revokedAt(ids: string[]) {
        return [...(await super.revokedAt(ids.slice(0, 999))), ...ids.slice(999).map(() => null)]; // SQLite's limit once
      }
    })(),
  'takes long and odd ids, and mistakes none for another': () =>
    new (class extends Store {
      protected override key(id: string) {
        return id.slice(0, 255); // VARCHAR(255)
      }
    })(),
  'rejects where the database cannot be reached': () =>
    new (class extends Store {
      override async revoke() {
        return true;
      }
      override async revokedAt(ids: string[]) {
        return ids.map(() => null);
      }
    })(),
};

/** What only the case of odd ids can tell from a right store. */
export const oddities: Record<string, (id: string) => string> = {
  'without regard to case': (id) => id.toLowerCase(),
  trimmed: (id) => id.trim(),
  'as a pattern': (id) => id.replace(/[%*]/g, '_'),
  'in ASCII': (id) => id.replace(/[^\x20-\x7e]/g, '?'),
  'cut at a line break': (id) => id.split('\n')[0] as string,
  normalised: (id) => id.normalize(),
};

export function storeOfKeys(key: (id: string) => string): SessionStore {
  return new (class extends Store {
    protected override key(id: string) {
      return key(id);
    }
  })();
}

/** As it should be. */
export const rightStore = (): SessionStore => new Store();
