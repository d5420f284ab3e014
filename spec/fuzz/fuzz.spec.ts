import { expect } from 'chai';
import { frameworks } from '../support/servers';
import { Fuzzer } from './fuzzer';
import type { Flaw } from './protocol';

/** `npm run fuzz` takes other seeds, and goes on for minutes. */
const SEED = 17;
const CONVERSATIONS = 250;

async function converseAll(fuzzer: Fuzzer, conversations: number): Promise<void> {
  let index = 0;
  const work = async () => {
    while (index < conversations && fuzzer.isAlive && fuzzer.violations.length === 0) await fuzzer.converse(index++);
  };
  await Promise.all(Array.from({ length: 12 }, work));
}

describe('odd and broken requests', function () {
  this.timeout(120_000);
  this.slow(20_000);

  let fuzzer: Fuzzer | undefined;

  afterEach(() => fuzzer?.stop());

  for (const framework of frameworks) {
    it(`of a fixed seed break no promise of a server on ${framework}`, async () => {
      fuzzer = await Fuzzer.start(framework, SEED);
      await converseAll(fuzzer, CONVERSATIONS);
      expect(fuzzer.violations).to.deep.equal([]);
      expect(fuzzer.counts.conversations).to.equal(CONVERSATIONS);
      expect(fuzzer.counts.letIn).to.be.above(CONVERSATIONS / 4);
    });
  }

  const flaws: [Flaw, string, RegExp][] = [
    ['open', 'lets anybody in', /let in without a good token/],
    ['fails', 'fails', /the answer is 500/],
    ['echoes', 'answers with tokens', /has a token or the secret/],
    ['stack', 'answers with a stack', /has a stack/],
    ['hangs', 'does not answer', /neither answered nor closed/],
    ['dies', 'ends', /the process ended with 1/],
  ];

  for (const [flaw, what, expected] of flaws) {
    it(`show that a server ${what}`, async () => {
      fuzzer = await Fuzzer.start('Express 5', SEED, { flaw, patience: 5000 });
      await converseAll(fuzzer, CONVERSATIONS);
      await new Promise((resolve) => setTimeout(resolve, 100)); // until a process that has ended is known to have
      expect(fuzzer.violations.map(({ what }) => what).join('\n')).to.match(expected);
    });
  }
});
