import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { TokenCookie } from '../../src/http/cookies/token-cookie';
import { RequestContext } from '../../src/http/request-context';
import { parseBearer, TokenExtractor } from '../../src/http/token-extractor';
import { managerOf, tokenOf } from '../support/accounts';
import { guardedRoute } from '../support/guarded-route';
import { bearer, cookie } from '../support/http';

describe('where a token is looked for', () => {
  describe('by default', () => {
    const send = guardedRoute(managerOf);
    const token = tokenOf(managerOf());

    it('is the header alone', async () => {
      expect(await send(bearer(token))).to.equal('let in');
      expect(await send(cookie(token))).to.equal('401 token_missing');
      expect(await send({})).to.equal('401 token_missing');
    });
  });

  describe('with useCookie', () => {
    const manager = managerOf({ useCookie: true });
    const send = guardedRoute(() => manager);
    const token = tokenOf(manager);

    it('is the header or the cookie', async () => {
      expect(await send(bearer(token))).to.equal('let in');
      expect(await send(cookie(token))).to.equal('let in');
    });

    it('is the header first, a bad one too', async () => {
      for (const bad of ['garbage', '', ' ']) {
        expect(await send({ Authorization: `Bearer ${bad}`, ...cookie(token) })).to.equal('401 token_invalid');
      }
      expect(await send({ ...bearer(token), ...cookie('garbage') })).to.equal('let in');
    });

    it('is the cookie, where the header has another scheme', async () => {
      for (const header of ['Basic YWRhOnNlY3JldA==', 'Digest username="ada"', 'Bearing x']) {
        expect(await send({ Authorization: header, ...cookie(token) })).to.equal('let in');
      }
    });
  });

  describe('with useCookie and without useHeader', () => {
    const manager = managerOf({ useCookie: true, useHeader: false });
    const send = guardedRoute(() => manager);
    const token = tokenOf(manager);

    it('is the cookie alone', async () => {
      expect(await send(cookie(token))).to.equal('let in');
      expect(await send(bearer(token))).to.equal('401 token_missing');
      expect(await send({ ...bearer('garbage'), ...cookie(token) })).to.equal('let in');
    });
  });
});

describe('the cookie that is read', () => {
  const manager = managerOf({ useCookie: true });
  const send = guardedRoute(() => manager);
  const token = tokenOf(manager);
  const other = tokenOf(manager, 'bob@example.com');

  it('may stand among others, in any order', async () => {
    for (const header of [
      `a=b; access-token=${token}`,
      `access-token=${token}; a=b`,
      `a=b;access-token=${token};c=d`,
      `a; =b; access-token=${token}; ;`,
    ]) {
      expect(await send({ Cookie: header }), header).to.equal('let in');
    }
  });

  it('may be sent twice with the same token', async () => {
    expect(await send({ Cookie: `access-token=${token}; access-token=${token}` })).to.equal('let in');
  });

  it('is none of two that differ: nobody knows which one is ours', async () => {
    for (const pair of [
      [token, other],
      [token, 'x'],
      [token, ''],
      ['', token],
    ]) {
      expect(await send({ Cookie: pair.map((value) => `access-token=${value}`).join('; ') }), String(pair)).to.equal(
        '401 token_invalid',
      );
    }
  });

  it('is none where it is empty', async () => {
    expect(await send({ Cookie: 'access-token=' })).to.equal('401 token_missing');
  });

  it('is none without a value', async () => {
    for (const header of ['access-token', 'access-tokenX', 'access-token; a=b'])
      expect(await send({ Cookie: header }), header).to.equal('401 token_missing');
  });

  it('is not hidden by a text without a value that resembles its name', async () => {
    for (const text of ['access-token', 'access-tokenX'])
      expect(await send({ Cookie: `${text}; access-token=${token}` }), text).to.equal('let in');
  });

  it('is taken to the letter: neither quotes nor percent-encoding are undone', async () => {
    for (const value of [
      `"${token}"`,
      encodeURIComponent(`${token} `),
      token.replaceAll('.', '%2E'),
      token.replace('e', '%65'),
    ]) {
      expect(await send({ Cookie: `access-token=${value}` }), value).to.equal('401 token_invalid');
    }
  });

  for (const cookieName of ['__proto__', 'constructor', 'a.b', '__Host-session', 'access-token2']) {
    describe(`and is called ${cookieName}`, () => {
      const named = managerOf({ useCookie: true, cookieName });
      const sendNamed = guardedRoute(() => named);

      it('is found by its whole name', async () => {
        expect(await sendNamed(cookie(token, cookieName))).to.equal('let in');
        for (const name of [`x${cookieName}`, `${cookieName}x`, cookieName.toUpperCase(), 'access-token']) {
          expect(await sendNamed(cookie(token, name)), name).to.equal('401 token_missing');
        }
      });
    });
  }
});

describe('a token extractor', () => {
  /** What is in the cookies; undefined for none of the name. */
  function cookies(values: readonly string[] | undefined) {
    const expired: unknown[] = [];
    const cookie = {
      read: () => values?.[0],
      readAll: () => values ?? [],
      expireDuplicates: (context: unknown) => expired.push(context),
    };
    return { cookie: cookie as unknown as TokenCookie, expired };
  }

  const contextOf = (headers: object = {}) => RequestContext.fromRequest({ headers } as never);
  const inHeader = { authorization: 'Bearer a' };

  it('tells where the token is', () => {
    const { cookie } = cookies(['b']);
    expect(new TokenExtractor(true, cookie).extract(contextOf(inHeader))).to.deep.equal({
      token: 'a',
      location: 'header',
    });
    expect(new TokenExtractor(false, cookie).extract(contextOf(inHeader))).to.deep.equal({
      token: 'b',
      location: 'cookie',
    });
    const inRequest = new TokenExtractor(true, cookies(undefined).cookie, () => 'c');
    expect(inRequest.extract(contextOf())).to.deep.equal({ token: 'c', location: 'request' });
    expect(new TokenExtractor(true, undefined).extract(contextOf())).to.equal(undefined);
  });

  it('has the response expire cookies whose values differ, and no others', () => {
    for (const [values, count] of [
      [[''], 1],
      [['b'], 0],
      [undefined, 0],
    ] as const) {
      const { cookie, expired } = cookies(values);
      new TokenExtractor(true, cookie).extract(contextOf());
      expect(expired, `${values}`).to.have.length(count);
    }
  });

  it('finds every token of a request, for a logout', () => {
    const { cookie } = cookies(['b', 'c']);
    const all = (extractor: TokenExtractor, headers: object = inHeader) => extractor.extractAll(contextOf(headers));
    expect(all(new TokenExtractor(true, cookie, () => 'd'))).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(all(new TokenExtractor(false, cookie, () => undefined))).to.deep.equal(['b', 'c']);
    expect(all(new TokenExtractor(true, cookies(undefined).cookie))).to.deep.equal(['a']);
    expect(all(new TokenExtractor(true, undefined), {})).to.deep.equal([]);
  });

  it('takes any value but a string for an invalid token, and none for no token', () => {
    const found = (value: unknown) => new TokenExtractor(true, undefined, () => value as string).extract(contextOf());
    for (const value of [7, true, {}, ['a']]) expect(found(value)?.token, `${value}`).to.equal('');
    for (const value of [undefined, null, '']) expect(found(value), `${value}`).to.equal(undefined);
  });

  it('is a mistake, if tokenFrom returns a promise', () => {
    for (const promise of [async () => 'a', () => Promise.reject(new Error('no'))])
      expect(() => new TokenExtractor(true, undefined, promise as never).extract(contextOf())).to.throw(
        ConfigurationError,
        'tokenFrom returned a promise; return a string or undefined',
      );
  });

  it('reads spaces before the token, and none within', () => {
    expect(parseBearer('Bearer   a b')).to.equal('a b');
    expect(parseBearer('Bearer a  b')).to.equal('a  b');
    expect(parseBearer('bearer a')).to.equal('a');
    expect(parseBearer('a Bearer')).to.equal(undefined);
  });
});
