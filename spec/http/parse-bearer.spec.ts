import { expect } from 'chai';
import { parseBearer } from '../../src/http/token-extractor';

describe('the Authorization header', () => {
  it('holds the token after the scheme Bearer, in any case', () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR'])
      expect(parseBearer(`${scheme} abc.def.ghi`)).to.equal('abc.def.ghi');
  });

  it('may have several spaces after the scheme (RFC 9110 §11.4)', () => {
    expect(parseBearer('Bearer   abc')).to.equal('abc');
  });

  it('holds an empty token, which is an invalid one, where there is only the scheme', () => {
    for (const header of ['Bearer', 'bearer', 'Bearer ', 'Bearer    '])
      expect(parseBearer(header), `'${header}'`).to.equal('');
  });

  for (const header of [
    undefined,
    '',
    'Basic YWRhOnNlY3JldA==',
    'Bear abc',
    'Bearerabc',
    'Bearer\tabc',
    'Bearer=abc',
    'Bearer,abc',
    ' Bearer abc',
    'Token abc',
    'abc.def.ghi',
  ]) {
    it(`holds none where it is ${header === undefined ? 'missing' : `'${header.replace('\t', '\\t')}'`}`, () => {
      expect(parseBearer(header)).to.equal(undefined);
    });
  }

  it('is not mended: white space that is no space belongs to the token', () => {
    for (const space of ['\t', '\u00a0', '\v']) expect(parseBearer(`Bearer ${space}abc`)).to.equal(`${space}abc`);
    expect(parseBearer('Bearer abc def')).to.equal('abc def');
  });
});
