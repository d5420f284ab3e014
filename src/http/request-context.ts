import { IncomingMessage, type ServerResponse } from 'node:http';
import { privateField } from '../util/private-field';

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
  readonly ip?: string;
}

interface ExpressRequest extends IncomingMessage {
  readonly res?: ServerResponse;
  readonly secure?: boolean;
  readonly ip?: string;
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

const contexts = privateField<RequestContext>();

/**
 * What the exchange of a request is kept with: the list of its raw headers. Not the request itself, because Express
 * gives each request a prototype, and then V8 makes a shape of its own for each field that is added: that takes longer
 * than all the rest of a login. Whoever keeps the list keeps the request.
 */
function contextOwner(message: IncomingMessage): object {
  const list: unknown = message.rawHeaders;
  if (!Array.isArray(list)) return message; // made by hand
  const owner = contexts.get(list)?.message;
  if (owner === message) return list;
  if (owner === undefined) return hasStableHeaders(list, message) ? list : message;
  return inheritsRequest(message, owner) ? list : message; // a copy may have other headers than the request whose list it took over
}

/** Some requests that are made by hand make the list each time they are asked. */
function hasStableHeaders(list: object, { rawHeaders }: IncomingMessage): boolean {
  return list === rawHeaders && Object.isExtensible(list);
}

/** What inherits from a request is that request, but where it has been given other headers. */
function inheritsRequest(message: IncomingMessage, owner: IncomingMessage): boolean {
  return Object.prototype.isPrototypeOf.call(owner, message) && owner.headers === message.headers;
}

/** Asks first what is quickly known of any object. */
function isMessage(request: HttpRequest): request is IncomingMessage {
  return request instanceof IncomingMessage || !('req' in request);
}

/** One request and its response, as the rest of the library sees them: no framework. */
export class RequestContext {
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
  static fromRequest(request: HttpRequest, response?: HttpResponse): RequestContext {
    return isMessage(request)
      ? RequestContext.fromMessage(request, response as ServerResponse | undefined)
      : RequestContext.fromKoa(request as KoaSide);
  }

  /** A response without its request (one made by hand) has no exchange. */
  static fromResponse(response: HttpResponse): RequestContext | undefined {
    if ('res' in response) return RequestContext.fromKoa(response as unknown as KoaSide);
    if (!response.req) return undefined;
    return RequestContext.fromMessage(response.req, response);
  }

  /** The exchange of a response, if anybody asked for it before. */
  static existing(response: ServerResponse): RequestContext | undefined {
    return response.req && contexts.get(contextOwner(response.req));
  }

  private static fromMessage(message: IncomingMessage, response?: ServerResponse): RequestContext {
    const holder = contextOwner(message);
    const known = contexts.get(holder);
    const context = known ?? new RequestContext(message, response);
    if (known) known.response ??= response;
    else contexts.set(holder, context);
    return context;
  }

  private static fromKoa(side: KoaSide): RequestContext {
    const context = RequestContext.fromMessage(side.req);
    context.koa ??= side.request ?? (side as unknown as KoaRequest);
    context.response = side.res;
    return context;
  }

  get isKoa(): boolean {
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

  /** The address of the client: behind a proxy if the application trusts it. */
  get address(): string | undefined {
    return this.koa?.ip ?? this.message.ip ?? this.message.socket?.remoteAddress;
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
