import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import type { Action } from 'routing-controllers';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { rejection } from '../support/rejection';

const lower = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** How unit tests write an action by hand, around these headers. */
const actions: Record<string, (headers?: object) => Action> = {
  'two plain objects': (headers = {}) => ({ request: { headers }, response: {} }),
  'no response': (headers = {}) => ({ request: { headers }, response: undefined }),
  'frozen objects': (headers = {}) => ({
    request: Object.freeze({ headers: Object.freeze(headers) }),
    response: Object.freeze({}),
  }),
  'objects without a prototype': (headers = {}) => ({
    request: Object.assign(Object.create(null), { headers }),
    response: Object.create(null),
  }),
  'an application that is a plain object': (headers = {}) => ({
    request: { headers, app: {} },
    response: { locals: {} },
  }),
  'a request of Koa': (headers = {}) => {
    const request = { req: { headers }, res: {}, headers };
    return { request, response: { res: {}, req: request.req }, context: { request } };
  },
  'a request of Koa without its response': (headers = {}) => ({ request: { req: { headers } }, response: undefined }),
};

describe('an action made by hand of', () => {
  const manager = managerOf({ useCookie: true });
  const token = tokenOf(manager);

  for (const [name, actionWith] of Object.entries(actions)) {
    it(`${name} is authenticated`, async () => {
      for (const headers of [bearer(token), cookie(token)].map(lower)) {
        expect(await manager.checker(actionWith(headers), [])).to.equal(true);
        expect(await manager.currentUserChecker(actionWith(headers))).to.include({ email: 'ada@example.com' });
      }
    });

    it(`${name} is refused without a token`, async () => {
      const checked = (async () => manager.checker(actionWith(), []))();
      expect(await rejection(checked)).to.be.an.instanceOf(NotAuthenticatedError);
      expect(await manager.currentUserChecker(actionWith())).to.equal(null);
    });

    it(`${name} is held to the origin check, if it has a method`, async () => {
      const action = actionWith(lower({ ...cookie(token), ...foreign }));
      const target = action.request.req ?? action.request;
      if (Object.isFrozen(target)) return;
      target.method = 'POST';
      const checked = (async () => manager.checker(action, []))();
      expect(await rejection(checked)).to.include({ code: 'cross_origin' });
    });
  }

  it('a request without headers is refused', async () => {
    const checked = (async () => manager.checker({ request: {}, response: {} }, []))();
    expect(await rejection(checked)).to.include({ code: 'token_missing' });
  });

  for (const [name, response] of Object.entries({
    'a plain object': {},
    'a context of Koa without a response': { res: {} },
  })) {
    it(`setCookie says what it needs instead of ${name}`, () => {
      expect(() => manager.setCookie(response as never, token)).to.throw(
        /A cookie needs a response; pass the response of/,
      );
      expect(() => manager.clearCookie(response as never)).to.throw(/A cookie needs a response; pass the response of/);
    });
  }
});

describe('an object that inherits from a request', () => {
  const manager = managerOf({ useCookie: true });

  function requestOf(method: string): IncomingMessage {
    const message = new IncomingMessage(new Socket());
    message.method = method;
    Object.assign(message.headers, lower({ ...cookie(tokenOf(manager)), ...foreign }));
    return message;
  }

  it('is held to the origin check by its own method', async () => {
    const message = requestOf('GET');
    expect(await manager.authenticate(message)).to.have.property('user');
    const posting = Object.create(message, { method: { value: 'POST' } });
    expect(await rejection(manager.authenticate(posting))).to.include({ code: 'cross_origin' });
    expect(await manager.authenticate(message), 'which changes nothing for the request').to.have.property('user');
  });

  it('is let in by its own method, though the request would not be', async () => {
    const message = requestOf('POST');
    expect(await rejection(manager.authenticate(message))).to.include({ code: 'cross_origin' });
    expect(await manager.authenticate(Object.create(message, { method: { value: 'GET' } }))).to.have.property('user');
  });

  it('is the same request where it has the same method', async () => {
    const message = requestOf('GET');
    const authentication = await manager.authenticate(message);
    expect(await manager.authenticate(Object.create(message))).to.equal(authentication);
  });
});
