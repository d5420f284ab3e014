import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import type { SessionStore } from '../sessions/stores/session-store';

/** One case of a contract; `run` rejects if the store breaks it. */
export interface ContractCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Makes a store, or a further client of the same database. */
export type CreateStore = () => SessionStore | Promise<SessionStore>;

/** Options of {@link sessionStoreContract}. */
export interface ContractOptions {
  /** Whether a second store of `createStore` must see what the first has written: all but stores in memory. Default `false`. */
  isShared?: boolean;
  /** Makes a store whose database cannot be reached; it must reject every call. */
  createUnreachable?: CreateStore;
}

type Case = (store: SessionStore, owner: string) => Promise<void>;

const HOUR = 3_600_000;

const cases: Record<string, Case> = {
  'reads null for a record that is absent': async (store, owner) => {
    assert.deepEqual(await store.read(owner, ['epoch']), [null]);
  },
  'writes a record that is absent, and reads it': async (store, owner) => {
    assert.equal(await store.write(owner, 'epoch', null, 'one', HOUR), true);
    assert.deepEqual(await store.read(owner, ['epoch']), ['one']);
  },
  'reads records in the order of their names, repeated ones too': async (store, owner) => {
    await store.write(owner, 'a', null, '1', HOUR);
    await store.write(owner, 'b', null, '2', HOUR);
    assert.deepEqual(await store.read(owner, ['b', 'none', 'a', 'b']), ['2', null, '1', '2']);
  },
  'replaces a record that has the expected value': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', HOUR);
    assert.equal(await store.write(owner, 'a', 'one', 'two', HOUR), true);
    assert.deepEqual(await store.read(owner, ['a']), ['two']);
  },
  'leaves a record alone that has another value than the expected one': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', HOUR);
    assert.equal(await store.write(owner, 'a', 'other', 'two', HOUR), false);
    assert.equal(await store.write(owner, 'a', null, 'two', HOUR), false);
    assert.deepEqual(await store.read(owner, ['a']), ['one']);
  },
  'writes nothing over an absent record if a value is expected': async (store, owner) => {
    assert.equal(await store.write(owner, 'a', 'one', 'two', HOUR), false);
    assert.deepEqual(await store.read(owner, ['a']), [null]);
  },
  'replaces a record by the same value': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', HOUR);
    assert.equal(await store.write(owner, 'a', 'one', 'one', HOUR), true);
  },
  'removes a record, which is absent then': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', HOUR);
    assert.equal(await store.write(owner, 'a', 'other', null, 0), false);
    assert.equal(await store.write(owner, 'a', 'one', null, 0), true);
    assert.deepEqual(await store.read(owner, ['a']), [null]);
    assert.equal(await store.write(owner, 'a', null, 'two', HOUR), true);
  },
  'lets exactly one of a hundred concurrent callers create a record': async (store, owner) => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => store.write(owner, 'a', null, `value ${index}`, HOUR)),
    );
    assert.equal(answers.filter((answer) => answer === true).length, 1);
    assert.equal(answers.filter((answer) => answer === false).length, 99);
    assert.deepEqual(await store.read(owner, ['a']), [`value ${answers.indexOf(true)}`]);
  },
  'lets exactly one of a hundred concurrent callers replace a record': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', HOUR);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => store.write(owner, 'a', 'one', `value ${index}`, HOUR)),
    );
    assert.equal(answers.filter((answer) => answer === true).length, 1);
  },
  'lets exactly one of a hundred concurrent callers remove a record': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', HOUR);
    const answers = await Promise.all(Array.from({ length: 100 }, () => store.write(owner, 'a', 'one', null, 0)));
    assert.equal(answers.filter((answer) => answer === true).length, 1);
  },
  'forgets a record when its time has passed, and takes a new one': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', 100);
    await waitFor(async () => (await store.read(owner, ['a']))[0] === null);
    assert.equal(await store.write(owner, 'a', null, 'two', HOUR), true);
  },
  'keeps a record for as long as it was last written for': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', 100);
    await store.write(owner, 'a', 'one', 'two', HOUR);
    await pause(250);
    assert.deepEqual(await store.read(owner, ['a']), ['two']);
  },
  'keeps a record for a year': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', 400 * 24 * HOUR);
    assert.deepEqual(await store.read(owner, ['a']), ['one']);
  },
  'keeps the records of owners apart': async (store, owner) => {
    await store.write(owner, 'a', null, 'one', HOUR);
    assert.deepEqual(await store.read(`${owner}x`, ['a']), [null]);
    assert.deepEqual(await store.read(owner.slice(0, -1), ['a']), [null]);
  },
  'keeps values of 2,000 characters, with quotes, line ends and colons, as they are': async (store, owner) => {
    const value = ' {"a":"b\'c\\"\\n:%\u00e4\u2713"}\n'.padEnd(2000, ': x');
    await store.write(owner, 'a', null, value, HOUR);
    assert.deepEqual(await store.read(owner, ['a']), [value]);
    const shorter = `${value.slice(0, -2)} `;
    assert.equal(await store.write(owner, 'a', value, shorter, HOUR), true);
    assert.deepEqual(await store.read(owner, ['a']), [shorter]);
  },
  'keeps names of 100 characters apart': async (store, owner) => {
    const name = `session:${'n'.repeat(91)}`;
    await store.write(owner, `${name}a`, null, 'one', HOUR);
    await store.write(owner, `${name}b`, null, 'two', HOUR);
    assert.deepEqual(await store.read(owner, [`${name}a`, `${name}b`]), ['one', 'two']);
  },
  'says how long ago a record was written, and null for an absent one': async (store, owner) => {
    assert.equal(await store.age(owner, 'a'), null);
    await store.write(owner, 'a', null, 'one', HOUR);
    await pause(60);
    const first = (await store.age(owner, 'a')) as number;
    assert.ok(first >= 40 && first < 10_000, `an age of ${first} ms is wrong after 60 ms`);
    await store.write(owner, 'a', 'one', 'two', HOUR);
    const second = (await store.age(owner, 'a')) as number;
    assert.ok(second >= 0 && second < first, `an age of ${second} ms is wrong after a further write`);
  },
  'lists the live records of an owner, if it can list': async (store, owner) => {
    if (!store.list) return;
    await store.write(owner, 'a', null, 'one', HOUR);
    await store.write(owner, 'b', null, 'two', HOUR);
    await store.write(owner, 'c', null, 'three', HOUR);
    await store.write(owner, 'c', 'three', null, 0);
    await store.write(owner, 'd', null, 'four', 50);
    await store.write(`${owner}x`, 'e', null, 'five', HOUR);
    await pause(150);
    const records = [...(await store.list(owner))].sort((one, other) => (one.name < other.name ? -1 : 1));
    assert.deepEqual(
      records.map(({ name, value }) => ({ name, value })),
      [
        { name: 'a', value: 'one' },
        { name: 'b', value: 'two' },
      ],
    );
    assert.deepEqual(await store.list(`${owner}y`), []);
  },
};

const sharedCases: Record<string, (one: SessionStore, other: SessionStore, owner: string) => Promise<void>> = {
  'shows each client what the others have written': async (one, other, owner) => {
    await one.write(owner, 'a', null, 'one', HOUR);
    assert.deepEqual(await other.read(owner, ['a']), ['one']);
    assert.equal(await other.write(owner, 'a', 'one', 'two', HOUR), true);
    assert.deepEqual(await one.read(owner, ['a']), ['two']);
  },
  'lets exactly one of a hundred callers on two clients create a record': async (one, other, owner) => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? one : other).write(owner, 'a', null, `${index}`, HOUR)),
    );
    assert.equal(answers.filter((answer) => answer === true).length, 1);
  },
};

/**
 * Returns the cases that a `SessionStore` must pass, for any test runner.
 *
 * @param createStore - Called for each case; the stores may share one database.
 * @example
 * ```ts
 * describe('my store', () => {
 *   for (const { title, run } of sessionStoreContract(() => new MyStore(database))) it(title, run);
 * });
 * ```
 */
export function sessionStoreContract(
  createStore: CreateStore,
  { isShared = false, createUnreachable }: ContractOptions = {},
): ContractCase[] {
  const own = Object.entries(cases).map(([title, run]) => ({
    title,
    run: async () => run(await createStore(), newOwner()),
  }));
  const unreachable = createUnreachable && {
    title: 'rejects if the database cannot be reached',
    run: async () => rejectsAll(await createUnreachable(), newOwner()),
  };
  const alone = unreachable ? [...own, unreachable] : own;
  if (!isShared) return alone;
  const shared = Object.entries(sharedCases).map(([title, run]) => ({
    title,
    run: async () => run(await createStore(), await createStore(), newOwner()),
  }));
  return [...alone, ...shared];
}

/** An answer would be a guess. */
async function rejectsAll(store: SessionStore, owner: string): Promise<void> {
  await assert.rejects(async () => store.read(owner, ['a']), 'read() must reject');
  await assert.rejects(async () => store.write(owner, 'a', null, 'one', HOUR), 'write() must reject');
  await assert.rejects(async () => store.age(owner, 'a'), 'age() must reject');
  if (store.list) await assert.rejects(async () => store.list?.(owner), 'list() must reject');
}

function newOwner(): string {
  return randomBytes(16).toString('base64url');
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function waitFor(isDone: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await isDone()) return;
    await pause(20);
  }
  assert.fail('the record did not expire');
}
