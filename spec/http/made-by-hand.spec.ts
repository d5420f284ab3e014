import { expect } from 'chai';
import { managerOf, tokenOf } from '../support/accounts';
import { rejection } from '../support/rejection';
import type { App } from '../support/servers';

const manager = managerOf();
const headers = { authorization: `Bearer ${tokenOf(manager)}` };

/** Responses as unit tests make them. */
const responses: Record<string, () => unknown> = {
  'an empty object': () => ({}),
  'an object without a prototype': () => Object.create(null),
  'a frozen object': () => Object.freeze({}),
  undefined: () => undefined,
  'functions that do nothing': () => ({ setHeader() {}, getHeader() {}, end() {} }),
  'a writeHead that cannot be replaced': () => Object.freeze({ writeHead() {}, end() {}, setHeader() {} }),
  'null functions': () => ({ writeHead: null, end: null, setHeader: null }),
};

/** Requests as unit tests make them. */
const requests: Record<string, (fields: object) => unknown> = {
  'a plain object': (fields) => ({ ...fields }),
  'an object without a prototype': (fields) => Object.assign(Object.create(null), fields),
  'a frozen object': (fields) => Object.freeze({ ...fields }),
  'frozen raw headers': (fields) => ({ ...fields, rawHeaders: Object.freeze([]) }),
  'an application without settings': (fields) => ({ ...fields, app: {} }),
  'an application that inherits nothing': (fields) => ({ ...fields, app: Object.create(null) }),
  'a socket that is nothing': (fields) => ({ ...fields, socket: null }),
};

describe('an action that is made by hand, as in unit tests of an application,', () => {
  for (const [requestName, makeRequest] of Object.entries(requests)) {
    for (const [responseName, makeResponse] of Object.entries(responses)) {
      it(`is checked: request ${requestName}, response ${responseName}`, async () => {
        const action = (fields: object): App => ({ request: makeRequest(fields), response: makeResponse() });
        expect(await manager.checker(action({ headers }), [])).to.equal(true);
        expect(await manager.currentUserChecker(action({ headers }))).to.include({ email: 'ada@example.com' });
        expect(await manager.currentUserChecker(action({ headers: {} }))).to.equal(null);
        const refused = await rejection((async () => manager.checker(action({ headers: {} }), []))());
        expect(refused.code).to.equal('token_missing');
        const short = await rejection((async () => manager.checker(action({ headers }), ['admin']))());
        expect(short.code).to.equal('insufficient_scope');
      });
    }

    it(`is authenticated: request ${requestName}`, async () => {
      expect((await manager.authenticate(makeRequest({ headers }) as App)).user.email).to.equal('ada@example.com');
      expect(await manager.optional(makeRequest({ headers: {} }) as App)).to.equal(null);
      const refused = await rejection(manager.authenticate(makeRequest({ headers: {} }) as App));
      expect(refused.code).to.equal('token_missing');
    });
  }
});
