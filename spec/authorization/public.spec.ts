import { expect } from 'chai';
import { isPublic, Public } from '../../src/authorization/public';

const secret = Symbol('secret');

class Base {
  @Public()
  open() {
    return 'open';
  }

  closed() {
    return 'closed';
  }

  @Public()
  [secret]() {
    return 'by symbol';
  }
}

class Derived extends Base {
  override open() {
    return 'overridden';
  }
}

@Public()
class Whole {
  method() {
    return 'method';
  }
}

class DerivedFromWhole extends Whole {}

describe('@Public', () => {
  it('marks the method it stands on, and no other', () => {
    expect([isPublic(Base, 'open'), isPublic(Base, 'closed')]).to.deep.equal([true, false]);
  });

  it('on a method does not mark the class', () => {
    expect(isPublic(Base)).to.equal(false);
  });

  it('on a class does not mark its methods', () => {
    expect([isPublic(Whole), isPublic(Whole, 'method')]).to.deep.equal([true, false]);
  });

  it('does not go to derived classes, nor to overrides', () => {
    expect([isPublic(DerivedFromWhole), isPublic(Derived, 'open')]).to.deep.equal([false, false]);
  });

  it('does not mark what every object has', () => {
    expect(['constructor', 'toString', '__proto__'].map((name) => isPublic(Base, name))).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('leaves class and method as they are', () => {
    expect([new Base().open(), new Base()[secret](), new Whole().method()]).to.deep.equal([
      'open',
      'by symbol',
      'method',
    ]);
    expect(Reflect.ownKeys(Whole)).to.have.members(['length', 'name', 'prototype']);
  });
});
