import { expect } from 'chai';
import { CircuitBreaker } from '../../src/util/circuit-breaker';

function breakerAt(now = 0) {
  const time = { now };
  const breaker = new CircuitBreaker('The store', () => time.now);
  const fail = (times: number) => {
    for (let index = 0; index < times; index++) {
      expect(breaker.tryEnter()).to.equal(undefined);
      breaker.failed();
    }
  };
  return { time, breaker, fail };
}

describe('a circuit breaker', () => {
  it('lets every call through up to five failures in a row', () => {
    const { breaker, fail } = breakerAt();
    fail(4);
    breaker.succeeded();
    fail(5);
    expect(breaker.tryEnter()?.message).to.equal('The store failed 5 times in a row; it is asked once a second');
  });

  it('lets one call a second through after that, whether it has an answer or not', () => {
    const { time, breaker, fail } = breakerAt();
    fail(5);
    time.now = 999;
    expect(breaker.tryEnter()).to.be.instanceOf(Error);
    time.now = 1000;
    expect(breaker.tryEnter()).to.equal(undefined);
    expect(breaker.tryEnter()).to.be.instanceOf(Error);
    time.now = 2000;
    expect(breaker.tryEnter()).to.equal(undefined);
    breaker.failed();
    expect(breaker.tryEnter()?.message).to.include('6 times');
  });

  it('lets every call through again once one has succeeded', () => {
    const { time, breaker, fail } = breakerAt();
    fail(5);
    expect(breaker.hasFailed).to.equal(true);
    time.now = 1000;
    breaker.tryEnter();
    breaker.succeeded();
    expect(breaker.hasFailed).to.equal(false);
    for (let index = 0; index < 9; index++) expect(breaker.tryEnter()).to.equal(undefined);
  });

  it('goes by the clock of the process, if no other is given', () => {
    const breaker = new CircuitBreaker('The store');
    for (let index = 0; index < 5; index++) breaker.failed();
    expect(breaker.tryEnter()).to.be.instanceOf(Error);
  });
});
