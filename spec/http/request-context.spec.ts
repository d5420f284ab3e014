import { deepStrictEqual } from 'node:assert';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect } from 'chai';
import Koa from 'koa';
import { ContextKey, RequestContext } from '../../src/http/request-context';

const slot = new ContextKey<string>();

function pair(): { message: IncomingMessage; response: ServerResponse } {
  const message = new IncomingMessage(new Socket());
  return { message, response: new ServerResponse(message) };
}

describe('an exchange', () => {
  it('is one for a request, whoever asks', () => {
    const { message, response } = pair();
    const exchange = RequestContext.fromRequest(message);
    expect(RequestContext.fromRequest(message)).to.equal(exchange);
    expect(RequestContext.fromRequest(message, response)).to.equal(exchange);
    expect(RequestContext.fromResponse(response)).to.equal(exchange);
    expect(RequestContext.existing(response)).to.equal(exchange);
    expect(exchange.response).to.equal(response);
  });

  it('is one for all that Koa makes of a request', () => {
    const { message, response } = pair();
    const raw = RequestContext.fromRequest(message);
    const context = new Koa().createContext(message, response);
    const asked = [
      RequestContext.fromRequest(context),
      RequestContext.fromRequest(context.request),
      RequestContext.fromResponse(context),
    ];
    expect(
      new Set([...asked, RequestContext.fromResponse(context.response), RequestContext.fromResponse(response)]),
    ).to.have.all.keys(raw);
    expect(raw.isKoa).to.equal(true);
    expect(raw.response).to.equal(response);
  });

  it('is another for another request, even where the two share their headers', () => {
    const [{ message: one }, { message: other, response }] = [pair(), pair()];
    other.headers = one.headers;
    other.rawHeaders = one.rawHeaders;
    slot.set(RequestContext.fromRequest(one), "one's");
    expect(RequestContext.existing(response)).to.equal(undefined);
    expect(slot.get(RequestContext.fromRequest(other))).to.equal(undefined);
  });

  it('is that of the request for what inherits from it', () => {
    const { message } = pair();
    const exchange = RequestContext.fromRequest(message);
    expect(RequestContext.fromRequest(Object.create(message))).to.equal(exchange);
  });

  it('is another for what inherits from a request, but has been given other headers', () => {
    const { message } = pair();
    const heir = Object.create(message, { headers: { value: { authorization: 'Bearer other' } } });
    slot.set(RequestContext.fromRequest(message), "the request's");
    expect(slot.get(RequestContext.fromRequest(heir))).to.equal(undefined);
    expect(RequestContext.fromRequest(heir)).to.equal(RequestContext.fromRequest(heir));
  });

  it('is of its own for what only stands in for a request, and leaves that its', () => {
    const { message } = pair();
    const exchange = RequestContext.fromRequest(message);
    const standIn = new Proxy(message, {});
    expect(RequestContext.fromRequest(standIn)).to.equal(RequestContext.fromRequest(standIn)).and.not.equal(exchange);
    expect(RequestContext.fromRequest(message)).to.equal(exchange);
  });

  it('is known of nobody who never asked', () => {
    expect(RequestContext.existing(pair().response)).to.equal(undefined);
  });

  it('is kept with a request that makes its raw headers each time anew', () => {
    const message = Object.defineProperty(pair().message, 'rawHeaders', { get: () => ['Host', 'localhost'] });
    expect(RequestContext.fromRequest(message)).to.equal(RequestContext.fromRequest(message));
  });

  it('stays with its request where the raw headers are frozen later', () => {
    const { message } = pair();
    const exchange = RequestContext.fromRequest(message);
    Object.freeze(message.rawHeaders);
    expect(RequestContext.fromRequest(message)).to.equal(exchange);
  });

  for (const [name, rawHeaders] of [
    ['has no raw headers', undefined],
    ['has raw headers that cannot be changed', Object.freeze(['Host', 'localhost'])],
  ] as const) {
    it(`is kept with a request that ${name}`, () => {
      const message = { headers: {}, socket: {}, rawHeaders } as unknown as IncomingMessage;
      expect(RequestContext.fromRequest(message)).to.equal(RequestContext.fromRequest(message));
      expect(Object.keys(message)).to.deep.equal(['headers', 'socket', 'rawHeaders']);
    });
  }

  it('is in no copy, comparison and JSON of a request and its headers', () => {
    const { message } = pair();
    message.rawHeaders.push('Host', 'localhost');
    const earlier = Reflect.ownKeys(message);
    slot.set(RequestContext.fromRequest(message), 'a secret');
    expect(Reflect.ownKeys(message)).to.deep.equal(earlier);
    deepStrictEqual(message.rawHeaders, ['Host', 'localhost']);
    expect(Reflect.ownKeys(Object.assign([], message.rawHeaders))).to.deep.equal(['0', '1', 'length']);
    expect(JSON.stringify(message.rawHeaders)).to.equal('["Host","localhost"]');
  });

  it('says nothing of a login where the request is printed', () => {
    const { message } = pair();
    slot.set(RequestContext.fromRequest(message), 'a secret');
    expect(inspect(message, { depth: 9, showHidden: true })).not.to.contain('a secret');
  });
});
