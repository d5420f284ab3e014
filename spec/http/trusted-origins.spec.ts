import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { createOriginMatcher, parseTrustedOrigins, type TrustedOrigins } from '../../src/http/trusted-origins';
import { nameOf } from '../support/name-of';
import { refusingUnhandledRejections } from '../support/unhandled';

const trusts = (option: TrustedOrigins) => createOriginMatcher(parseTrustedOrigins(option));

describe('an origin that is trusted', () => {
  for (const [written, sent] of [
    ['https://app.example.com', 'https://app.example.com'],
    ['https://app.example.com/', 'https://app.example.com'],
    ['HTTPS://App.Example.Com', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['https://app.example.com:443/', 'https://app.example.com'],
    ['http://app.example.com:80', 'http://app.example.com'],
    ['http://app.example.com:80/', 'http://app.example.com'],
    ['https://app.example.com:8443', 'https://app.example.com:8443'],
    ['https://app.example.com:80', 'https://app.example.com:80'],
    ['http://app.example.com:443', 'http://app.example.com:443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['capacitor://localhost/', 'capacitor://localhost'],
    ['myapp://host:123', 'myapp://host:123'],
    ['moz-extension://0a1b_c', 'moz-extension://0a1b_c'],
  ] as const) {
    it(`may be written ${written}, and is sent as ${sent}`, () => {
      expect(parseTrustedOrigins([written])).to.deep.equal([sent]);
      expect(trusts([written])(sent, {})).to.equal(true);
    });
  }

  it('is no other one', () => {
    const isTrusted = trusts(['https://app.example.com', 'capacitor://localhost']);
    for (const origin of [
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://app.example.com.evil.example',
      'https://evil.app.example.com',
      'https://example.com',
      'capacitor://localhost:1',
      'null',
      '',
    ])
      expect(isTrusted(origin, {}), origin).to.equal(false);
  });

  it('is none by default', () => {
    expect(parseTrustedOrigins()).to.deep.equal([]);
    expect(trusts([])('https://app.example.com', {})).to.equal(false);
  });

  it('cannot be added afterwards', () => {
    expect(parseTrustedOrigins(['https://app.example.com'])).to.be.frozen;
  });
});

describe('a pattern of origins', () => {
  const isTrusted = trusts(['https://*.example.com', 'http://*.localhost:3000', 'https://*.a.example:8443']);

  for (const origin of [
    'https://a.example.com',
    'https://a.b.example.com',
    'https://a-b_c.example.com',
    'http://app.localhost:3000',
    'https://x.a.example:8443',
  ]) {
    it(`trusts ${origin}`, () => {
      expect(isTrusted(origin, {})).to.equal(true);
    });
  }

  for (const origin of [
    'https://example.com',
    'https://.example.com',
    'https://a..example.com',
    'http://a.example.com',
    'https://a.example.com:8443',
    'https://aexample.com',
    'https://a.exampleXcom',
    'https://a.example.com.evil.example',
    'https://evil.example/https://a.example.com',
    'https://evil.example#.example.com',
    'https://*.example.com',
    'https://x.a.example',
    'null',
  ]) {
    it(`does not trust ${origin}`, () => {
      expect(isTrusted(origin, {})).to.equal(false);
    });
  }

  it('may be of a domain with digits, at its beginning or its end', () => {
    for (const domain of ['3com.example', 'app.host1', '1.example.com'])
      expect(trusts([`https://*.${domain}`])(`https://a.${domain}`, {}), domain).to.equal(true);
  });

  it('stands beside origins', () => {
    const both = trusts(['https://*.example.com', 'https://example.com']);
    expect(['https://example.com', 'https://a.example.com'].map((origin) => both(origin, {}))).to.deep.equal([
      true,
      true,
    ]);
  });
});

describe('the option trustedOrigins', () => {
  for (const option of [
    'https://app.example.com',
    {},
    null,
    7,
    [undefined],
    [null],
    [7],
    [''],
    ['*'],
    ['null'],
    ['app.example.com'],
    ['https://'],
    ['https://app.example.com/path'],
    ['https://app.example.com?a'],
    ['https://app.example.com/?a'],
    ['https://app.example.com#a'],
    ['https://user@app.example.com'],
    ['https://app.example.com:443/path'],
    [' https://app.example.com'],
    ['https://app.example.com '],
    ['xhttps:app.example.com'],
    ['ws://app.example.com'],
    ['wss://app.example.com'],
    ['ftp://app.example.com'],
    ['file:///home'],
    ['data:text/html,a'],
    ['blob://app.example.com'],
    ['about:blank'],
    ['javascript://app'],
    ['capacitor://'],
    ['capacitor://localhost/path'],
    ['capacitor://localhost:'],
    ['capacitor://localhost:a'],
    ['capacitor://localhost '],
    [' capacitor://localhost'],
    ['1app://localhost'],
    ['https://*'],
    ['https://*.com'],
    ['https://*.'],
    ['https://a.*.com'],
    ['https://*.*.example.com'],
    ['https://*a.example.com'],
    ['https://*.example.com/path'],
    ['https://*.example.com/*'],
    ['https://*.127.0.0.1'],
    ['https://*.[::1]'],
    ['capacitor://*.localhost'],
    ['x https://*.example.com'],
  ]) {
    it(`cannot be ${nameOf(option)}`, () => {
      expect(() => parseTrustedOrigins(option as never)).to.throw(
        ConfigurationError,
        'trustedOrigins must be an array of origins such as',
      );
    });
  }
});

describe('a function that trusts origins', () => {
  refusingUnhandledRejections();

  it('gets the origin and the request', () => {
    const asked: unknown[] = [];
    const request = {};
    const isTrusted = trusts((...args) => asked.push(...args) > 0);
    expect(isTrusted('https://app.example.com', request)).to.equal(true);
    expect(asked[0]).to.equal('https://app.example.com');
    expect(asked[1]).to.equal(request);
  });

  it('is not asked about null, which every sandboxed page sends', () => {
    expect(trusts(() => true)('null', {})).to.equal(false);
  });

  for (const answer of [false, undefined, null, 1, 'true', {}]) {
    it(`does not trust one by answering ${nameOf(answer)}`, () => {
      expect(trusts((() => answer) as never)('https://app.example.com', {})).to.equal(false);
    });
  }

  it('does not trust one by a promise, nor by an error', () => {
    const throws = () => {
      throw new Error('no');
    };
    for (const answer of [async () => true, () => Promise.reject(new Error('no')), throws])
      expect(trusts(answer as never)('https://app.example.com', {})).to.equal(false);
  });
});
