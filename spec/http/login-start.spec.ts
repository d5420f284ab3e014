import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import { loginStartOf, markLoginStart, runLogin } from '../../src/http/login-start';
import { RequestContext } from '../../src/http/request-context';

/** Begins a login; `end` ends its request. */
function begin() {
  const message = new IncomingMessage(new Socket());
  const response = new ServerResponse(message);
  const context = RequestContext.fromRequest(message as never, response);
  const startedAt = markLoginStart(context);
  const seen = runLogin(context, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return loginStartOf();
  });
  return { startedAt, seen, end: () => response.emit('close') };
}

describe('the start of the login under way', () => {
  it('is known in its handler, after an await too', async () => {
    const { startedAt, seen, end } = begin();
    expect(await seen).to.equal(startedAt);
    end();
  });

  it('is that of each login, when several are under way', async () => {
    const [one, other] = [begin(), begin()];
    expect(one.startedAt).to.be.below(other.startedAt);
    expect(await Promise.all([one.seen, other.seen])).to.deep.equal([one.startedAt, other.startedAt]);
    one.end();
    other.end();
  });

  it('stays known while another login ends', async () => {
    const [one, other] = [begin(), begin()];
    other.end();
    expect(await one.seen).to.equal(one.startedAt);
    one.end();
  });

  it('is unknown once its request has ended, to what its handler has left behind', async () => {
    const [one, other] = [begin(), begin()];
    one.end();
    expect(await one.seen).to.equal(undefined);
    other.end();
  });

  it('is unknown outside of logins', () => {
    const { end } = begin();
    expect(loginStartOf()).to.equal(undefined);
    end();
  });
});
