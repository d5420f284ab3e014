import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rsa } from './keys';
import { forge, type Json } from './tokens';

/** A key of a provider, with its name in the set. */
export interface ProviderKey {
  kid?: string;
  alg?: string;
  use?: string;
  pair: { publicKey: KeyObject; privateKey: KeyObject };
}

export interface ProviderTokenParts {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: ProviderKey;
  algorithm?: string;
}

const providers: Provider[] = [];

/** Closes the providers of the running test. */
export function closeProviders(): void {
  for (const provider of providers.splice(0)) provider.stop();
}

/** An identity provider on the loopback that counts what is asked of it, and answers as a test says. */
export class Provider {
  readonly requests: string[] = [];
  keys: ProviderKey[] = [{ kid: 'first', pair: rsa() }];
  cacheControl: string | undefined;
  /** The `issuer` of the document; default its own. */
  named: string | undefined;
  /** The path of the document, and members of it. */
  documentPath: string;
  metadata: Record<string, unknown> = {};
  keysPath = '/keys';
  /** Answers instead of the provider. */
  answer: RequestListener | undefined;
  private server: Server | undefined;

  private constructor(
    private readonly path: string,
    private port: number,
  ) {
    this.documentPath = `${path.replace(/\/$/, '')}/.well-known/openid-configuration`;
  }

  /** @param port - 0 for any. */
  static async start(path = '', port = 0): Promise<Provider> {
    const provider = new Provider(path, port);
    providers.push(provider);
    await provider.listen();
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}${this.path}`;
  }

  get jwksUri(): string {
    return `http://127.0.0.1:${this.port}${this.keysPath}`;
  }

  /** How often the keys were fetched. */
  get fetches(): number {
    return this.requests.filter((url) => url === this.keysPath).length;
  }

  token({ claims, header, key = this.keys[0] as ProviderKey, algorithm = 'RS256' }: ProviderTokenParts = {}): string {
    return forge({
      header: { alg: algorithm, typ: 'JWT', kid: key.kid, ...header },
      payload: { iss: this.issuer, aud: 'api', sub: 'ada@example.com', exp: 4e9, ...claims } as Json,
      key: key.pair.privateKey,
      algorithm,
    });
  }

  /** Listens again at the same port after {@link stop}. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      response.shouldKeepAlive = false; // or clients would send to a connection that is lost with the server
      this.handle(request, response);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request.url as string);
    if (this.answer) {
      this.answer(request, response);
      return;
    }
    if (this.cacheControl) response.setHeader('Cache-Control', this.cacheControl);
    if (request.url === this.documentPath)
      send(response, { issuer: this.named ?? this.issuer, jwks_uri: this.jwksUri, ...this.metadata });
    else if (request.url === this.keysPath) send(response, { keys: this.keys.map(toJwk) });
    else response.writeHead(404).end('<html>');
  }
}

export function toJwk({ pair, ...names }: ProviderKey): object {
  return { ...pair.publicKey.export({ format: 'jwk' }), ...names };
}

function send(response: ServerResponse, body: object): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}
