import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { parseOptions } from '../../src/manager/settings';
import { managerOf, SECRET } from '../support/accounts';
import { nameOf } from '../support/name-of';

const NOW = Date.UTC(2030, 0, 1);

const refused: [keyof LoginManagerOptions<unknown>, unknown[], RegExp][] = [
  ['algorithm', ['none', 'HS1', null, 256, [], ['none']], /algorithm must be one of HS256|algorithm is an empty array/],
  ['useHeader', ['true', 1, null, 'no'], /useHeader must be true or false/],
  ['useCookie', ['true', 0, null], /useCookie must be true or false/],
  ['cookieName', ['', 7, null, 'a b', 'a;b', 'a=b', 'a\n', 'ä', '__Host-ü'], /cookieName/],
  ['cookie', [null, 'Secure', true], /cookie must be an object of attributes/],
  ['defaultExpiry', [0, -1, Number.NaN, 'soon', NOW, null], /defaultExpiry must be a length of time/],
  ['notAuthenticatedException', ['Error', {}, null, new Error('x')], /notAuthenticatedException must be a function/],
  ['outOfScopeException', ['Error', {}, null, 403], /outOfScopeException must be a function/],
  [
    'scopes',
    [
      null,
      [],
      ['notes:read'],
      'notes:read',
      { 'notes read': 'x' },
      { '': 'x' },
      { 'a"b': 'x' },
      { ä: 'x' },
      { a: 1 },
      { a: undefined },
      { a: {} },
      { a: { description: 7 } },
      { a: { description: 'A', implies: 'b' }, b: 'B' },
      { a: { description: 'A', implies: [7] } },
    ],
    /scopes must be an object of names and descriptions/,
  ],
  [
    'realm',
    ['', 7, null, 'a"b', 'a\\b', 'ä', 'a\r\nSet-Cookie: x=y', ['api']],
    /realm must be a string of printable ASCII/,
  ],
  ['defaultAccess', ['private', true, null, ''], /defaultAccess must be one of "public", "authenticated"/],
  ['scopesOf', [['a'], 'a', null], /scopesOf must be a function/],
  ['userLoader', [{}, 'Accounts', null, class {}, () => null], /userLoader must be a (function|class)/],
  ['issuer', ['', 7, null, ['https://issuer.example']], /issuer must be a non-empty string, or omitted/],
  [
    'audience',
    ['', [], [''], ['api', ''], 7, null, [7], { api: true }],
    /audience must be a non-empty string, or a non-empty array/,
  ],
  [
    'clockTolerance',
    [-1, Number.NaN, Infinity, '10', null, '10s'],
    /clockTolerance must be a number of seconds, zero or more/,
  ],
  ['acceptClaims', [true, {}, null, 'tenant'], /acceptClaims must be a function/],
  ['maxTokenAge', [0, -1, 'soon', null, Date.now()], /maxTokenAge must be a length of time/],
  ['tokenProfile', ['jwt', '', null, true, 'AT+JWT'], /tokenProfile must be one of "at\+jwt"/],
  ['scopeClaim', ['', null, true], /scopeClaim must be the name of a claim/],
  ['issuers', ['https://login.example.com', {}, null, true], /issuers must be an array/],
  [
    'trustedOrigins',
    [
      'https://app.example.com',
      null,
      {},
      [null],
      [7],
      [''],
      ['*'],
      ['null'],
      ['app.example.com'],
      ['https://app.example.com/path'],
      ['https://*'],
      ['https://*.com'],
      ['https://*.*.example.com'],
      ['https://app.*.example.com'],
      ['https://*example.com'],
      ['https://*.example.com/path'],
      ['https://*.127.0.0.1'],
      ['ws://app.example.com'],
      ['file:///'],
      ['capacitor:localhost'],
      ['capacitor://'],
      ['capacitor://local host'],
      ['https://user@app.example.com'],
      ['https://app.example.com?x'],
      ['https://app.example.com', 'evil'],
    ],
    /trustedOrigins must be an array of origins such as 'https:\/\/app.example.com' \(scheme, host and port only\)/,
  ],
  [
    'verifiedTokenCache',
    [null, true, 1000, { max: 0 }, { max: 1.5 }, { maxAge: 0 }, { maxAge: 'soon' }, { size: 10 }],
    /verifiedTokenCache/,
  ],
  ['userCache', [null, true, false, {}, { max: 10 }, { maxAge: '10s' }, { max: 0, maxAge: '10s' }], /userCache/],
  [
    'sessionStore',
    [null, {}, 'redis', { read: () => null, write: () => null }, { read: true, write: true, age: true }],
    /sessionStore must be a SessionStore with the methods read, write and age/,
  ],
  ['storeTimeout', [0, -1, 'soon', NOW], /storeTimeout must be a length of time/],
  ['refreshExpiry', [0, 'soon', null, Infinity, NOW], /refreshExpiry must be a length of time/],
  [
    'refreshUrl',
    ['', 7, null, 'token', '/to ken', '/token?x=1', '/token;Secure', 'https://app.example.com/token'],
    /refreshUrl must be/,
  ],
  [
    'credentials',
    [{}, null, 'X-API-Key', [null], [{ header: 'X-API-Key' }]],
    /credentials must be an array of credentials/,
  ],
  ['resource', ['', '/mcp', 'http://api.example.com', 'https://a.example/#b', 7, null], /resource must be the URL/],
  ['tokenFrom', ['query', {}, null], /tokenFrom must be a function/],
  ['originCheck', ['never', true, null], /originCheck must be one of "cookie", "always"/],
  ['cacheControl', ['', ' ', true, null, 7, 'private\r\nX: y'], /cacheControl must be a value of the header/],
  ['refreshLeeway', [-1, 'soon', null, true, NOW], /refreshLeeway must be a length of time/],
  ['slidingExpiry', [0, 'soon', null, '1d'], /slidingExpiry/],
  ['maxSessions', [0, -1, 1.5, '3', null, 3], /maxSessions/],
  ['keepClientDetails', [0, 'yes', null], /keepClientDetails must be true or false/],
  ['securityStamp', ['passwordChangedAt', {}, null], /securityStamp must be a function/],
  ['clock', [NOW, new Date(NOW), null], /clock must be a function/],
  ['context', ['yes', 1, null], /context must be true or false/],
];

describe('the options', () => {
  for (const [name, values, message] of refused) {
    describe(name, () => {
      for (const value of values) {
        it(`cannot be ${nameOf(value)}`, () => {
          expect(() => managerOf({ [name]: value } as never)).to.throw(ConfigurationError, message);
        });
      }

      it('may be undefined, which is as if it were left out', () => {
        expect(() => managerOf({ [name]: undefined })).not.to.throw();
      });
    });
  }

  it('are all tried here', () => {
    expect(refused.map(([name]) => name)).to.have.members(
      Object.keys(parseOptions())
        .filter((name) => name !== 'algorithms')
        .concat('algorithm', 'cookieName', 'useCookie'),
    );
  });

  for (const options of [null, 'HS256', 7, true]) {
    it(`cannot be ${nameOf(options)}`, () => {
      expect(() => new LoginManager(SECRET, '/login', options as never)).to.throw(
        ConfigurationError,
        /The options must be an object/,
      );
    });
  }

  for (const [slip, meant] of Object.entries({
    usecookie: 'useCookie',
    useCookies: 'useCookie',
    cookie_name: 'cookieName',
    expiry: undefined,
    defaultExpire: 'defaultExpiry',
    algorithms: 'algorithm',
    audiance: 'audience',
    tokenUrl: undefined,
    userloader: 'userLoader',
  })) {
    it(`cannot have ${slip}${meant ? `, and suggest ${meant}` : ', which is near to none'}`, () => {
      const message = `LoginManager has no '${slip}'; remove or rename it.${meant ? ` Did you mean "${meant}"?` : ''}`;
      expect(() => managerOf({ [slip]: true } as never)).to.throw(ConfigurationError, `${message}\n`);
    });
  }

  it('cannot have an unknown name that is undefined either: it is a slip all the same', () => {
    expect(() => managerOf({ useCokie: undefined } as never)).to.throw(ConfigurationError, /useCookie/);
  });

  it('cannot both be false, useHeader and useCookie: no token would ever be found', () => {
    expect(() => managerOf({ useHeader: false })).to.throw(
      ConfigurationError,
      /useHeader and useCookie are both false.*set one of them/,
    );
    expect(() => managerOf({ useHeader: false, useCookie: false })).to.throw(ConfigurationError, /both false/);
    expect(() => managerOf({ useHeader: false, useCookie: true })).not.to.throw();
  });

  it('may be none at all', () => {
    expect(() => new LoginManager(SECRET, '/login')).not.to.throw();
    expect(() => new LoginManager(SECRET, '/login', undefined)).not.to.throw();
    expect(() => new LoginManager(SECRET, '/login', {})).not.to.throw();
  });

  it('have the defaults of the contract', () => {
    expect(parseOptions().algorithms).to.equal(undefined); // HS256, or those of an issuer
    expect(parseOptions()).to.include({
      useHeader: true,
      cookie: undefined,
      defaultExpiry: 900,
      defaultAccess: 'public',
      clockTolerance: 0,
    });
    expect(parseOptions({ useCookie: true }).cookie).to.deep.equal({
      name: 'access-token',
      secure: 'auto',
      sameSite: 'lax',
      domain: undefined,
      path: '/',
      maxAge: undefined,
      partitioned: false,
    });
  });

  it('take trusted origins with a slash, in capitals and with a default port as browsers send them', () => {
    const trustedOrigins = [
      'https://app.example.com',
      'HTTPS://Other.Example/',
      'http://localhost:3000',
      'https://port.example:443',
      'https://*.Example.com:8443',
      'Capacitor://localhost',
    ];
    expect(parseOptions({ trustedOrigins }).trustedOrigins).to.deep.equal([
      'https://app.example.com',
      'https://other.example',
      'http://localhost:3000',
      'https://port.example',
      'https://*.example.com:8443',
      'capacitor://localhost',
    ]);
  });

  it('become values that nobody can change', () => {
    const given = {
      useCookie: true,
      cookie: { path: '/app' },
      scopes: { a: 'A' },
      audience: ['api'],
      trustedOrigins: ['https://app.example.com'],
    };
    const settings = parseOptions(given);
    const { scopes } = settings;
    const parts = [settings.cookie, scopes, scopes?.names, scopes?.descriptions];
    for (const part of [settings, ...parts, settings.audience, settings.trustedOrigins]) expect(part).to.be.frozen;
    given.audience.push('web');
    given.scopes.a = 'B';
    given.cookie.path = '/';
    given.trustedOrigins.push('https://evil.example');
    expect(settings).to.deep.include({
      audience: ['api'],
      trustedOrigins: ['https://app.example.com'],
    });
    expect(scopes?.descriptions).to.deep.equal({ a: 'A' });
    expect(settings.cookie?.path).to.equal('/app');
  });

  it('are left as they were, frozen ones too', () => {
    const options = Object.freeze({
      useCookie: true,
      cookie: Object.freeze({ sameSite: 'strict' as const }),
      audience: Object.freeze(['api']),
      scopes: Object.freeze({ a: 'A' }),
    });
    managerOf(options);
    expect(options).to.deep.equal({
      useCookie: true,
      cookie: { sameSite: 'strict' },
      audience: ['api'],
      scopes: { a: 'A' },
    });
  });
});

describe('the tokenUrl', () => {
  for (const path of ['/login', 'login', '/auth/token?x=1', 'https://app.example.com/login', null]) {
    it(`may be ${path}`, () => {
      expect(new LoginManager(SECRET, path).tokenUrl).to.equal(path);
    });
  }

  for (const path of ['', undefined, 7, {}, '/log in', '/login\n', ' /login']) {
    it(`cannot be ${nameOf(path)}`, () => {
      expect(() => new LoginManager(SECRET, path as never)).to.throw(ConfigurationError, /tokenUrl must be/);
    });
  }
});
