import { expect } from 'chai';
import type { SessionStore } from '../../src/sessions/stores/session-store';
import { sessionStoreContract } from '../../src/testing/index';
import { rejection } from '../support/rejection';
import { ageFaults, mutants, rightStore, storeOfAges, storeOfValues, valueFaults } from './mutants';

const fail = () => Promise.reject(new Error('down'));
const down: SessionStore = { read: fail, write: fail, age: fail };

/** The case of this title, for a store. */
function caseOf(title: string, createStore: () => SessionStore) {
  const contract = sessionStoreContract(createStore, { createUnreachable: createStore, isShared: true });
  return contract.find((one) => one.title === title) as (typeof contract)[number];
}

const UNREACHABLE = 'rejects if the database cannot be reached';

describe('sessionStoreContract', () => {
  describe('is kept by a right store', () => {
    const entries = new Map();
    const contract = sessionStoreContract(() => rightStore(entries), { createUnreachable: () => down, isShared: true });
    for (const { title, run } of contract) it(title, run);
  });

  it('is kept by a store that cannot list', async () => {
    const withoutList = Object.assign(rightStore(), { list: undefined }) as unknown as SessionStore;
    await caseOf('lists the live records of an owner, if it can list', () => withoutList).run();
  });

  describe('is broken, in the case that says so, by a store', () => {
    for (const [title, createStore] of Object.entries(mutants)) {
      it(`that is wrong where it says: ${title}`, async () => {
        expect(await rejection(caseOf(title, createStore).run())).to.be.an.instanceOf(Error);
      });
    }

    for (const [how, fault] of Object.entries(valueFaults)) {
      const title = 'keeps values of 2,000 characters, with quotes, line ends and colons, as they are';
      it(`whose way to keep values ${how}`, async () => {
        await rejection(caseOf(title, () => storeOfValues(fault)).run());
      });
    }

    for (const [how, fault] of Object.entries(ageFaults)) {
      const title = 'says how long ago a record was written, and null for an absent one';
      it(`whose age of a record ${how}`, async () => {
        await rejection(caseOf(title, () => storeOfAges(fault)).run());
      });
    }

    for (const method of ['read', 'write', 'age', 'list'] as const) {
      it(`whose ${method}() answers though the database cannot be reached`, async () => {
        const answer = { read: [null], write: true, age: null, list: [] }[method];
        const half: SessionStore = { ...down, list: fail, [method]: async () => answer };
        await rejection(caseOf(UNREACHABLE, () => half).run());
      });
    }
  });

  it('has a mutant for each case', () => {
    const contract = sessionStoreContract(rightStore, { createUnreachable: rightStore, isShared: true });
    expect(Object.keys(mutants).sort()).to.deep.equal(contract.map(({ title }) => title).sort());
  });

  it('has the cases of an unreachable and of a shared database only for such stores', () => {
    const titles = sessionStoreContract(rightStore).map(({ title }) => title);
    expect(titles).not.to.include(UNREACHABLE);
    expect(titles).to.have.length(Object.keys(mutants).length - 3);
  });

  it('takes a promise of a store, and makes one for each case', async () => {
    let made = 0;
    const contract = sessionStoreContract(async () => {
      made++;
      return rightStore();
    });
    expect(made).to.equal(0);
    for (const title of ['reads null for a record that is absent', 'replaces a record by the same value']) {
      await contract.find((one) => one.title === title)?.run();
    }
    expect(made).to.equal(2);
  });

  it('may run twice against one database', async () => {
    const store = rightStore();
    const quick = sessionStoreContract(() => store).filter(({ title }) => !/time|last written|list|ago/.test(title));
    for (const { run } of [...quick, ...quick]) await run();
    expect(quick).not.to.be.empty;
  });
});
