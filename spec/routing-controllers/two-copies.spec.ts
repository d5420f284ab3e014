import { expect } from 'chai';
import { inChildProcess } from '../support/process';

interface Result {
  isSecondCopy: boolean;
  sharesMetadata: boolean;
  express: [number[], number[], number[], number];
  koa: [number[], number[], number[], number];
  protectThrows: boolean;
}

describe('two copies of routing-controllers in one tree, the decorators of one and the library on the other', () => {
  let result: Result;

  before(() => {
    result = inChildProcess(
      `result = await require('../routing-controllers/fixtures/two-copies.js').main();`,
    ) as Result;
  });

  it('is what is tried here', () => {
    expect([result.isSecondCopy, result.sharesMetadata]).to.deep.equal([true, true]);
  });

  for (const framework of ['express', 'koa'] as const) {
    it(`nobody gets a guarded route on ${framework}, inherited or not`, () => {
      expect(result[framework][0].slice(0, 3)).to.deep.equal([401, 401, 200]);
    });

    it(`scopes are asked for on ${framework}`, () => {
      expect(result[framework][1].slice(0, 3)).to.deep.equal([403, 403, 200]);
    });

    it(`who has them is let in on ${framework}`, () => {
      expect(result[framework][2].slice(0, 3)).to.deep.equal([200, 200, 200]);
    });

    it(`nobody's body is read on ${framework}`, () => {
      expect(result[framework][3]).to.equal(401);
    });
  }

  it('protect() knows what is lost', () => {
    expect(result.protectThrows).to.equal(true);
  });
});
