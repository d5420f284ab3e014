import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import OidcProvider from 'oidc-provider';
import * as openid from 'openid-client';

export const RESOURCES = { jwt: 'https://api.example.com/jwt', opaque: 'https://api.example.com/opaque' } as const;
export const INTROSPECTOR = { clientId: 'api', clientSecret: 'secret of the api' };

const REDIRECT_URI = 'http://127.0.0.1/callback';
const SCOPE = 'notes:read notes:write';

const clientsOf = (redirectUri: string) =>
  [
    { client_id: 'machine', client_secret: 'secret of the machine', grant_types: ['client_credentials'] },
    { client_id: INTROSPECTOR.clientId, client_secret: INTROSPECTOR.clientSecret, grant_types: [] },
    { client_id: 'app', client_secret: 'secret of the app', grant_types: ['authorization_code'] },
  ].map((client) =>
    client.client_id === 'app'
      ? { ...client, redirect_uris: [redirectUri] }
      : { ...client, redirect_uris: [], response_types: [] },
  );

/** Leaves out what the provider says about its development mode. */
export function quietProviders(): void {
  const { info, warn } = console;

  before(() => {
    console.info = () => undefined;
    console.warn = () => undefined;
  });

  after(() => {
    console.info = info;
    console.warn = warn;
  });
}

/** A real OpenID provider on the loopback: whoever comes is logged in as Ada. */
export class OpenIdProvider {
  private server: Server | undefined;
  private port = 0;

  private constructor(private readonly redirectUri: string) {}

  /**
   * @param key - The private RSA key that signs, with its name.
   * @param options - `redirectUri`: that of the client `app`. Default: one that nobody serves, for `userToken`.
   */
  static async start(kid: string, key: KeyObject, { redirectUri = REDIRECT_URI } = {}): Promise<OpenIdProvider> {
    const provider = new OpenIdProvider(redirectUri);
    await provider.listen(kid, key);
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens, again at the same port, and signs with this key from now on. */
  async listen(kid: string, key: KeyObject): Promise<void> {
    let handle: (request: IncomingMessage, response: ServerResponse) => void;
    const server = createServer((request, response) => {
      response.shouldKeepAlive = false; // or clients would send to a connection that is lost with the server
      handle(request, response);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    const provider = createProvider(this.issuer, kid, key, clientsOf(this.redirectUri));
    const callback = provider.callback();
    handle = (request, response) => {
      if (!request.url?.startsWith('/login/')) return callback(request, response);
      void provider.interactionFinished(request, response, { login: { accountId: 'ada@example.com' } });
    };
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** Returns the access token of a machine. */
  async machineToken(format: keyof typeof RESOURCES): Promise<string> {
    const tokens = await openid.clientCredentialsGrant(await this.client('machine'), {
      resource: RESOURCES[format],
      scope: 'notes:read',
    });
    return tokens.access_token;
  }

  /** Goes the way of a browser with the authorization code flow, and returns Ada's access token. */
  async userToken(format: keyof typeof RESOURCES): Promise<string> {
    const config = await this.client('app');
    const verifier = openid.randomPKCECodeVerifier();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid notes:read',
      resource: RESOURCES[format],
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const callback = await followRedirects(url, REDIRECT_URI);
    const tokens = await openid.authorizationCodeGrant(
      config,
      callback,
      { pkceCodeVerifier: verifier },
      { resource: RESOURCES[format] },
    );
    return tokens.access_token;
  }

  private client(id: string): Promise<openid.Configuration> {
    const execute = [openid.allowInsecureRequests];
    return openid.discovery(new URL(this.issuer), id, `secret of the ${id}`, undefined, { execute });
  }
}

function createProvider(issuer: string, kid: string, key: KeyObject, clients: object[]): OidcProvider {
  const provider: OidcProvider = new OidcProvider(issuer, {
    clients,
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of cookies'] },
    scopes: ['openid', 'notes:read', 'notes:write'],
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/login/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: SCOPE,
          audience: resource,
          accessTokenFormat: resource === RESOURCES.jwt ? 'jwt' : 'opaque',
        }),
      },
    },
    async loadExistingGrant({ oidc }: { oidc: { client: { clientId: string }; session: { accountId: string } } }) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(`openid ${SCOPE}`);
      for (const resource of Object.values(RESOURCES)) grant.addResourceScope(resource, SCOPE);
      await grant.save();
      return grant;
    },
  });
  return provider;
}

/** Follows redirects with cookies, as a browser does, as far as to this address. */
async function followRedirects(start: URL, end: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let steps = 0; !url.href.startsWith(end); steps++) {
    if (steps > 20) throw new Error(`Redirected in a circle at ${url}`);
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name) cookies.set(name, value ?? '');
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`No redirect from ${url}: ${response.status} ${await response.text()}`);
    url = new URL(location, url);
  }
  return url;
}
