import { expect } from 'chai';
import { loginStartOf, runLogin } from '../../src/util/login-start';

/** Begins a login; `end` ends its request. */
function begin(startedAt: number) {
  let end = () => {};
  const seen = runLogin(
    startedAt,
    (callback) => {
      end = callback;
    },
    async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return loginStartOf();
    },
  );
  return { seen, end };
}

describe('the start of the login under way', () => {
  it('is known in its handler, after an await too', async () => {
    const { seen, end } = begin(7);
    expect(await seen).to.equal(7);
    end();
  });

  it('is that of each login, when several are under way', async () => {
    const [one, other] = [begin(1), begin(2)];
    expect(await Promise.all([one.seen, other.seen])).to.deep.equal([1, 2]);
    one.end();
    other.end();
  });

  it('stays known while another login ends', async () => {
    const [one, other] = [begin(1), begin(2)];
    other.end();
    expect(await one.seen).to.equal(1);
    one.end();
  });

  it('is unknown once its request has ended, to what its handler has left behind', async () => {
    const [one, other] = [begin(1), begin(2)];
    one.end();
    expect(await one.seen).to.equal(undefined);
    other.end();
  });

  it('is unknown outside of logins', () => {
    const { end } = begin(7);
    expect(loginStartOf()).to.equal(undefined);
    end();
  });
});
