import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import { ContextKey, RequestContext } from '../../src/http/request-context';

describe('a slot', () => {
  it('keeps something with an exchange', () => {
    const slot = new ContextKey<string>();
    const [one, other] = [someExchange(), someExchange()];
    slot.set(one, 'first');
    expect(slot.get(one)).to.equal('first');
    expect(slot.get(other)).to.equal(undefined);
    slot.set(one, 'second');
    expect(slot.get(one)).to.equal('second');
  });

  it('is not seen by another slot', () => {
    const owner = someExchange();
    new ContextKey<string>().set(owner, 'a secret');
    expect(new ContextKey<string>().get(owner)).to.equal(undefined);
  });
});

function someExchange(): RequestContext {
  return RequestContext.fromRequest(new IncomingMessage(new Socket()));
}
