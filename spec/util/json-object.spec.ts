import { expect } from 'chai';
import fc from 'fast-check';
import { deepFreeze } from '../../src/util/json-object';

/** Every object and list in a value, itself included. */
function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

describe('deepFreeze', () => {
  it('freezes whatever JSON can hold, all the way down', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(objectsIn(deepFreeze(value)).every((one) => Object.isFrozen(one))).to.equal(true);
      }),
    );
  });

  it('gives the value itself', () => {
    const value = { a: [{ b: 1 }] };
    expect(deepFreeze(value)).to.equal(value);
    expect(value).to.deep.equal({ a: [{ b: 1 }] });
  });

  it('freezes what is in a member named __proto__ too', () => {
    const value = deepFreeze(JSON.parse('{"__proto__":{"a":{}}}'));
    expect(objectsIn(value).every((one) => Object.isFrozen(one))).to.equal(true);
    expect(objectsIn(value)).to.have.length(3);
  });
});
