import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import type { SessionStore, StoredRecord } from '../../src/sessions/stores/session-store';

/** A store that can be told to fail, and that counts what it is asked. */
export class MoodyStore implements SessionStore {
  /** What each call does instead, as long as this is set. */
  mood: ((method: string) => unknown) | undefined;
  calls = 0;

  constructor(
    private readonly store: Required<Omit<SessionStore, 'check' | 'publish' | 'subscribe'>> = new MemorySessionStore(),
  ) {}

  read(owner: string, names: readonly string[]): Promise<(string | null)[]> {
    return this.answer('read', () => this.store.read(owner, names));
  }

  write(owner: string, name: string, expected: string | null, value: string | null, ttl: number): Promise<boolean> {
    return this.answer('write', () => this.store.write(owner, name, expected, value, ttl));
  }

  age(owner: string, name: string): Promise<number | null> {
    return this.answer('age', () => this.store.age(owner, name));
  }

  list(owner: string): Promise<StoredRecord[]> {
    return this.answer('list', () => this.store.list(owner));
  }

  private answer<T>(method: string, ask: () => Promise<T>): Promise<T> {
    this.calls++;
    return this.mood ? (this.mood(method) as Promise<T>) : ask();
  }
}

/** The ways in which a store fails. */
export const failures: Record<string, () => unknown> = {
  rejects: () => Promise.reject(new Error('The database is down')),
  'rejects with nothing': () => Promise.reject(),
  'throws synchronously': () => {
    throw new Error('The client is closed');
  },
  'never answers': () => new Promise(() => {}),
  'answers late, and rejects then': () =>
    new Promise((_, reject) => setTimeout(reject, 2 * STORE_TIMEOUT, new Error('Too late'))),
  'answers with NaN': () => Promise.resolve(Number.NaN),
  'answers nothing': () => Promise.resolve(null),
  'answers undefined': () => Promise.resolve(undefined),
  'answers with text': () => Promise.resolve('OK'),
  'answers too few': () => Promise.resolve([]),
  'answers too many': () => Promise.resolve([null, null, null, null, null]),
  'answers with numbers': () => Promise.resolve([1, 2, 3]),
  'answers with holes': () => Promise.resolve([null, undefined, null]),
  'answers with an object': () => Promise.resolve({ length: 3, 0: null, 1: null, 2: null }),
};

/** How long the managers of these specs wait for their store, in milliseconds. */
export const STORE_TIMEOUT = 50;
