import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { CookieAttributes } from '../../src/http/cookies/cookie-options';
import { parseCookie } from '../../src/http/cookies/cookie-options';
import { managerOf } from '../support/accounts';

const refused: [string, string | undefined, unknown, RegExp][] = [
  ['secure as text', undefined, { secure: 'true' }, /cookie\.secure must be one of "auto", true, false/],
  ['secure as a number', undefined, { secure: 1 }, /cookie\.secure must be/],
  ['sameSite in capitals', undefined, { sameSite: 'Lax' }, /cookie\.sameSite must be one of "strict", "lax", "none"/],
  ['sameSite as a boolean', undefined, { sameSite: true }, /cookie\.sameSite must be/],
  ['an empty domain', undefined, { domain: '' }, /cookie\.domain must be a non-empty string/],
  [
    'a domain with another attribute',
    undefined,
    { domain: 'example.com; Secure' },
    /a character that a cookie cannot have/,
  ],
  ['a domain that is a URL', undefined, { domain: 'https://example.com' }, /a character that a cookie cannot have/],
  [
    'a path with another attribute',
    undefined,
    { path: '/; Domain=evil.example' },
    /a character that a cookie cannot have/,
  ],
  ['a path with a line break', undefined, { path: '/\r\nSet-Cookie: a=b' }, /a character that a cookie cannot have/],
  ['a path without a slash', undefined, { path: 'app' }, /cookie\.path must begin with '\/'/],
  ['an empty path', undefined, { path: '' }, /cookie\.path must be a non-empty string/],
  ['a maxAge of zero', undefined, { maxAge: 0 }, /cookie\.maxAge must be a whole number of seconds greater than zero/],
  ['a negative maxAge', undefined, { maxAge: -1 }, /cookie\.maxAge must be/],
  ['a maxAge that is a fraction', undefined, { maxAge: 1.5 }, /cookie\.maxAge must be/],
  ['a maxAge as text', undefined, { maxAge: '1h' }, /cookie\.maxAge must be/],
  ['a maxAge that is NaN', undefined, { maxAge: Number.NaN }, /cookie\.maxAge must be/],
  ['partitioned as text', undefined, { partitioned: 'yes' }, /cookie\.partitioned must be true or false/],
  [
    'an attribute that nothing reads',
    undefined,
    { samesite: 'lax' },
    /cookie has no 'samesite'; remove or rename it\. Did you mean "sameSite"\?/,
  ],
  ['httpOnly, which is always set', undefined, { httpOnly: false }, /cookie has no 'httpOnly';/],
  ['the name, which is an option of its own', undefined, { name: 'token' }, /cookie has no 'name';/],
  [
    'SameSite=None without Secure',
    undefined,
    { sameSite: 'none', secure: false },
    /'none' requires a Secure cookie; omit cookie\.secure/,
  ],
  [
    'Partitioned without Secure',
    undefined,
    { partitioned: true, secure: false },
    /partitioned requires a Secure cookie/,
  ],
  [
    'a __Host- name without Secure',
    '__Host-token',
    { secure: false },
    /named __Host-token must be Secure; omit cookie\.secure, or remove the prefix/,
  ],
  ['a __Secure- name without Secure', '__Secure-token', { secure: false }, /named __Secure-token must be Secure/],
  ['a prefix in other letters without Secure', '__hoST-token', { secure: false }, /must be Secure/],
  [
    'a __Host- name with a domain',
    '__Host-token',
    { domain: 'example.com' },
    /must have the path '\/' and no domain; omit both, or use the prefix __Secure-/,
  ],
  ['a __Host- name with a path', '__Host-token', { path: '/app' }, /must have the path '\/' and no domain/],
  ['a prefix in other letters with a path', '__HOST-token', { path: '/app' }, /must have the path/],
];

describe('the settings of the cookie', () => {
  for (const [what, cookieName, cookie, message] of refused) {
    it(`cannot be ${what}`, () => {
      const options = { cookie: cookie as CookieAttributes, ...(cookieName && { cookieName }) };
      expect(() => managerOf({ useCookie: true, ...options })).to.throw(ConfigurationError, message);
      expect(() => managerOf(options), 'not used, but written').to.throw(ConfigurationError, message);
    });
  }

  it('may be all of these together', () => {
    const attributes = {
      secure: true,
      sameSite: 'none',
      domain: '.example.com',
      path: '/app',
      maxAge: 60,
      partitioned: true,
    } as const;
    expect(parseCookie('__Secure-token', attributes)).to.deep.equal({ name: '__Secure-token', ...attributes });
  });

  it('may have a __Host- name with the path and the Secure it must have', () => {
    expect(parseCookie('__Host-token', { path: '/', secure: true })).to.include({ name: '__Host-token', path: '/' });
    expect(parseCookie('__Host-token', undefined)).to.include({ secure: 'auto', domain: undefined });
  });

  it('may say SameSite=None and leave Secure to itself', () => {
    expect(parseCookie(undefined, { sameSite: 'none' })).to.include({ sameSite: 'none', secure: 'auto' });
  });
});
