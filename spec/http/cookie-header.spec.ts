import { expect } from 'chai';
import {
  cookieValues,
  joinTokens,
  maxTokenLength,
  pieceName,
  pieceNames,
  splitToken,
} from '../../src/http/cookies/cookie-header';

const NAME = 'access-token';

/** The `Cookie` header in which a browser sends the pieces of a token. */
const headerOf = (pieces: readonly string[], name = NAME) =>
  pieces.map((piece, index) => `${pieceName(name, index)}=${piece}`).join('; ');

describe('a token in cookies', () => {
  const room = 4096 - NAME.length;

  for (const [length, count] of [
    [1, 1],
    [room, 1],
    [room + 1, 2],
    [2 * (room - 2), 2],
    [2 * (room - 2) + 1, 3],
    [3 * (room - 2), 3],
  ] as const) {
    it(`of ${length} characters is in ${count}, none larger than browsers store, and comes back as it was`, () => {
      const token = 'x'.repeat(length - 1).concat('y');
      const pieces = splitToken(NAME, token) as string[];
      expect(pieces).to.have.length(count);
      for (const [index, piece] of pieces.entries())
        expect(pieceName(NAME, index).length + piece.length).to.be.at.most(4096);
      expect(joinTokens(headerOf(pieces), NAME)).to.deep.equal([token]);
    });
  }

  it('cannot be longer than three cookies hold', () => {
    expect(maxTokenLength(NAME)).to.equal(3 * (room - 2));
    expect(splitToken(NAME, 'x'.repeat(maxTokenLength(NAME) + 1))).to.equal(undefined);
  });

  it('has less room where the name is long, in bytes', () => {
    expect(maxTokenLength('ä')).to.equal(3 * (4096 - 2 - 2));
    expect(splitToken('ä', 'x'.repeat(4095))).to.have.length(2);
    expect(splitToken('ä', 'x'.repeat(4094))).to.have.length(1);
  });

  it('says in its first piece how many there are', () => {
    const [first, second] = splitToken(NAME, 'x'.repeat(room + 1)) as string[];
    expect(first?.slice(0, 3)).to.equal('2~x');
    expect(second?.slice(0, 3)).to.equal('xxx');
    expect(pieceNames(NAME)).to.deep.equal([NAME, `${NAME}.1`, `${NAME}.2`]);
  });
});

describe('the tokens that cookies can mean', () => {
  for (const [name, header, tokens] of [
    ['are none without the cookie', 'other=a', []],
    ['are none where another name has this one in it', 'xt=a; tx=b; t.1=c', []],
    ['are the value', 't=a', ['a']],
    ['are each value once, where there are several cookies', 't=a; t=b; t=a', ['a', 'b']],
    ['are the pieces together, wherever they stand', 't.1=b; t=2~a', ['ab']],
    ['are as many pieces as the first one says: others are left from before', 't=2~a; t.1=b; t.2=c', ['ab']],
    ['are three pieces', 't=3~a; t.1=b; t.2=c', ['abc']],
    ['are a string that is no token, where a piece is missing', 't=3~a; t.1=b', ['3~a']],
    ['are a string that is no token, for one piece and for more than three', 't=1~a; t=4~b; t.1=c', ['1~a', '4~b']],
    ['are a string that is no token, for four pieces that are all there', 't=4~a; t.1=b; t.2=c; t.3=d', ['4~a']],
    ['are a string that is no token, for a number that is none', 't=x~a; t=~~a; t.1=c', ['x~a', '~~a']],
    ['are the whole one and the pieces, if there are both', 't=whole; t=2~a; t.1=b', ['whole', 'ab']],
    ['are every way to put pieces together', 't=2~a; t=2~b; t.1=c; t.1=d', ['ac', 'ad', 'bc', 'bd']],
    ['are not the value of a token that has the mark elsewhere', 't=ab~c; t.1=d', ['ab~c']],
  ] as const) {
    it(name, () => {
      expect(joinTokens(header, 't')).to.deep.equal(tokens);
    });
  }

  it('are at most sixty-four for one first piece', () => {
    const many = (name: string) => Array.from({ length: 20 }, (_, index) => `${name}=${index}`).join('; ');
    expect(joinTokens(`t=3~a; ${many('t.1')}; ${many('t.2')}`, 't')).to.have.length(64);
  });
});

describe('a header with many cookies of one name', () => {
  const many = (name: string, count: number, prefix = '') =>
    Array.from({ length: count }, (_, index) => `${name}=${prefix}${index}`).join('; ');

  it('means sixty-four tokens at most, whole or in pieces', () => {
    expect(joinTokens(many('t', 500), 't')).to.have.length(64);
    expect(joinTokens(`${many('t', 500, '3~')}; ${many('t.1', 9)}; ${many('t.2', 9)}`, 't')).to.have.length(64);
  });

  it('is put together no further than to the first sixty-four tokens', () => {
    const header = `${many('t', 64, '3~')}; t.1=${'z'.repeat(12_000)}; ${many('t.2', 64)}`;
    const tokens = joinTokens(header, 't');
    expect(tokens).to.have.length(64);
    expect(new Set(tokens.map((token) => token.slice(0, 2)))).to.have.all.keys('0z');
  });

  it('is read once for each piece, however many first pieces there are', () => {
    let scans = 0;
    class Header extends String {
      override split(separator: never, limit?: number) {
        scans += 1;
        return super.split(separator, limit);
      }
    }
    const header = new Header(`${many('t', 60, '3~')}; t.1=b; t.2=c`);
    expect(joinTokens(header as string, 't')).to.have.length(60);
    expect(scans).to.equal(3);
  });
});

describe('the values of a cookie', () => {
  for (const [name, header, values] of [
    ['have no spaces and tabs around them', ' \t t \t = \t a \t ; other=b', ['a']],
    ['keep what is within', 't=a b=c', ['a b=c']],
    ['may be empty, or nothing but spaces', 't=; t= \t ', ['']],
    ['keep the quotes', 't="a"', ['"a"']],
    ['are none of a cookie without an equals sign', 't; t', []],
    ['are none of a cookie whose name begins with another white space', '\u00a0t=a; \u000bt=b', []],
  ] as const) {
    it(name, () => {
      expect(cookieValues(header, 't')).to.deep.equal(values);
    });
  }
});
