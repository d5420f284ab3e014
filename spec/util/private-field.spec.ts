import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { privateField } from '../../src/util/private-field';

describe('a hidden field', () => {
  it('is had by the object that it was given to, and by no other', () => {
    const field = privateField<string>();
    const [one, other] = [{}, Object.create({})];
    field.set(one, 'kept');
    expect(field.get(one)).to.equal('kept');
    expect(field.get(other)).to.equal(undefined);
    expect(field.get(Object.create(one))).to.equal(undefined);
  });

  it('is not the field of somebody else', () => {
    const [mine, theirs] = [privateField<string>(), privateField<string>()];
    const object = {};
    mine.set(object, 'mine');
    expect(theirs.get(object)).to.equal(undefined);
    theirs.set(object, 'theirs');
    expect(mine.get(object)).to.equal('mine');
  });

  it('does not show in its object', () => {
    const list = ['a'];
    privateField<string>().set(list, 'kept');
    expect(list).to.deep.equal(['a']);
    expect(Reflect.ownKeys(list)).to.deep.equal(['0', 'length']);
    expect(inspect(list, { showHidden: true })).not.to.contain('kept');
  });

  it('goes with its object', async () => {
    const field = privateField<object>();
    const gone = ((): WeakRef<object> => {
      const value = {};
      field.set({}, value);
      return new WeakRef(value);
    })();
    await new Promise((resolve) => setImmediate(resolve));
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    expect(gone.deref()).to.equal(undefined);
  });
});
