import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import { Slot } from '../../src/http/context-key';
import { Exchange } from '../../src/http/request-context';

describe('a slot', () => {
  it('keeps something with an exchange', () => {
    const slot = new Slot<string>();
    const [one, other] = [someExchange(), someExchange()];
    slot.set(one, 'first');
    expect(slot.get(one)).to.equal('first');
    expect(slot.get(other)).to.equal(undefined);
    slot.set(one, 'second');
    expect(slot.get(one)).to.equal('second');
  });

  it('is not seen by another slot', () => {
    const owner = someExchange();
    new Slot<string>().set(owner, 'a secret');
    expect(new Slot<string>().get(owner)).to.equal(undefined);
  });
});

function someExchange(): Exchange {
  return Exchange.ofRequest(new IncomingMessage(new Socket()));
}
