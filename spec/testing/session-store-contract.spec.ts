import { expect } from 'chai';
import type { SessionStore } from '../../src/sessions/stores/session-store';
import { sessionStoreContract } from '../../src/testing/index';
import { rejection } from '../support/rejection';
import { mutants, oddities, rightStore, storeOfKeys } from './mutants';

const down: SessionStore = {
  revoke: () => Promise.reject(new Error('down')),
  revokedAt: () => Promise.reject(new Error('down')),
};

/** The case of this title, for a store. */
function caseOf(title: string, createStore: () => SessionStore) {
  const contract = sessionStoreContract(createStore, { createUnreachable: createStore });
  return contract.find((one) => one.title === title) as (typeof contract)[number];
}

describe('sessionStoreContract', () => {
  describe('is kept by a right store', () => {
    const contract = sessionStoreContract(rightStore, { createUnreachable: () => down });
    for (const { title, run } of contract) it(title, run);
  });

  describe('is broken, in the case that says so, by a store', () => {
    for (const [title, createStore] of Object.entries(mutants)) {
      it(`that is wrong where it says: ${title}`, async () => {
        expect(await rejection(caseOf(title, createStore).run())).to.be.an.instanceOf(Error);
      });
    }

    for (const [how, key] of Object.entries(oddities)) {
      it(`that takes ids ${how}`, async () => {
        await rejection(caseOf('takes long and odd ids, and mistakes none for another', () => storeOfKeys(key)).run());
      });
    }

    it('that throws where it should reject, and answers one of two questions', async () => {
      const half = { ...down, revoke: async () => true };
      const other = { ...down, revokedAt: async () => [null] };
      for (const store of [half, other]) {
        await rejection(caseOf('rejects where the database cannot be reached', () => store).run());
      }
    });
  });

  it('has a mutant for each case', () => {
    const titles = sessionStoreContract(rightStore, { createUnreachable: rightStore }).map(({ title }) => title);
    expect(Object.keys(mutants).sort()).to.deep.equal([...titles].sort());
  });

  it('has the case of an unreachable database only where such a store can be made', () => {
    const titles = sessionStoreContract(rightStore).map(({ title }) => title);
    expect(titles).not.to.include('rejects where the database cannot be reached');
    expect(titles).to.have.length(Object.keys(mutants).length - 1);
  });

  it('takes a promise of a store, and makes one for each case', async () => {
    let made = 0;
    const contract = sessionStoreContract(async () => {
      made++;
      return rightStore();
    });
    expect(made).to.equal(0);
    for (const title of ['knows nothing of an id that was not revoked', 'answers no question with no answer']) {
      await contract.find((one) => one.title === title)?.run();
    }
    expect(made).to.equal(2);
  });

  it('may run twice against one database', async () => {
    const store = rightStore();
    const contract = sessionStoreContract(() => store);
    const quick = contract.filter(({ title }) => !/expir/.test(title));
    for (const { run } of [...quick, ...quick]) await run();
    expect(quick).not.to.be.empty;
  });
});
