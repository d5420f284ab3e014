import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request of Express, or of Koa (its `ctx` or its `ctx.request`). */
export type HttpRequest = IncomingMessage | { readonly req: IncomingMessage };

/** A response of Express, or of Koa (its `ctx` or its `ctx.response`). */
export type HttpResponse = ServerResponse | { readonly res: ServerResponse };

/** One request and its response, as the rest of the library sees them: no framework. */
export interface Exchange {
  readonly framework: 'express' | 'koa';
  /** Node's request; it stands for the exchange wherever one is remembered. */
  readonly message: IncomingMessage;
  readonly response: ServerResponse | undefined;
  /** Whether the client speaks https: with the proxy, where the application trusts one. */
  isSecure(): boolean;
  /** The host and port the client asked for, likewise. */
  host(): string | undefined;
}

export function exchangeOfRequest(request: HttpRequest): Exchange {
  return 'req' in request ? new KoaExchange(request as KoaSide) : new ExpressExchange(request as ExpressRequest);
}

/** A response without its request (one made by hand) has no exchange. */
export function exchangeOfResponse(response: HttpResponse): Exchange | undefined {
  if ('res' in response) return new KoaExchange(response as unknown as KoaSide);
  return response.req && new ExpressExchange(response.req as ExpressRequest, response);
}

/** What `ctx`, `ctx.request` and `ctx.response` of Koa have in common. */
interface KoaSide {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly request?: KoaRequest;
}

interface KoaRequest {
  readonly secure: boolean;
  readonly host: string;
}

/** Koa's `secure` and `host` honour `app.proxy`. */
class KoaExchange implements Exchange {
  readonly framework = 'koa';
  readonly message: IncomingMessage;
  readonly response: ServerResponse;

  constructor(private readonly side: KoaSide) {
    this.message = side.req;
    this.response = side.res;
  }

  isSecure(): boolean {
    return this.request.secure;
  }

  host(): string | undefined {
    return this.request.host;
  }

  private get request(): KoaRequest {
    return this.side.request ?? (this.side as unknown as KoaRequest);
  }
}

interface ExpressRequest extends IncomingMessage {
  readonly res?: ServerResponse;
  readonly secure?: boolean;
  readonly app?: { get(setting: string): unknown };
}

class ExpressExchange implements Exchange {
  readonly framework = 'express';

  constructor(
    readonly message: ExpressRequest,
    readonly response = message.res,
  ) {}

  isSecure(): boolean {
    return this.message.secure ?? 'encrypted' in this.message.socket;
  }

  host(): string | undefined {
    return forwardedHost(this.message) ?? this.message.headers.host;
  }
}

/** As Express 5's `req.host` does; Express 4's has no port. */
function forwardedHost(request: ExpressRequest): string | undefined {
  const trusts = request.app?.get('trust proxy fn') as
    | ((address: string | undefined, hop: number) => boolean)
    | undefined;
  const forwarded = request.headers['x-forwarded-host'];
  if (typeof forwarded !== 'string' || !trusts?.(request.socket.remoteAddress, 0)) return undefined;
  return forwarded.split(',')[0]?.trim();
}
