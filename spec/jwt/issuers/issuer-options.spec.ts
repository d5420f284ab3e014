import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import { LoginManager } from '../../../src/manager/login-manager';
import { SECRET } from '../../support/accounts';

const ISSUER = 'https://login.example.com';
const INTROSPECTION = { url: `${ISSUER}/introspect`, clientId: 'api', clientSecret: 'secret' };

const valid = { issuer: ISSUER, audience: 'api' };

/** Options that cannot work, and what the message must say. */
const mistakes: Record<string, [options: unknown, message: RegExp]> = {
  'no audience': [{ issuer: ISSUER }, /no audience/],
  'an empty audience': [{ ...valid, audience: '' }, /audience must be/],
  'http outside the loopback': [{ ...valid, issuer: 'http://login.example.com' }, /must be an absolute https URL/],
  'http of a host that begins as the loopback': [{ ...valid, issuer: 'http://localhost.example.com' }, /https URL/],
  'no URL': [{ ...valid, issuer: 'login.example.com' }, /https URL/],
  'another protocol': [{ ...valid, issuer: 'file:///etc/keys' }, /https URL/],
  'a password in the URL': [{ ...valid, issuer: 'https://a:b@login.example.com' }, /https URL/],
  'a query': [{ ...valid, issuer: `${ISSUER}?a=b` }, /no query/],
  'a fragment': [{ ...valid, issuer: `${ISSUER}#a` }, /no query/],
  'an issuer that is no string': [{ ...valid, issuer: 7 }, /issuer must be a non-empty string/],
  'an issuer that is empty': [{ ...valid, issuer: '' }, /issuer must be a non-empty string/],
  'http keys outside the loopback': [{ ...valid, jwksUri: 'http://login.example.com/keys' }, /jwksUri must be/],
  'an unknown option': [{ ...valid, jwksURI: ISSUER }, /no 'jwksURI'/],
  'an HMAC algorithm': [{ ...valid, algorithms: ['RS256', 'HS256'] }, /no public keys/],
  'no algorithm': [{ ...valid, algorithms: [] }, /empty array/],
  'a timeout of zero': [{ ...valid, timeout: 0 }, /timeout must be/],
  'introspection over http': [
    { ...valid, introspection: { ...INTROSPECTION, url: 'http://login.example.com/i' } },
    /introspection.url must be/,
  ],
  'introspection without a client': [
    { ...valid, introspection: { ...INTROSPECTION, clientId: undefined } },
    /needs clientId/,
  ],
  'introspection with an unknown option': [
    { ...valid, introspection: { ...INTROSPECTION, secret: 'x' } },
    /no 'secret'/,
  ],
};

describe('The options of an issuer', () => {
  for (const [name, [options, message]] of Object.entries(mistakes)) {
    it(`are a mistake as the secret with ${name}`, () => {
      expect(() => new LoginManager(options as never, null)).to.throw(ConfigurationError, message);
    });

    it(`are a mistake beside an own secret with ${name}`, () => {
      expect(() => new LoginManager(SECRET, null, { issuers: [options as never] })).to.throw(
        ConfigurationError,
        message,
      );
    });
  }

  it('take the audience of the manager', () => {
    new LoginManager({ issuer: ISSUER }, null, { audience: 'api' });
  });

  it('take null for an issuer that writes no aud', () => {
    new LoginManager({ issuer: ISSUER, audience: null }, null);
  });

  it('take http on the loopback', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]', 'login.localhost'])
      new LoginManager({ issuer: `http://${host}:3000`, audience: 'api' }, null);
  });

  it('take any iss where the keys have an address', () => {
    new LoginManager({ issuer: 'accounts.google.com', jwksUri: `${ISSUER}/keys`, audience: 'api' }, null);
  });

  it('need no audience for keys alone, which accept no token for anybody else', () => {
    new LoginManager({ jwksUri: `${ISSUER}/keys` }, null);
  });

  it('take the algorithm of the manager for keys alone', () => {
    new LoginManager({ jwksUri: `${ISSUER}/keys` }, null, { algorithm: 'RS512' });
    const mistaken = () => new LoginManager({ jwksUri: `${ISSUER}/keys` }, null, { algorithm: 'HS256' });
    expect(mistaken).to.throw(ConfigurationError, /no public keys/);
  });

  it('are no key among several', () => {
    expect(() => new LoginManager([SECRET, { jwksUri: ISSUER }] as never, null)).to.throw(ConfigurationError);
  });

  it('are a mistake if the option issuer names another one', () => {
    expect(() => new LoginManager(valid, null, { issuer: 'https://example.org' })).to.throw(
      ConfigurationError,
      /different issuers/,
    );
  });

  it('are a mistake if they name the same issuer twice', () => {
    expect(() => new LoginManager(SECRET, null, { issuers: [valid, valid] })).to.throw(ConfigurationError, /twice/);
  });

  it('are a mistake if they name the manager itself', () => {
    const mistaken = () => new LoginManager(SECRET, null, { issuer: ISSUER, issuers: [valid] });
    expect(mistaken).to.throw(ConfigurationError, /the manager itself/);
    expect(() => new LoginManager(valid, null, { issuers: [valid] })).to.throw(ConfigurationError, /itself/);
  });

  it('are a mistake if two issuers have introspection', () => {
    const issuers = [valid, { issuer: 'https://example.org', audience: 'api' }].map((issuer) => ({
      ...issuer,
      introspection: INTROSPECTION,
    }));
    expect(() => new LoginManager(SECRET, null, { issuers })).to.throw(ConfigurationError, /Two issuers/);
  });

  it('are a mistake if they are neither an array nor a function', () => {
    for (const issuers of ['x', {}, null, 7])
      expect(() => new LoginManager(SECRET, null, { issuers: issuers as never })).to.throw(ConfigurationError);
  });

  it('fetch nothing, and make a manager that cannot create tokens', () => {
    const manager = new LoginManager(valid, null);
    expect(() => manager.createAccessToken({ data: { sub: 'a' } })).to.throw(ConfigurationError, /only verifies/);
  });

  it('are nothing to wait for without issuers', async () => {
    await new LoginManager(SECRET, null).ready();
  });
});
