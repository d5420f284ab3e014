import { IncomingMessage, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';

/** A request of Express, or of Koa (its `ctx` or its `ctx.request`). */
export type HttpRequest = IncomingMessage | { readonly req: IncomingMessage };

/** A response of Express, or of Koa (its `ctx` or its `ctx.response`). */
export type HttpResponse = ServerResponse | { readonly res: ServerResponse };

/** What `ctx`, `ctx.request` and `ctx.response` of Koa have in common. */
interface KoaSide {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly request?: KoaRequest;
}

/** Its `secure` and `host` honour `app.proxy`. */
interface KoaRequest {
  readonly secure: boolean;
  readonly host: string;
}

interface ExpressRequest extends IncomingMessage {
  readonly res?: ServerResponse;
  readonly secure?: boolean;
  readonly app?: ExpressApplication;
}

/** What is used of an application of Express. */
export interface ExpressApplication {
  /** The application that this one is mounted in. */
  readonly parent?: ExpressApplication;
  /** What all its responses inherit from. */
  readonly response: ServerResponse;
  get(setting: string): unknown;
  use(handler: unknown): unknown;
}

/**
 * Where the exchange of a request is kept: under a symbol that nobody else has. A WeakMap would do the same at many times
 * the price, most of it paid by the garbage collector. All that is known of a request is kept with the exchange, because
 * on Express to add a property takes V8 a microsecond or two: each request there has a prototype, so a shape, of its own.
 */
const EXCHANGE = Symbol('routing-controllers-login');

interface Holder {
  [EXCHANGE]?: Exchange;
}

/** Asks first what is quickly known of any object. */
function isMessage(request: HttpRequest): request is IncomingMessage {
  return request instanceof IncomingMessage || !('req' in request);
}

/** One request and its response, as the rest of the library sees them: no framework. */
export class Exchange {
  /** Undefined for a request that came without one. */
  response: ServerResponse | undefined;
  private koa: KoaRequest | undefined;

  /** @param message - Node's request. */
  private constructor(
    readonly message: ExpressRequest,
    response = message.res,
  ) {
    this.response = response;
  }

  /** @param response - Its response, where that is at hand: on Express it takes long to look for it. */
  static ofRequest(request: HttpRequest, response?: HttpResponse): Exchange {
    return isMessage(request)
      ? Exchange.ofMessage(request, response as ServerResponse | undefined)
      : Exchange.ofKoa(request as KoaSide);
  }

  /** A response without its request (one made by hand) has no exchange. */
  static ofResponse(response: HttpResponse): Exchange | undefined {
    if ('res' in response) return Exchange.ofKoa(response as unknown as KoaSide);
    if (!response.req) return undefined;
    return Exchange.ofMessage(response.req, response);
  }

  /** The exchange of a response, if anybody asked for it before. */
  static known(response: ServerResponse): Exchange | undefined {
    return (response.req as Holder | undefined)?.[EXCHANGE];
  }

  private static ofMessage(message: IncomingMessage & Holder, response?: ServerResponse): Exchange {
    const known = message[EXCHANGE];
    const exchange = known ?? new Exchange(message, response);
    if (known) known.response ??= response;
    else message[EXCHANGE] = exchange;
    return exchange;
  }

  private static ofKoa(side: KoaSide): Exchange {
    const exchange = Exchange.ofMessage(side.req);
    exchange.koa ??= side.request ?? (side as unknown as KoaRequest);
    exchange.response = side.res;
    return exchange;
  }

  /** Where a request is printed, nothing of its login is. */
  [inspect.custom](): string {
    return 'Exchange';
  }

  get isOfKoa(): boolean {
    return this.koa !== undefined;
  }

  /** The application of Express that has the request at the moment. */
  get application(): ExpressApplication | undefined {
    return this.message.app;
  }

  /** Whether the client speaks https: with the proxy, where the application trusts one. */
  isSecure(): boolean {
    return (this.koa ?? this.message).secure ?? 'encrypted' in this.message.socket;
  }

  /** The host and port the client asked for, likewise. */
  host(): string | undefined {
    return this.koa ? this.koa.host : (forwardedHost(this.message) ?? this.message.headers.host);
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
