import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { toError } from '../../src/errors/application-error';

const reasons: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ['the empty string', ''],
  ['false', false],
  ['NaN', Number.NaN],
  ['true', true],
  ["'route'", 'route'],
  ["'router'", 'router'],
  ['a symbol', Symbol('why')],
  ['a bigint', 1n],
  ['an object', { message: 'no error' }],
  ['an object without a prototype', Object.create(null)],
  ['an array', [new Error('inside')]],
  ['a function', () => new Error('inside')],
  ['a revoked proxy', revokedProxy()],
];

const errors: [string, Error][] = [
  ['an Error', new Error('why')],
  ['a TypeError', new TypeError('why')],
  ['a frozen error', Object.freeze(new Error('why'))],
  ['an error of another realm', runInNewContext('new Error("why")')],
  ['an error with a message that throws', Object.defineProperty(new Error('why'), 'message', { get: fail })],
  ['an object that inherits from an error', Object.create(new Error('why'))],
];

describe('what an application throws', () => {
  for (const [name, reason] of reasons) {
    it(`becomes an Error with the reason as its cause if it is ${name}`, () => {
      const error = toError(reason);
      expect(error).to.be.instanceOf(Error);
      expect(Object.is(error.cause, reason)).to.equal(true);
      expect(error.message).to.equal('The application threw something that is not an Error');
    });
  }

  for (const [name, error] of errors) {
    it(`stays what it is if it is ${name}`, () => {
      expect(toError(error) === error).to.equal(true);
    });
  }
});

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function fail(): never {
  throw new Error('no message');
}
