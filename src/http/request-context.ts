import { IncomingMessage, type ServerResponse } from 'node:http';
import type { Action } from 'routing-controllers';
import { privateField } from '../util/private-field';
import { invalidArgument } from '../util/validate-arguments';
import { type ExpressApplication, isExpressApplication, trustsProxy } from './express-application';

export type { ExpressApplication } from './express-application';

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

/** Koa's request; its `secure` and `host` honour `app.proxy`. */
interface KoaRequest {
  readonly req: IncomingMessage;
  readonly secure?: boolean;
  readonly host?: string;
  readonly ip?: string;
  readonly originalUrl?: string;
}

interface ExpressRequest extends IncomingMessage {
  readonly res?: ServerResponse;
  readonly secure?: boolean;
  readonly ip?: string;
  readonly app?: unknown;
  readonly originalUrl?: string;
}

type Headers = IncomingMessage['headers'];

const NO_HEADERS: Headers = Object.freeze({});

const contexts = privateField<RequestContext>();

/**
 * Returns the object that stores the context of a request: its `rawHeaders` array. Express changes the prototype of each
 * request, so adding a property to the request creates a new hidden class per request, which costs more than the
 * authentication itself. The array lives as long as the request.
 */
function contextOwner(message: IncomingMessage): object {
  const list: unknown = message.rawHeaders;
  if (!Array.isArray(list)) return message; // a request made by hand
  const owner = contexts.get(list)?.message;
  if (owner === message) return list;
  if (owner === undefined) return hasStableHeaders(list, message) ? list : message;
  return isSameRequest(message, owner) ? list : message; // a copy may share the list and have other headers
}

/** Some requests that are made by hand create the array each time it is read. */
function hasStableHeaders(list: object, { rawHeaders }: IncomingMessage): boolean {
  return list === rawHeaders && Object.isExtensible(list);
}

/** An object that inherits from a request is that request, unless it has headers or a method of its own. */
function isSameRequest(message: IncomingMessage, owner: IncomingMessage): boolean {
  return (
    Object.prototype.isPrototypeOf.call(owner, message) &&
    owner.headers === message.headers &&
    owner.method === message.method
  );
}

/** Starts with the check that is fastest for most requests. */
function isMessage(request: HttpRequest): request is IncomingMessage {
  if (request instanceof IncomingMessage) return true;
  if (typeof request === 'object' && request !== null) return !('req' in request);
  throw invalidArgument('There is no request; pass an action as routing-controllers does: { request, response }');
}

/**
 * Some adapters give the response another object as its request, and Koa does not replace it as Express does. Hooks of the
 * response need the request to find its context.
 */
function connect(response: ServerResponse | undefined, message: IncomingMessage): ServerResponse | undefined {
  if (!isResponse(response)) return undefined;
  if (response.req !== message && response.req?.headers === undefined) Object.assign(response, { req: message });
  return response;
}

/** Unit tests pass objects without methods, or frozen ones, as responses; nothing is ever sent with them. */
function isResponse(response: ServerResponse | undefined): response is ServerResponse {
  return (
    typeof response?.writeHead === 'function' &&
    typeof response.setHeader === 'function' &&
    Object.isExtensible(response)
  );
}

/** One request and its response, independent of the framework. */
export class RequestContext {
  /** Undefined for a request that came without a response, such as a WebSocket handshake. */
  response: ServerResponse | undefined;
  private koa: KoaRequest | undefined;

  /** @param message - Node's request. */
  private constructor(
    readonly message: ExpressRequest,
    response = message.res,
  ) {
    this.response = connect(response, message);
  }

  /** @param response - Its response, if at hand: looking it up on an Express request is slow. */
  static fromRequest(request: HttpRequest, response?: HttpResponse): RequestContext {
    return isMessage(request)
      ? RequestContext.fromMessage(request, response as ServerResponse | undefined)
      : RequestContext.fromKoa(request as KoaSide);
  }

  /** Returns the context of a response, or undefined for a response without a request. */
  static fromResponse(response: HttpResponse): RequestContext | undefined {
    const { req } = response as { req?: IncomingMessage };
    if (!req) return undefined;
    if ('res' in response) return RequestContext.fromKoa(response as unknown as KoaSide);
    return RequestContext.fromMessage(req, response);
  }

  /** Returns the context of a response if one was created before. */
  static existing(response: ServerResponse): RequestContext | undefined {
    return response.req && contexts.get(contextOwner(response.req));
  }

  private static fromMessage(message: IncomingMessage, response?: ServerResponse): RequestContext {
    const owner = contextOwner(message);
    const existing = contexts.get(owner);
    const context = existing ?? new RequestContext(message, response);
    if (!existing) contexts.set(owner, context);
    else existing.response ??= connect(response, message);
    return context;
  }

  private static fromKoa(side: KoaSide): RequestContext {
    const context = RequestContext.fromMessage(side.req);
    context.koa ??= side.request ?? (side as unknown as KoaRequest);
    context.response = connect(side.res, side.req) ?? context.response;
    return context;
  }

  get isKoa(): boolean {
    return this.koa !== undefined;
  }

  /** The request as the application knows it: Express' `request`, Koa's `ctx.request`, otherwise Node's. */
  get request(): HttpRequest {
    return this.koa ?? this.message;
  }

  /** Empty for a request made by hand that has none. */
  get headers(): Headers {
    const headers = this.message.headers ?? NO_HEADERS;
    return isPrototypePolluted() ? Object.assign(Object.create(null), headers) : headers;
  }

  /** The Express application that handles the request at the moment. */
  get application(): ExpressApplication | undefined {
    const { app } = this.message;
    return isExpressApplication(app) ? app : undefined;
  }

  /** Tells whether the client uses https. `X-Forwarded-Proto` counts if the application trusts its proxy. */
  isSecure(): boolean {
    const secure = (this.koa ?? this.message).secure;
    if (secure !== undefined) return secure;
    const { socket } = this.message;
    if (socket && 'encrypted' in socket && socket.encrypted) return true;
    return firstOf(this.headers['x-forwarded-proto'])?.toLowerCase() === 'https' && trustsProxy(this);
  }

  /** Returns the address of the client: as the proxy tells it, if the application trusts its proxy. */
  get address(): string | undefined {
    return this.koa?.ip ?? this.message.ip ?? this.message.socket?.remoteAddress;
  }

  /** Returns the host and port that the client asked for. `X-Forwarded-Host` counts if the application trusts its proxy. */
  host(): string | undefined {
    if (this.koa?.host !== undefined) return this.koa.host;
    // As Express 5's `req.host` does; Express 4's has no port.
    const forwarded = firstOf(this.headers['x-forwarded-host']);
    if (forwarded !== undefined && trustsProxy(this)) return forwarded;
    return authorityOf(this.headers) ?? this.headers.host;
  }

  /** Returns the path that the client asked for, before any mount removed its prefix; without the query. */
  path(): string {
    const url = (this.koa ?? this.message).originalUrl ?? this.message.url ?? '/';
    return url.split(/[?#]/, 1).join();
  }
}

/** Tells whether something was added to `Object.prototype`, which Node's headers inherit: nobody sent that. */
function isPrototypePolluted(): boolean {
  for (const _ in NO_HEADERS) return true;
  return false;
}

/** The `:authority` of HTTP/2 takes the place of `Host` (RFC 9113 §8.3.1). */
function authorityOf(headers: Headers): string | undefined {
  const authority = headers[':authority'];
  return typeof authority === 'string' ? authority : undefined;
}

/** The first of several proxies is the one that the client asked. */
function firstOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header.split(',', 1).join().trim() : undefined;
}

type ContextValues = RequestContext & { [key: symbol]: unknown };

/** The key of a value that is kept with a request context, under a symbol of its own. */
export class ContextKey<T> {
  private readonly key = Symbol('context value');

  get(context: RequestContext): T | undefined {
    return (context as ContextValues)[this.key] as T | undefined;
  }

  set(context: RequestContext, value: T): void {
    (context as ContextValues)[this.key] = value;
  }
}

/** Returns the context of the request that an action belongs to. */
export function contextOf(action: Action): RequestContext {
  return RequestContext.fromRequest(action.request, action.response);
}

/** Creates an action as routing-controllers does, for a request that routing-controllers does not serve. */
export function actionOf(request: HttpRequest): Action {
  if (!('req' in request)) return { request, response: (request as { res?: unknown }).res };
  const context = (request as { ctx?: unknown }).ctx ?? request;
  const { request: koaRequest, response } = context as Action;
  return { request: koaRequest, response, context };
}
