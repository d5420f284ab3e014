import { MemoryRevocationStore } from '../../src/sessions/memory-revocation-store';
import type { RevocationStore } from '../../src/sessions/revocation-store';

/** A store that can be told to fail, and that counts what it is asked. */
export class MoodyStore implements RevocationStore {
  /** What each call does instead, as long as this is set. */
  mood: (() => unknown) | undefined;
  calls = 0;

  constructor(private readonly store: RevocationStore = new MemoryRevocationStore()) {}

  revoke(id: string, at: number, expiresAt: number): Promise<boolean> {
    this.calls++;
    return (this.mood?.() as Promise<boolean> | undefined) ?? this.store.revoke(id, at, expiresAt);
  }

  revokedAt(ids: string[]): Promise<(number | null)[]> {
    this.calls++;
    return (this.mood?.() as Promise<(number | null)[]> | undefined) ?? this.store.revokedAt(ids);
  }
}

/** The ways in which a store fails. */
export const failures: Record<string, () => unknown> = {
  rejects: () => Promise.reject(new Error('The database is down')),
  'throws synchronously': () => {
    throw new Error('The client is closed');
  },
  'never answers': () => new Promise(() => {}),
  'answers late, and rejects then': () =>
    new Promise((_, reject) => setTimeout(reject, 2 * STORE_TIMEOUT, new Error('Too late'))),
  'answers nothing': () => Promise.resolve(null),
  'answers with text': () => Promise.resolve('OK'),
  'answers too few': () => Promise.resolve([]),
  'answers too many': () => Promise.resolve([null, null, null, null]),
  'answers with no times': () => Promise.resolve(['1', null, null]),
  'answers with NaN': () => Promise.resolve([null, Number.NaN, null]),
  'answers with holes': () => Promise.resolve([null, undefined, null]),
  'answers with an object': () => Promise.resolve({ length: 3, 0: null, 1: null, 2: null }),
};

/** How long the managers of these specs wait for their store, in milliseconds. */
export const STORE_TIMEOUT = 50;
