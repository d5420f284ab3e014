import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import type { RevocationStore } from '../sessions/revocation-store';

/** One case of a contract; `run` rejects where the store breaks it. */
export interface ContractCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

type Case = (store: RevocationStore, id: string) => Promise<void>;

const HOUR = 3_600_000;
const later = () => Date.now() + HOUR;

const cases: Record<string, Case> = {
  'knows nothing of an id that was not revoked': async (store, id) => {
    assert.deepEqual(await store.revokedAt([id]), [null]);
  },
  'tells when an id was revoked': async (store, id) => {
    const at = Date.now();
    assert.equal(await store.revoke(id, at, later()), true);
    assert.deepEqual(await store.revokedAt([id]), [at]);
  },
  'answers true to the first of two, and false to the second': async (store, id) => {
    assert.equal(await store.revoke(id, 1, later()), true);
    assert.equal(await store.revoke(id, 2, later()), false);
  },
  'answers true to exactly one of a hundred at once': async (store, id) => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => store.revoke(id, Date.now(), later())));
    assert.equal(answers.filter((answer) => answer === true).length, 1);
    assert.equal(answers.filter((answer) => answer === false).length, 99);
  },
  'keeps the later time, whatever the order': async (store, id) => {
    await store.revoke(id, 2000, later());
    await store.revoke(id, 1000, later());
    assert.deepEqual(await store.revokedAt([id]), [2000]);
    await store.revoke(id, 3000, later());
    assert.deepEqual(await store.revokedAt([id]), [3000]);
  },
  'keeps the latest of a hundred times at once': async (store, id) => {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => store.revoke(id, 1000 + ((index * 37) % 100), later())),
    );
    assert.deepEqual(await store.revokedAt([id]), [1099]);
  },
  'keeps the later expiry: a shorter one ends nothing': async (store, id) => {
    await store.revoke(id, 1000, later());
    await store.revoke(id, 1000, Date.now() + 1);
    await until(() => Date.now() + 50);
    assert.deepEqual(await store.revokedAt([id]), [1000]);
  },
  'keeps the later expiry: a longer one counts': async (store, id) => {
    await store.revoke(id, 1000, Date.now() + 100);
    await store.revoke(id, 1000, later());
    await until(() => Date.now() + 200);
    assert.deepEqual(await store.revokedAt([id]), [1000]);
  },
  'forgets an entry when it expires, and is free again': async (store, id) => {
    const expiresAt = Date.now() + 100;
    await store.revoke(id, 1000, expiresAt);
    await until(() => expiresAt + 50);
    assert.deepEqual(await store.revokedAt([id]), [null]);
    assert.equal(await store.revoke(id, 500, later()), true);
    assert.deepEqual(await store.revokedAt([id]), [500]);
  },
  'keeps times to the millisecond': async (store, id) => {
    const at = Math.floor(Date.now() / 1000) * 1000 + 123;
    await store.revoke(id, at, later());
    assert.deepEqual(await store.revokedAt([id]), [at]);
  },
  'answers in the order of the ids, repeated ones too': async (store, id) => {
    await store.revoke(`${id}-a`, 1, later());
    await store.revoke(`${id}-b`, 2, later());
    const ids = [`${id}-b`, `${id}-none`, `${id}-a`, `${id}-b`];
    assert.deepEqual(await store.revokedAt(ids), [2, null, 1, 2]);
  },
  'answers no question with no answer': async (store) => {
    assert.deepEqual(await store.revokedAt([]), []);
  },
  'answers a thousand ids at once': async (store, id) => {
    const ids = Array.from({ length: 1000 }, (_, index) => `${id}-${index}`);
    await Promise.all(ids.filter((_, index) => index % 2 === 1).map((one) => store.revoke(one, 7, later())));
    assert.deepEqual(
      await store.revokedAt(ids),
      ids.map((_, index) => (index % 2 === 1 ? 7 : null)),
    );
  },
  'takes long and odd ids, and mistakes none for another': async (store, id) => {
    const odd = [
      '',
      ' ',
      'a b',
      'ä€😀',
      'ö€😁',
      '\u00e9',
      'e\u0301',
      '%',
      '_',
      '*?[',
      "'; DROP TABLE x; --",
      '\n',
      '__proto__',
      'constructor',
      'A',
      'a',
      'x'.repeat(2000),
      `${'x'.repeat(2000)}y`,
    ];
    const ids = odd.map((text) => `${id}:${text}`);
    for (const [index, one] of ids.entries())
      assert.equal(await store.revoke(one, index + 1, later()), true, JSON.stringify(odd[index]));
    assert.deepEqual(
      await store.revokedAt(ids),
      ids.map((_, index) => index + 1),
    );
  },
};

/** What makes a store for a case of the contract. */
export type CreateStore = () => RevocationStore | Promise<RevocationStore>;

/** Options of {@link revocationStoreContract}. */
export interface ContractOptions {
  /** Makes a store whose database cannot be reached: another case. */
  createUnreachable?: CreateStore;
}

/**
 * What a `RevocationStore` must do, as cases for any test runner:
 *
 * `for (const { title, run } of revocationStoreContract(() => new MyStore())) it(title, run);`
 *
 * Ids are new for each case, so that all cases may run against one database.
 *
 * @param createStore - Called for each case.
 */
export function revocationStoreContract(
  createStore: CreateStore,
  { createUnreachable }: ContractOptions = {},
): ContractCase[] {
  const contract = Object.entries(cases).map(([title, run]) => ({
    title,
    run: async () => run(await createStore(), `contract-${randomUUID()}`),
  }));
  if (!createUnreachable) return contract;
  const run = async () => rejectsAll(await createUnreachable(), `contract-${randomUUID()}`);
  return [...contract, { title: 'rejects where the database cannot be reached', run }];
}

/** An answer would be a guess: that a token is not revoked, or that this caller is the first. */
async function rejectsAll(store: RevocationStore, id: string): Promise<void> {
  await assert.rejects(async () => store.revokedAt([id]), 'revokedAt() must reject');
  await assert.rejects(async () => store.revoke(id, Date.now(), later()), 'revoke() must reject');
}

/** A store's clock may be another machine's, so it is real time that has to pass. */
async function until(time: () => number): Promise<void> {
  const end = time();
  while (Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
}
