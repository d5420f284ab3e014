import { expect } from 'chai';
import { wellKnownUrls } from '../../../src/jwt/issuers/discovery';
import { LoginManager } from '../../../src/manager/login-manager';
import { type Account, Accounts } from '../../support/accounts';
import { closeProviders, Provider } from '../../support/provider';

const HOST = 'https://login.example.com';

describe('The document of an issuer', () => {
  afterEach(closeProviders);

  it('is at the address of OpenID Connect, or else at that of RFC 8414, for an issuer without a path', () => {
    const urls = [`${HOST}/.well-known/openid-configuration`, `${HOST}/.well-known/oauth-authorization-server`];
    expect(wellKnownUrls(HOST)).to.deep.equal(urls);
    expect(wellKnownUrls(`${HOST}/`)).to.deep.equal(urls);
  });

  it('is below the path of the issuer for OpenID Connect, and before it for RFC 8414', () => {
    expect(wellKnownUrls(`${HOST}/realms/main`)).to.deep.equal([
      `${HOST}/realms/main/.well-known/openid-configuration`,
      `${HOST}/.well-known/openid-configuration/realms/main`,
      `${HOST}/.well-known/oauth-authorization-server/realms/main`,
    ]);
  });

  const verify = (provider: Provider, issuer = provider.issuer) =>
    new LoginManager<Account>({ issuer, audience: 'api' }, null, { userLoader: Accounts }).verify(
      provider.token({ claims: { iss: issuer } }),
    );

  const places: Record<string, [path: string, document: string]> = {
    'OpenID Connect, without a path': ['', '/.well-known/openid-configuration'],
    'OpenID Connect, below a path': ['/realms/main', '/realms/main/.well-known/openid-configuration'],
    'OpenID Connect, below a path with a slash': ['/tenant/', '/tenant/.well-known/openid-configuration'],
    'OpenID Connect, before a path': ['/realms/main', '/.well-known/openid-configuration/realms/main'],
    'RFC 8414, without a path': ['', '/.well-known/oauth-authorization-server'],
    'RFC 8414, before a path': ['/realms/main', '/.well-known/oauth-authorization-server/realms/main'],
  };

  for (const [name, [path, document]] of Object.entries(places))
    it(`is found at the place of ${name}`, async () => {
      const provider = await Provider.start(path);
      provider.documentPath = document;
      await verify(provider);
    });

  const refuses =
    (prepare: (provider: Provider) => void, path = '') =>
    async () => {
      const provider = await Provider.start(path);
      prepare(provider);
      const reason = await verify(provider).then(
        () => undefined,
        (error) => error,
      );
      expect(reason?.code).to.equal('service_unavailable');
      expect(provider.fetches).to.equal(0);
    };

  it(
    'does not count if it is about another issuer',
    refuses((provider) => (provider.named = 'https://example.org')),
  );
  it(
    'does not count if its issuer only begins alike',
    refuses((provider) => (provider.named = `${provider.issuer}/`)),
  );
  it(
    'does not count if its keys are at http',
    refuses(({ metadata }) => (metadata.jwks_uri = 'http://example.org/k')),
  );
  it(
    'does not count if its keys are in a file',
    refuses(({ metadata }) => (metadata.jwks_uri = 'file:///etc/passwd')),
  );
  it(
    'does not count without the address of the keys',
    refuses(({ metadata }) => (metadata.jwks_uri = undefined)),
  );

  it('is not looked for elsewhere while the issuer is in trouble', async () => {
    const provider = await Provider.start();
    provider.answer = (_, response) => void response.writeHead(500).end();
    await verify(provider).catch(() => undefined);
    expect(provider.requests).to.deep.equal(['/.well-known/openid-configuration']);
  });
});
