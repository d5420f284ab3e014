import { expect } from 'chai';
import { Authorized, Get, HttpError, JsonController, Post } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import type { RemoteSecret } from '../../src/jwt/issuers/issuer-options';
import type { Secret } from '../../src/jwt/keys/secret';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, Accounts, managerOf, SECRET, tokenOf } from '../support/accounts';
import { bearer, cookie } from '../support/http';
import { closeProviders, Provider } from '../support/provider';
import { onEachServer, type Start } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import { payloadOf } from '../support/tokens';

const resource = 'https://api.example.com/mcp';
const METADATA = 'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/mcp"';

@JsonController()
class Routes {
  @Authorized()
  @Get('/login')
  login() {
    return {};
  }

  @Authorized(['notes:read', anyOf('a', 'b')])
  @Get('/scopes')
  scopes() {
    return {};
  }

  @Authorized()
  @Post('/login')
  change() {
    return {};
  }

  @Authorized()
  @Get('/own')
  own() {
    throw new HttpError(401, 'no');
  }
}

const serve = async (start: Start, options: LoginManagerOptions<Account> = {}) => {
  const manager = managerOf({ resource, ...options });
  return { manager, ...(await start({ manager, controllers: [Routes] })) };
};

describe('the option resource', () => {
  silencingStderr();

  onEachServer((start) => {
    for (const [path, token, challenge] of [
      ['/login', undefined, `Bearer realm="api", ${METADATA}`],
      ['/scopes', undefined, `Bearer realm="api", scope="notes:read a b", ${METADATA}`],
      [
        '/scopes',
        'garbage',
        `Bearer realm="api", error="invalid_token", error_description="The access token is invalid", scope="notes:read a b", ${METADATA}`,
      ],
    ] as const) {
      it(`has the 401 of ${path} with ${token ? 'a bad' : 'no'} token name the metadata and the scopes`, async () => {
        const { client } = await serve(start);
        const { status, headers } = await client.get(path).set(token ? bearer(token) : {});
        expect([status, headers['www-authenticate']]).to.deep.equal([401, challenge]);
      });
    }

    it("has a 401 of the application's own name the metadata", async () => {
      const { client, manager } = await serve(start);
      const { status, headers } = await client.get('/own').set(bearer(tokenOf(manager)));
      expect([status, headers['www-authenticate']]).to.deep.equal([401, `Bearer realm="api", ${METADATA}`]);
    });

    it('has a 403 name the metadata and all scopes', async () => {
      const { client, manager } = await serve(start);
      const { status, headers } = await client.get('/scopes').set(bearer(tokenOf(manager)));
      expect([status, headers['www-authenticate']]).to.deep.equal([
        403,
        `Bearer realm="api", error="insufficient_scope", scope="notes:read a b", ${METADATA}`,
      ]);
    });

    it("has an exception of the application's own leave with the same challenge", async () => {
      const { client } = await serve(start, { notAuthenticatedException: () => new Error('closed') });
      const { status, headers } = await client.get('/scopes');
      expect([status, headers['www-authenticate']]).to.deep.equal([
        401,
        `Bearer realm="api", scope="notes:read a b", ${METADATA}`,
      ]);
    });

    it('changes no challenge where it is not set', async () => {
      const { client } = await serve(start, { resource: undefined });
      expect((await client.get('/scopes')).headers['www-authenticate']).to.equal('Bearer realm="api"');
    });

    for (const [name, headers, status] of [
      ['its own origin', { Origin: 'https://api.example.com' }, 200],
      ['another origin', { Origin: 'https://evil.example' }, 403],
      [
        'the origin that the request names as its host (DNS rebinding)',
        { Origin: 'http://evil.example', Host: 'evil.example', 'Sec-Fetch-Site': 'same-origin' },
        403,
      ],
      ['a trusted origin', { Origin: 'https://app.example.com', 'Sec-Fetch-Site': 'cross-site' }, 200],
      ['no origin', {}, 200],
    ] as const) {
      it(`with originCheck 'always' answers ${status} to a request of ${name}`, async () => {
        const { client, manager } = await serve(start, {
          originCheck: 'always',
          trustedOrigins: ['https://app.example.com'],
        });
        expect(
          (
            await client
              .post('/login')
              .set(bearer(tokenOf(manager)))
              .set(headers)
          ).status,
        ).to.equal(status);
      });
    }

    it('does not change the origin rule of the cookie', async () => {
      const { client, url, manager } = await serve(start, { useCookie: true });
      expect(
        (
          await client
            .post('/login')
            .set(cookie(tokenOf(manager)))
            .set('Origin', url)
        ).status,
      ).to.equal(200);
    });
  });

  it('is the default audience', async () => {
    const manager = managerOf({ resource });
    const token = tokenOf(manager);
    expect(payloadOf(token)).to.include({ aud: resource });
    expect(await manager.verify(token)).to.include({ aud: resource });
    const refusal = await manager.verify(tokenOf(managerOf({ audience: 'another' }))).catch((error) => error);
    expect(refusal).to.include({ code: 'token_invalid', cause: 'audience' });
  });

  it('is the audience of issuers that have none of their own', async () => {
    const provider = await Provider.start();
    const verdicts = async (secret: Secret | RemoteSecret, options: LoginManagerOptions<Account> = {}) => {
      const manager = new LoginManager<Account>(secret, null, { resource, userLoader: Accounts, ...options });
      const accepts = (aud: unknown) =>
        manager.verify(provider.token({ claims: { aud } })).then(
          () => 'accepted',
          ({ cause }) => cause,
        );
      return [await accepts(resource), await accepts(['x', resource]), await accepts('api'), await accepts(undefined)];
    };
    const { issuer } = provider;
    const exactly = ['accepted', 'accepted', 'audience', 'audience'];
    expect(await verdicts({ issuer })).to.deep.equal(exactly);
    expect(await verdicts(SECRET, { issuers: [{ issuer }] })).to.deep.equal(exactly);
    expect(await verdicts(SECRET, { issuers: (name) => ({ issuer: name }) })).to.deep.equal(exactly);
    expect((await verdicts({ issuer, audience: 'api' })).slice(0, 3)).to.deep.equal([
      'audience',
      'audience',
      'accepted',
    ]);
    closeProviders();
  });

  it('gives way to the option audience', () => {
    expect(payloadOf(tokenOf(managerOf({ resource, audience: 'notes' })))).to.include({ aud: 'notes' });
  });

  for (const [name, value] of [
    ['a path', '/mcp'],
    ['http', 'http://api.example.com'],
    ['a fragment', 'https://api.example.com/#a'],
    ['an empty fragment', 'https://api.example.com/#'],
    ['credentials', 'https://user:password@api.example.com'],
    ['a number', 7],
    ['an empty string', ''],
    ['an array', [resource]],
  ] as const) {
    it(`must be a URL, and is a mistake with ${name}`, () => {
      expect(() => managerOf({ resource: value as never }))
        .to.throw(/resource/)
        .with.property('name', 'ConfigurationError');
    });
  }

  it('may be http on the loopback', () => {
    expect(() => managerOf({ resource: 'http://127.0.0.1:3000/mcp' })).not.to.throw();
  });
});
