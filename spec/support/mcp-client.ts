import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { logIn, REDIRECT_URI } from './openid-provider';

/** What a client keeps of its logins. Its user says yes to everything. */
class Keeper implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT_URI;
  readonly clientMetadata = {
    client_name: 'an MCP client',
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    response_types: ['code'],
  };
  /** The scopes of each login. */
  readonly asked: (string | null)[] = [];
  code = '';
  current: OAuthTokens | undefined;
  private verifier = '';

  constructor(private client: OAuthClientInformationMixed | undefined) {}

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.client = client;
  }

  tokens(): OAuthTokens | undefined {
    return this.current;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.current = tokens;
  }

  saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  codeVerifier(): string {
    return this.verifier;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    this.asked.push(url.searchParams.get('scope'));
    this.code = (await logIn(url)).searchParams.get('code') ?? '';
  }
}

/** The client of the MCP SDK, which finds the way to the authorization server by itself. */
export class McpClient {
  /** Method, path and status of each request to the API and to the provider. */
  readonly log: string[] = [];
  private readonly keeper: Keeper;
  private client: Client | undefined;
  private transport: StreamableHTTPClientTransport | undefined;

  /** @param clientId - Of a client that the provider knows; undefined for one that registers itself (RFC 7591). */
  constructor(
    private readonly url: string,
    clientId?: string,
  ) {
    this.keeper = new Keeper(clientId === undefined ? undefined : { client_id: clientId });
  }

  get accessToken(): string {
    return this.keeper.current?.access_token ?? '';
  }

  get askedScopes(): readonly (string | null)[] {
    return this.keeper.asked;
  }

  /** Uses a token of elsewhere. */
  useToken(token: string): void {
    this.keeper.current = { access_token: token, token_type: 'Bearer' };
  }

  /** Calls a tool, after whatever logins it takes. */
  async call(name: string, input: Record<string, unknown> = {}): Promise<string> {
    if (!this.client) await this.withLogin(() => this.connect());
    const result = await this.withLogin(() => (this.client as Client).callTool({ name, arguments: input }));
    return (result.content as { text: string }[]).map(({ text }) => text).join();
  }

  async close(): Promise<void> {
    await this.client?.close();
  }

  private async connect(): Promise<void> {
    this.transport = new StreamableHTTPClientTransport(new URL(this.url), {
      authProvider: this.keeper,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        this.log.push(`${init?.method ?? 'GET'} ${new URL(url).pathname} ${response.status}`);
        return response;
      },
    });
    const client = new Client({ name: 'spec', version: '1.0.0' });
    await client.connect(this.transport as Parameters<Client['connect']>[0]);
    this.client = client;
  }

  /** Does the work again once its user has logged in. */
  private async withLogin<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || this.keeper.code === '') throw error;
      await this.transport?.finishAuth(this.keeper.code);
      this.keeper.code = '';
      return work();
    }
  }
}
