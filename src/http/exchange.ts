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
  return 'req' in request ? koaExchange(request as KoaSide) : expressExchange(request as ExpressRequest);
}

/** A response without its request (one made by hand) has no exchange. */
export function exchangeOfResponse(response: HttpResponse): Exchange | undefined {
  if ('res' in response) return koaExchange(response as unknown as KoaSide);
  return response.req && expressExchange(response.req as ExpressRequest, response);
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
function koaExchange(side: KoaSide): Exchange {
  const request = side.request ?? (side as unknown as KoaRequest);
  return {
    framework: 'koa',
    message: side.req,
    response: side.res,
    isSecure: () => request.secure,
    host: () => request.host,
  };
}

interface ExpressRequest extends IncomingMessage {
  readonly res?: ServerResponse;
  readonly secure?: boolean;
  readonly app?: { get(setting: string): unknown };
}

function expressExchange(request: ExpressRequest, response = request.res): Exchange {
  return {
    framework: 'express',
    message: request,
    response,
    isSecure: () => request.secure ?? 'encrypted' in request.socket,
    host: () => forwardedHost(request) ?? request.headers.host,
  };
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
