import { expect } from 'chai';
import { Slot } from '../../src/http/slot';

describe('a slot', () => {
  it('keeps something with its owner', () => {
    const slot = new Slot<string>();
    const [one, other] = [{}, {}];
    slot.set(one, 'first');
    expect(slot.get(one)).to.equal('first');
    expect(slot.get(other)).to.equal(undefined);
    slot.set(one, 'second');
    expect(slot.get(one)).to.equal('second');
  });

  it('is not seen by another slot', () => {
    const owner = {};
    new Slot<string>().set(owner, 'a secret');
    expect(new Slot<string>().get(owner)).to.equal(undefined);
  });

  it('cannot be filled by what a request says', () => {
    const owner = JSON.parse('{"Symbol(routing-controllers-login)":1,"routing-controllers-login":1,"key":1}');
    expect(new Slot<number>().get(owner)).to.equal(undefined);
  });

  it('is not in the JSON and the names of its owner', () => {
    const owner = { a: 1 };
    new Slot<string>().set(owner, 'a secret');
    expect(JSON.stringify(owner)).to.equal('{"a":1}');
    expect(Object.keys(owner)).to.deep.equal(['a']);
  });
});
