import { deepStrictEqual } from 'node:assert';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect } from 'chai';
import Koa from 'koa';
import { Slot } from '../../src/http/context-key';
import { Exchange } from '../../src/http/request-context';

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

  it('is that of the request for what inherits from it', () => {
    const { message } = pair();
    const exchange = Exchange.ofRequest(message);
    expect(Exchange.ofRequest(Object.create(message))).to.equal(exchange);
  });

  it('is another for what inherits from a request, but has been given other headers', () => {
    const { message } = pair();
    const heir = Object.create(message, { headers: { value: { authorization: 'Bearer other' } } });
    slot.set(Exchange.ofRequest(message), "the request's");
    expect(slot.get(Exchange.ofRequest(heir))).to.equal(undefined);
    expect(Exchange.ofRequest(heir)).to.equal(Exchange.ofRequest(heir));
  });

  it('is of its own for what only stands in for a request, and leaves that its', () => {
    const { message } = pair();
    const exchange = Exchange.ofRequest(message);
    const standIn = new Proxy(message, {});
    expect(Exchange.ofRequest(standIn)).to.equal(Exchange.ofRequest(standIn)).and.not.equal(exchange);
    expect(Exchange.ofRequest(message)).to.equal(exchange);
  });

  it('is known of nobody who never asked', () => {
    expect(Exchange.known(pair().response)).to.equal(undefined);
  });

  it('is kept with a request that makes its raw headers each time anew', () => {
    const message = Object.defineProperty(pair().message, 'rawHeaders', { get: () => ['Host', 'localhost'] });
    expect(Exchange.ofRequest(message)).to.equal(Exchange.ofRequest(message));
  });

  it('stays with its request where the raw headers are frozen later', () => {
    const { message } = pair();
    const exchange = Exchange.ofRequest(message);
    Object.freeze(message.rawHeaders);
    expect(Exchange.ofRequest(message)).to.equal(exchange);
  });

  for (const [name, rawHeaders] of [
    ['has no raw headers', undefined],
    ['has raw headers that cannot be changed', Object.freeze(['Host', 'localhost'])],
  ] as const) {
    it(`is kept with a request that ${name}`, () => {
      const message = { headers: {}, socket: {}, rawHeaders } as unknown as IncomingMessage;
      expect(Exchange.ofRequest(message)).to.equal(Exchange.ofRequest(message));
      expect(Object.keys(message)).to.deep.equal(['headers', 'socket', 'rawHeaders']);
    });
  }

  it('is in no copy, comparison and JSON of a request and its headers', () => {
    const { message } = pair();
    message.rawHeaders.push('Host', 'localhost');
    const earlier = Reflect.ownKeys(message);
    slot.set(Exchange.ofRequest(message), 'a secret');
    expect(Reflect.ownKeys(message)).to.deep.equal(earlier);
    deepStrictEqual(message.rawHeaders, ['Host', 'localhost']);
    expect(Reflect.ownKeys(Object.assign([], message.rawHeaders))).to.deep.equal(['0', '1', 'length']);
    expect(JSON.stringify(message.rawHeaders)).to.equal('["Host","localhost"]');
  });

  it('says nothing of a login where the request is printed', () => {
    const { message } = pair();
    slot.set(Exchange.ofRequest(message), 'a secret');
    expect(inspect(message, { depth: 9, showHidden: true })).not.to.contain('a secret');
  });
});
