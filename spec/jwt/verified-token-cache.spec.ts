import { expect } from 'chai';
import fc from 'fast-check';
import type { VerifiedToken } from '../../src/jwt/verification-result';
import { VerifiedTokenCache } from '../../src/jwt/verified-token-cache';

const verified = (sub: string): VerifiedToken => ({
  payload: { sub, exp: 4e9 },
  scopes: [],
  times: { exp: 0, nbf: undefined, iat: undefined },
  keys: undefined,
});
const caching = (max: number, maxAge = 1000) => new VerifiedTokenCache({ max, maxAge });

describe('the tokens that were verified', () => {
  it('are found by their whole text', () => {
    const tokens = caching(10);
    const ada = verified('ada');
    tokens.add('a.b.c', ada, 0);
    expect(tokens.get('a.b.c', 0)).to.equal(ada);
    for (const other of ['', 'a', 'a.b.', 'a.b.d', 'a.b.c ', ' a.b.c', 'a.b.c\0', 'A.B.C', 'b.a.c', '__proto__']) {
      expect(tokens.get(other, 0), JSON.stringify(other)).to.equal(undefined);
    }
  });

  it('are never mistaken for each other', () => {
    const texts = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', '.') }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(texts, (known) => {
        const tokens = caching(40);
        for (const token of known) tokens.add(token, verified(token), 0);
        for (const token of known) expect(tokens.get(token, 0)?.payload.sub).to.equal(token);
      }),
    );
  });

  it('are not mistaken for each other where their ends are the same: the later one is remembered', () => {
    const tokens = caching(10);
    const end = 'x'.repeat(1000);
    tokens.add(`a.${end}`, verified('ada'), 0);
    expect(tokens.get(`b.${end}`, 0)).to.equal(undefined);
    expect(tokens.get(end, 0)).to.equal(undefined);
    tokens.add(`b.${end}`, verified('bob'), 0);
    expect(tokens.get(`a.${end}`, 0)).to.equal(undefined);
    expect(tokens.get(`b.${end}`, 0)?.payload.sub).to.equal('bob');
  });

  it('are forgotten once maxAge has passed, however often they are used', () => {
    const tokens = caching(10, 1000);
    tokens.add('a.b.c', verified('ada'), 5000);
    for (const now of [5000, 5500, 5999]) expect(tokens.get('a.b.c', now), `at ${now}`).not.to.equal(undefined);
    expect(tokens.get('a.b.c', 6000)).to.equal(undefined);
    expect(tokens.get('a.b.c', 5000), 'gone for good').to.equal(undefined);
  });

  it('are forgotten where the clock was set back by more than that', () => {
    const tokens = caching(10, 1000);
    tokens.add('a.b.c', verified('ada'), 5000);
    expect(tokens.get('a.b.c', 4000)).to.equal(undefined);
  });

  it('are as many as max allows; those that were not used for longest go first', () => {
    const tokens = caching(3);
    for (const token of ['a', 'b', 'c']) tokens.add(token, verified(token), 0);
    tokens.get('a', 0);
    for (let time = 0; time < 2; time++) tokens.add('d', verified('d'), 0);
    expect(['a', 'b', 'c', 'd'].filter((token) => tokens.get(token, 0))).to.deep.equal(['a', 'c', 'd']);
  });

  it('stay where one comes that came never before, once they are as many as max allows', () => {
    const tokens = caching(2);
    const all = ['a.b.signature', 'a.b.SIGNATURE', 'a.b.signatures'];
    const late = all[2] as string;
    for (const token of all) tokens.add(token, verified(token), 0);
    expect(all.filter((token) => tokens.get(token, 0))).to.deep.equal(all.slice(0, 2));
    tokens.add(late, verified(late), 0);
    expect(tokens.get(late, 0)?.payload.sub).to.equal(late);
  });

  it('are exchanged for few of a hundred times as many that come in turn', () => {
    const tokens = caching(100);
    const all = Array.from({ length: 10_000 }, (_, index) => `token-${Math.imul(index, 2_654_435_761).toString(36)}.`);
    let exchanged = 0;
    for (const token of [...all, ...all]) {
      tokens.add(token, verified(token), 0);
      if (tokens.get(token, 0)) exchanged++;
    }
    expect(exchanged).to.be.below(1000);
  });

  it('have on average 1 KiB: long ones leave room for fewer', () => {
    const tokens = caching(16);
    const long = (index: number) => `-${index}`.padStart(8192, 'x');
    for (let index = 0; index < 32; index++) tokens.add(long(index >> 1), verified('ada'), 0);
    expect(Array.from({ length: 16 }, (_, index) => index).filter((index) => tokens.get(long(index), 0))).to.deep.equal(
      [14, 15],
    );
  });

  it('do not include one that is longer than all of them may be together', () => {
    const tokens = caching(2);
    tokens.add('short', verified('ada'), 0);
    tokens.add('x'.repeat(4096), verified('ada'), 0);
    expect(tokens.get('x'.repeat(4096), 0)).to.equal(undefined);
    expect(tokens.get('short', 0)).not.to.equal(undefined);
  });
});
