import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { expect } from 'chai';
import {
  type Action,
  Authorized,
  Body,
  CurrentUser,
  createParamDecorator,
  Get,
  JsonController,
  MethodNotAllowedError,
  Post,
} from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { UserLoader } from '../../src/users/user-loader';
import { bearer } from '../support/http';
import { rsa } from '../support/keys';
import { McpClient } from '../support/mcp-client';
import { OpenIdProvider, PUBLIC_CLIENT, quietProviders } from '../support/openid-provider';
import { closeServers, createApp, type Framework, frameworks, listenFirst, registerSecurely } from '../support/servers';

interface Person {
  sub: string;
}

class People {
  @UserLoader()
  find(sub: string): Person {
    return { sub };
  }
}

function createMcpServer({ sub }: Person): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  const answer = (text: string) => ({ content: [{ type: 'text' as const, text }] });
  server.registerTool('list_notes', {}, () => answer(`the notes of ${sub}`));
  server.registerTool('add_note', {}, () => answer(`a new note of ${sub}`));
  return server;
}

let manager: LoginManager<Person>;

const Exchange = () => createParamDecorator({ value: (action) => action });

@JsonController('/mcp')
class Mcp {
  @Authorized('notes:read')
  @Post()
  async handle(@Exchange() action: Action, @Body() message: object, @CurrentUser() person: Person): Promise<unknown> {
    const { request, response, context } = action;
    if (callsTool(message, 'add_note')) await manager.authenticate(context ?? request, ['notes:read', 'notes:write']);
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    await createMcpServer(person).connect(transport as Parameters<McpServer['connect']>[0]);
    if (context) context.respond = false;
    await transport.handleRequest(context?.req ?? request, context?.res ?? response, message);
    return response;
  }

  @Authorized('notes:read')
  @Get()
  stream(): never {
    throw new MethodNotAllowedError(); // it sends no messages of its own
  }
}

const metadataOf = (resource: string): string => {
  const { origin, pathname } = new URL(resource);
  return `${origin}/.well-known/oauth-protected-resource${pathname}`;
};

const callsTool = (message: object, name: string): boolean =>
  [message].flat().some((one: { method?: string; params?: { name?: string } }) => one.params?.name === name);

async function startApi(framework: Framework, issuer: string, routePrefix?: string) {
  const { url, serve } = await listenFirst();
  const resource = `${url}${routePrefix ?? ''}/mcp`;
  manager = new LoginManager<Person>({ issuer }, null, {
    resource,
    scopes: { 'notes:read': 'Read notes', 'notes:write': 'Write notes' },
    scopeClaim: 'scope',
    originCheck: 'always',
    userLoader: People,
  });
  const app = createApp(framework);
  manager.attachWellKnown(app);
  registerSecurely(app, { manager, controllers: [Mcp], ...(routePrefix && { routePrefix }) });
  serve(app);
  return { url, resource };
}

describe('An MCP server', () => {
  let provider: OpenIdProvider;
  let client: McpClient;

  quietProviders();

  before(async () => {
    provider = await OpenIdProvider.start('first', rsa().privateKey);
  });

  after(() => provider.stop());

  afterEach(async () => {
    await client.close();
    closeServers();
  });

  for (const framework of frameworks)
    for (const [where, routePrefix] of [
      ['at the root', undefined],
      ['below a routePrefix', '/api/v1'],
    ] as const)
      for (const [who, clientId] of [
        ['a client that registers itself', undefined],
        ['a client that the provider knows', PUBLIC_CLIENT],
      ] as const)
        it(`${where}, on ${framework}, lets ${who} find the login, call a tool and step up`, async () => {
          const { resource } = await startApi(framework, provider.issuer, routePrefix);
          client = new McpClient(resource, clientId);
          expect(await client.call('list_notes')).to.equal('the notes of ada@example.com');
          expect(client.askedScopes).to.deep.equal(['notes:read']);
          expect(await client.call('add_note')).to.equal('a new note of ada@example.com');
          expect(client.askedScopes).to.deep.equal(['notes:read', 'notes:read notes:write']);
          expect(await client.call('list_notes')).to.equal('the notes of ada@example.com');
          expect(client.askedScopes).to.have.length(2);
          const path = new URL(resource).pathname;
          expect(client.log).to.include.members([
            `POST ${path} 401`,
            `GET /.well-known/oauth-protected-resource${path} 200`,
            `POST ${path} 403`,
          ]);
        });

  for (const framework of frameworks) {
    const ask = (resource: string, token: string, headers: Record<string, string> = {}) =>
      fetch(resource, {
        method: 'POST',
        headers: { ...headers, ...(token && bearer(token)), 'Content-Type': 'application/json' },
        body: '{}',
      });

    it(`on ${framework} keeps out a token of its provider for another API, and sends its client to log in`, async () => {
      const { resource } = await startApi(framework, provider.issuer);
      client = new McpClient(resource, PUBLIC_CLIENT);
      client.useToken(await provider.userToken('jwt'));
      const { status, headers } = await ask(resource, client.accessToken);
      expect([status, headers.get('www-authenticate')]).to.deep.equal([
        401,
        `Bearer realm="api", error="invalid_token", error_description="The access token is invalid", scope="notes:read", resource_metadata="${metadataOf(resource)}"`,
      ]);
      expect(await client.call('list_notes')).to.equal('the notes of ada@example.com');
      expect(client.askedScopes).to.deep.equal(['notes:read']);
    });

    it(`on ${framework} names no error where no token was sent, and refuses pages of other origins`, async () => {
      const { resource } = await startApi(framework, provider.issuer);
      client = new McpClient(resource, PUBLIC_CLIENT);
      expect((await ask(resource, '')).headers.get('www-authenticate')).to.equal(
        `Bearer realm="api", scope="notes:read", resource_metadata="${metadataOf(resource)}"`,
      );
      await client.call('list_notes');
      const rebound = await ask(resource, client.accessToken, { Origin: 'https://evil.example' });
      expect(rebound.status).to.equal(403);
    });
  }
});
