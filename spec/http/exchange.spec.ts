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
    expect(Exchange.ofRequest(message)).to.equal(exchange);
    expect(Exchange.ofRequest(message, response)).to.equal(exchange);
    expect(Exchange.ofResponse(response)).to.equal(exchange);
    expect(Exchange.known(response)).to.equal(exchange);
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

  it('is another for another request, even where the two share their headers', () => {
    const [{ message: one }, { message: other, response }] = [pair(), pair()];
    other.headers = one.headers;
    other.rawHeaders = one.rawHeaders;
    slot.set(Exchange.ofRequest(one), "one's");
    expect(Exchange.known(response)).to.equal(undefined);
    expect(slot.get(Exchange.ofRequest(other))).to.equal(undefined);
  });

  it('is that of the request for whoever inherits from it or stands in for it', () => {
    const { message } = pair();
    const exchange = Exchange.ofRequest(message);
    expect(Exchange.ofRequest(Object.create(message))).to.equal(exchange);
    expect(Exchange.ofRequest(new Proxy(message, {}))).to.equal(exchange);
  });

  it('is known of nobody who never asked', () => {
    expect(Exchange.known(pair().response)).to.equal(undefined);
  });

  it('is kept with a request that was made by hand, too', () => {
    const message = { headers: {}, socket: {} } as unknown as IncomingMessage;
    expect(Exchange.ofRequest(message)).to.equal(Exchange.ofRequest(message));
  });

  it('adds nothing to the names and the JSON of a request', () => {
    const message = { headers: {}, method: 'GET' } as unknown as IncomingMessage;
    slot.set(Exchange.ofRequest(message), 'a secret');
    expect(Object.keys(message)).to.deep.equal(['headers', 'method']);
    expect(JSON.stringify(message)).to.equal('{"headers":{},"method":"GET"}');
  });

  it('says nothing of a login where the request is printed', () => {
    const { message } = pair();
    slot.set(Exchange.ofRequest(message), 'a secret');
    expect(inspect(message, { depth: 9, showHidden: true })).not.to.contain('a secret');
  });
});
