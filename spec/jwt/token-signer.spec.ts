import { KeyObject } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import jsonwebtoken from 'jsonwebtoken';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { TokenData } from '../../src/jwt/token-signer';
import { managerOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { nameOf } from '../support/name-of';
import { rejection } from '../support/rejection';
import { headerOf, payloadOf } from '../support/tokens';

const clock = new TestClock();
const NOW = clock.now / 1000;
const manager = managerOf({ clock: clock.tell });
const make = (data: unknown) => manager.createAccessToken({ data: data as TokenData });

const RESERVED = ['iss', 'aud', 'exp', 'iat', 'jti', 'scopes', 'scope'];

describe('a token that is made', () => {
  it('is signed with a key and headers that were prepared before', () => {
    const { sign } = jsonwebtoken;
    const calls: unknown[][] = [];
    jsonwebtoken.sign = ((...args: Parameters<typeof sign>) => {
      calls.push(args);
      return sign(...args);
    }) as typeof sign;
    try {
      for (const sub of ['ada@example.com', 'bob@example.com']) expect(payloadOf(make({ sub })).sub).to.equal(sub);
    } finally {
      jsonwebtoken.sign = sign;
    }
    const [[, firstKey, firstOptions] = [], [, key, options] = []] = calls;
    expect(key).to.be.instanceOf(KeyObject).and.equal(firstKey);
    expect(options).to.be.an('object').and.equal(firstOptions);
  });

  it('has the data, iat and exp, and nothing else', () => {
    expect(payloadOf(make({ sub: 'ada@example.com', theme: 'dark' }))).to.deep.equal({
      sub: 'ada@example.com',
      theme: 'dark',
      iat: NOW,
      exp: NOW + 900,
    });
  });

  it('has the scopes in a list, each once', () => {
    const token = manager.createAccessToken({ data: { sub: 'ada' }, scopes: ['a', 'b', 'a'] });
    expect(payloadOf(token).scopes).to.deep.equal(['a', 'b']);
  });

  it('has the scopes in one text where scopeClaim says so', () => {
    const token = managerOf({ scopeClaim: 'scope' }).createAccessToken({
      data: { sub: 'ada' },
      scopes: ['a', 'b', 'a'],
    });
    expect(payloadOf(token)).to.include({ scope: 'a b' }).and.not.to.have.property('scopes');
  });

  it('has an empty list of scopes where it is given one', () => {
    expect(payloadOf(manager.createAccessToken({ data: { sub: 'ada' }, scopes: [] })).scopes).to.deep.equal([]);
  });

  it('has the issuer, and the audience: one as text, several as a list', () => {
    const issuer = 'https://issuer.example';
    expect(payloadOf(managerOf({ issuer, audience: 'api' }).createAccessToken({ data: { sub: 'ada' } }))).to.include({
      iss: issuer,
      aud: 'api',
    });
    expect(
      payloadOf(managerOf({ audience: ['api', 'web'] }).createAccessToken({ data: { sub: 'ada' } })).aud,
    ).to.deep.equal(['api', 'web']);
  });

  it('has a sub that is a number as a number', () => {
    expect(payloadOf(make({ sub: 7 })).sub).to.equal(7);
  });

  it('may have an nbf, which is held to', async () => {
    const token = make({ sub: 'ada@example.com', nbf: NOW + 10 });
    expect((await rejection(manager.getCurrentUser(token))).code).to.equal('token_invalid');
  });

  for (const claim of RESERVED) {
    it(`cannot have ${claim} among its data: the options say it`, () => {
      expect(() => make({ sub: 'ada', [claim]: 1 })).to.throw(
        ConfigurationError,
        `data must not have the reserved claim '${claim}'; use the manager's options`,
      );
    });
  }

  it('may have a reserved claim that is undefined: JSON leaves it out', () => {
    expect(payloadOf(make({ sub: 'ada', aud: undefined }))).not.to.have.property('aud');
  });

  for (const sub of [undefined, null, '', 1.5, Number.NaN, 2 ** 53, true, ['ada'], { id: 1 }, 10n, new Date(0)]) {
    it(`cannot have the sub ${nameOf(sub)}`, () => {
      expect(() => make({ sub })).to.throw(
        ConfigurationError,
        /data\.sub is missing or unusable; it must be a non-empty string or a safe integer/,
      );
    });
  }

  for (const data of [undefined, null, 'ada', 7, []]) {
    it(`cannot be made of ${nameOf(data)}`, () => {
      expect(() => make(data)).to.throw(
        ConfigurationError,
        /data\.sub is missing|createAccessToken\(\) was given no object/,
      );
    });
  }

  for (const nbf of ['soon', null, Number.NaN, Infinity]) {
    it(`cannot have the nbf ${nbf}`, () => {
      expect(() => make({ sub: 'ada', nbf })).to.throw(
        ConfigurationError,
        /data\.nbf is not a number; it must be seconds/,
      );
    });
  }

  it('cannot hold what JSON has no word for', () => {
    const circle: Record<string, unknown> = { sub: 'ada' };
    circle.self = circle;
    for (const data of [circle, { sub: 'ada', big: 1n }])
      expect(() => make(data)).to.throw(ConfigurationError, /data cannot be written as JSON/);
  });

  for (const scopes of ['a b', [''], ['a b'], ['a"b'], ['ä'], ['a\n'], [1], [null], {}, 5, null]) {
    it(`cannot have the scopes ${nameOf(scopes)}`, async () => {
      expect(() => manager.createAccessToken({ data: { sub: 'ada' }, scopes: scopes as never })).to.throw(
        ConfigurationError,
        /scopes must be an array of scopes/,
      );
      expect(
        await rejection(manager.createTokenResponse({ data: { sub: 'ada' }, scopes: scopes as never })),
      ).to.be.instanceOf(ConfigurationError);
    });
  }

  it('cannot be longer than what is accepted', async () => {
    const size = (length: number) => make({ sub: 'ada@example.com', pad: 'x'.repeat(length) });
    expect(await manager.getCurrentUser(size(5900))).to.include({ email: 'ada@example.com' });
    expect(() => size(6200)).to.throw(ConfigurationError, /more than 8192 are never accepted; put less into data/);
  });

  it('says JWT in its header', () => {
    expect(headerOf(make({ sub: 'ada' }))).to.deep.equal({ alg: 'HS256', typ: 'JWT' });
  });

  it('leaves its data as they were, frozen ones too', () => {
    const data = Object.freeze({ sub: 'ada', roles: Object.freeze(['a']) });
    const scopes = Object.freeze(['x', 'x']);
    manager.createAccessToken({ data: data as never, scopes });
    expect(data).to.deep.equal({ sub: 'ada', roles: ['a'] });
    expect(scopes).to.deep.equal(['x', 'x']);
  });

  it('brings all that is plain JSON back to the loader unchanged', async () => {
    const seen: unknown[] = [];
    const claims = fc.dictionary(
      fc
        .oneof(
          fc.string(),
          fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', 'hasOwnProperty', 'sub ', 'alg'),
        )
        .filter((name) => ![...RESERVED, 'nbf', 'sub'].includes(name)),
      fc.jsonValue({ maxDepth: 3 }),
      { maxKeys: 6 },
    );
    const property = fc.asyncProperty(
      fc.oneof(fc.string({ minLength: 1, unit: 'grapheme' }), fc.maxSafeInteger()),
      claims,
      async (sub, rest) => {
        const data = Object.defineProperties({ sub }, Object.getOwnPropertyDescriptors(rest)) as TokenData;
        const before = JSON.stringify(data);
        const token = manager.createAccessToken({ data });
        expect(JSON.stringify(data), 'data is not changed').to.equal(before);
        const { exp, iat, ...payload } = payloadOf(token);
        expect(JSON.stringify(payload)).to.equal(JSON.stringify(JSON.parse(before)));
        const loading = managerOf({ clock: clock.tell, userLoader: undefined as never });
        loading.userLoader()((subject: unknown) => {
          seen.push(subject);
          return {};
        });
        await loading.getCurrentUser(token);
        expect(seen.pop()).to.equal(sub);
        expect([exp, iat]).to.deep.equal([NOW + 900, NOW]);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});

describe('a token response', () => {
  it('is the body of RFC 6749 §5.1', async () => {
    const response = await manager.createTokenResponse({
      data: { sub: 'ada' },
      scopes: ['b', 'a', 'b'],
      expires: '1h',
    });
    expect(response).to.deep.equal({
      access_token: response.access_token,
      token_type: 'bearer',
      expires_in: 3600,
      scope: 'b a',
    });
    expect(payloadOf(response.access_token)).to.deep.equal({
      sub: 'ada',
      iat: NOW,
      exp: NOW + 3600,
      scopes: ['b', 'a'],
    });
  });

  it('has no scope where the token has none', async () => {
    expect(await manager.createTokenResponse({ data: { sub: 'ada' } })).to.have.all.keys(
      'access_token',
      'token_type',
      'expires_in',
    );
    expect(await manager.createTokenResponse({ data: { sub: 'ada' }, scopes: [] })).not.to.have.property('scope');
  });

  it('has whole seconds, never more than the token has', async () => {
    expect((await manager.createTokenResponse({ data: { sub: 'ada' }, expires: '1500ms' })).expires_in).to.equal(1);
  });

  it('is rejected where no such token can be', async () => {
    for (const request of [{ data: { sub: '' } }, { data: { sub: 'ada' }, expires: 'soon' }]) {
      expect(await rejection(manager.createTokenResponse(request))).to.be.instanceOf(ConfigurationError);
    }
  });
});
