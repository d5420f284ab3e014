import { expect } from 'chai';
import { MAX_TOKEN_LENGTH, parseCompactJws } from '../../src/jwt/compact-jws';

describe('the compact serialization', () => {
  it('has three parts, the first of them a JSON object', () => {
    expect(parseCompactJws('e30.e30.AAAA')).to.deep.equal({
      header: {},
      signingInput: 'e30.e30',
      payload: Buffer.from('{}'),
      signature: Buffer.alloc(3),
    });
  });

  it('has not fewer and not more parts, however well they could be read', () => {
    for (const token of [
      '',
      '.',
      '..',
      'e30',
      'e30x',
      'e30.e30',
      'e30.e30A',
      'e30.e30.',
      '.e30.AAAA',
      'e30.e30.AAAA.AAAA',
    ]) {
      expect(parseCompactJws(token), token).to.equal(undefined);
    }
  });

  it('is read up to a length, and not beyond it', () => {
    const token = `e30.e30.${'A'.repeat(MAX_TOKEN_LENGTH - 8)}`;
    expect(parseCompactJws(token)?.signature).to.have.length(((MAX_TOKEN_LENGTH - 8) * 3) / 4);
    expect(parseCompactJws(`${token}AAAA`)).to.equal(undefined);
  });
});
