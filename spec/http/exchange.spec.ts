import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect } from 'chai';
import Koa from 'koa';
import { Exchange } from '../../src/http/exchange';
import { Slot } from '../../src/http/slot';

const slot = new Slot<string>();

function pair(): { message: IncomingMessage; response: ServerResponse } {
  const message = new IncomingMessage(new Socket());
  return { message, response: new ServerResponse(message) };
}

describe('an exchange', () => {
  it('is one for a request, whoever asks', () => {
    const { message, response } = pair();
    const exchange = Exchange.ofRequest(message);
    expect(Exchange.known(message)).to.equal(exchange);
    expect(Exchange.ofRequest(message, response)).to.equal(exchange);
    expect(Exchange.ofResponse(response)).to.equal(exchange);
    expect(exchange.response).to.equal(response);
  });

  it('is one for all that Koa makes of a request', () => {
    const { message, response } = pair();
    const raw = Exchange.ofRequest(message);
    const context = new Koa().createContext(message, response);
    const asked = [Exchange.ofRequest(context), Exchange.ofRequest(context.request), Exchange.ofResponse(context)];
    expect(new Set([...asked, Exchange.ofResponse(context.response), Exchange.ofResponse(response)])).to.have.all.keys(
      raw,
    );
    expect(raw.isOfKoa).to.equal(true);
    expect(raw.response).to.equal(response);
  });

  it('is another for another request, even where the two share their raw headers', () => {
    const [{ message: one }, { message: other }] = [pair(), pair()];
    other.rawHeaders = one.rawHeaders;
    slot.set(Exchange.ofRequest(one), "one's");
    expect(Exchange.known(other)).to.equal(undefined);
    expect(slot.get(Exchange.ofRequest(other))).to.equal(undefined);
  });

  it('is known of nobody who never asked', () => {
    expect(Exchange.known(pair().message)).to.equal(undefined);
    expect(Exchange.known(undefined)).to.equal(undefined);
  });

  it('is kept with a request that has no raw headers, as one made by hand may be', () => {
    const message = { headers: {}, socket: {} } as unknown as IncomingMessage;
    expect(Exchange.ofRequest(message)).to.equal(Exchange.ofRequest(message));
  });

  it('adds nothing to the names and the JSON of a request and of its headers', () => {
    const { message } = pair();
    message.rawHeaders.push('Host', 'localhost');
    const earlier = Reflect.ownKeys(message);
    Exchange.ofRequest(message);
    expect(Reflect.ownKeys(message)).to.deep.equal(earlier);
    expect([...message.rawHeaders]).to.deep.equal(['Host', 'localhost']);
    expect(JSON.stringify(message.rawHeaders)).to.equal('["Host","localhost"]');
    expect(Object.keys(message.rawHeaders)).to.deep.equal(['0', '1']);
  });

  it('says nothing of a login where the request is printed', () => {
    const { message } = pair();
    slot.set(Exchange.ofRequest(message), 'a secret');
    expect(inspect(message, { depth: 9, showHidden: true })).not.to.contain('a secret');
  });
});
