import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import OidcProvider from 'oidc-provider';
import * as openid from 'openid-client';

export const RESOURCES = { jwt: 'https://api.example.com/jwt', opaque: 'https://api.example.com/opaque' } as const;
export const INTROSPECTOR = { clientId: 'api', clientSecret: 'secret of the api' };

export const REDIRECT_URI = 'http://127.0.0.1/callback';
/** A client that has no secret, such as a program on a desktop. */
export const PUBLIC_CLIENT = 'public app';
const SCOPE = 'notes:read notes:write';

const clientsOf = (redirectUri: string) =>
  [
    { client_id: 'machine', client_secret: 'secret of the machine', grant_types: ['client_credentials'] },
    { client_id: INTROSPECTOR.clientId, client_secret: INTROSPECTOR.clientSecret, grant_types: [] },
    { client_id: 'app', client_secret: 'secret of the app', grant_types: ['authorization_code'] },
    { client_id: PUBLIC_CLIENT, token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] },
  ].map((client) =>
    client.grant_types.includes('authorization_code')
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

  private constructor(
    private port: number,
    private readonly redirectUri: string,
  ) {}

  /**
   * @param key - The private RSA key that signs, with its name.
   * @param options - `port`: 0, the default, for any. `redirectUri`: that of the clients `app` and {@link PUBLIC_CLIENT}.
   * Default: one that nobody serves, for `userToken`.
   */
  static async start(
    kid: string,
    key: KeyObject,
    { port = 0, redirectUri = REDIRECT_URI } = {},
  ): Promise<OpenIdProvider> {
    const provider = new OpenIdProvider(port, redirectUri);
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
    const callback = await logIn(url);
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

/** A client that registers with the scopes of its first request would be held to them, and could not step up. */
function registerForAllScopes(_context: unknown, _name: string, _value: unknown, client: { scope?: string }): void {
  delete client.scope;
}

/** What the provider knows of a login, as far as it is used. */
interface LoginContext {
  readonly oidc: {
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string };
    readonly params: { readonly resource?: string | string[] };
  };
}

function createProvider(issuer: string, kid: string, key: KeyObject, clients: object[]): OidcProvider {
  const provider: OidcProvider = new OidcProvider(issuer, {
    clients,
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of cookies'] },
    scopes: ['openid'],
    extraClientMetadata: { properties: ['software_id'], validator: registerForAllScopes },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/login/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: SCOPE,
          audience: resource,
          accessTokenFormat: resource === RESOURCES.opaque ? 'opaque' : 'jwt',
        }),
      },
    },
    async loadExistingGrant({ oidc }: LoginContext) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(`openid ${SCOPE}`);
      for (const resource of [oidc.params.resource ?? []].flat()) grant.addResourceScope(resource, SCOPE);
      await grant.save();
      return grant;
    },
  });
  return provider;
}

/** Logs in as a browser does: follows redirects with cookies, as far as to the client's address with the code. */
export async function logIn(authorizationUrl: URL): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = authorizationUrl;
  for (let steps = 0; !url.href.startsWith(REDIRECT_URI); steps++) {
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
