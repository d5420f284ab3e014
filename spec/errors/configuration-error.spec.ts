import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';

describe('ConfigurationError', () => {
  it('says after the problem where the documentation explains it', () => {
    expect(new ConfigurationError('The secret is empty').message).to.equal(
      'The secret is empty\nSee docs/troubleshooting.md#secret-and-keys',
    );
  });

  it('keeps its cause', () => {
    const cause = new Error('why');
    expect(new ConfigurationError('any', { cause })).to.have.property('cause', cause);
  });

  for (const [section, message] of [
    ['secret-and-keys', 'The RSA key has 1024 bits and needs at least 2048 (RFC 7518 §3.3); make a new one'],
    ['user-loader', 'There is no user loader; decorate a method with @UserLoader()'],
    ['invalid-options', "LoginManager has no 'useHeaders'; remove or rename it. Did you mean 'useHeader'?"],
    ['routes-and-decorators', 'Invalid route declarations:\n- Notes.list has both @Public() and @Authorized()'],
    ['servers', 'useKoaServer() needs an application of Koa: useKoaServer(new Koa(), { … })'],
    ['contents-of-tokens', "data must not have the reserved claim 'iss'"],
    ['cookies', 'This manager does not use cookies; set the option useCookie'],
    ['sessions-and-stores', 'Refresh tokens require a session store; set the option sessionStore'],
    ['issuers', 'An issuer has no issuer; set it to the iss of its tokens'],
    ['token-endpoints', 'tokenEndpoints() requires options'],
    ['exceptions', "redirectTo() needs a path or a URL such as '/login'"],
    ['arguments', 'authenticate() requires a request, and got undefined'],
  ] as const) {
    it(`names the section ${section} for its mistakes`, () => {
      expect(new ConfigurationError(message).message).to.equal(`${message}\nSee docs/troubleshooting.md#${section}`);
    });
  }
});
