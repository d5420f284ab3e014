import { expect } from 'chai';
import {
  checkNames,
  compileSamples,
  type Diagnostics,
  hasCheck,
  preludeNames,
  readDocuments,
  runSample,
} from './documentation';

const documents = readDocuments();
const samples = documents.flatMap((document) => document.samples);

describe('samples of the documentation', function () {
  this.timeout(60_000);
  this.slow(20_000);

  let diagnostics: Diagnostics;

  before(async () => {
    diagnostics = await compileSamples(documents);
  });

  for (const document of documents) {
    it(`${document.path}: each ts block is a sample`, () => {
      expect(document.problems).to.deep.equal([]);
    });

    for (const sample of document.samples) {
      it(`${document.path}: ${sample.name}`, async () => {
        expect(diagnostics.of(sample)).to.deep.equal([]);
        expect(hasCheck(sample), `spec/docs/checks/${sample.name}.ts, which tries the sample, is there`).to.equal(true);
        await runSample(document, sample);
      });
    }
  }

  it('compile with their preludes', () => {
    expect(diagnostics.others).to.deep.equal([]);
  });

  it('have names of their own', () => {
    const names = samples.map(({ name }) => name);
    expect(names).to.deep.equal([...new Set(names)]);
  });

  it('use every check and every prelude', () => {
    expect(samples.map(({ name }) => name)).to.include.members(checkNames());
    expect(samples.map(({ prelude }) => prelude)).to.include.members(preludeNames());
  });

  // Without samples the README would pass unread.
  if (process.env.CI) {
    it('are in the README', () => {
      expect(documents.find(({ path }) => path === 'README.md')?.samples ?? []).not.to.be.empty;
    });
  }
});
