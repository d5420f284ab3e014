import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import { HttpError } from 'routing-controllers';
import type { AuthError } from '../errors/auth-error';
import { createChallenge, DEFAULT_PARAMETERS } from '../errors/www-authenticate';
import { rootApplication } from './express-application';
import { ContextKey, type ExpressApplication, RequestContext } from './request-context';

type WriteHead = ServerResponse['writeHead'];

/** What a response is completed with when its headers are sent. */
interface ResponseState {
  /** The prototype that the response had when it was seen last. */
  parent?: object | null;
  /** The challenge of a 401 that has none of its own (RFC 9110 §15.5.2); undefined if none has been set. */
  challenge: string | undefined;
  /** The auth error that was thrown last, if any. */
  error: AuthError | undefined;
  /** The `Cache-Control` of a response that sets none itself. */
  cacheControl?: string;
}

const responseState = new ContextKey<ResponseState>();
const PLAIN_CHALLENGE = createChallenge(DEFAULT_PARAMETERS);

/**
 * The prototypes of Express responses whose `writeHead` is hooked, each with its own prototype at that time. Express
 * changes that when the application is mounted, possibly after the first request.
 */
const hooked = new WeakMap<object, object | null>();

function isHooked(parent: object | null): boolean {
  return parent !== null && hooked.get(parent) === Object.getPrototypeOf(parent);
}

/**
 * Hooks a response, so that a 401 has a challenge whoever sends it. On Express the prototype of all responses of the
 * application is hooked instead of each response, because adding a property to each response costs more than the
 * authentication itself.
 *
 * @param challenge - The challenge of a 401 that has none of its own; the first one that is given counts.
 */
export function trackResponse(context: RequestContext, challenge?: string): void {
  const { response } = context;
  if (!response) return;
  let state = responseState.get(context);
  const isNew = !state;
  if (state) state.challenge ??= challenge;
  else {
    state = { challenge, error: undefined };
    responseState.set(context, state);
  }
  const parent: object | null = Object.getPrototypeOf(response);
  if (!isNew && parent === state.parent) return;
  state.parent = parent;
  if (!isHooked(parent)) hookPrototype(context.application, parent);
  // A response with a writeHead of its own may never call the inherited one.
  if (isNew && (!isHooked(parent) || Object.hasOwn(response, 'writeHead'))) hookWriteHead(response);
}

function hookPrototype(application: ExpressApplication | undefined, parent: object | null): void {
  if (!parent || application?.response !== parent) return;
  const { response } = rootApplication(application);
  const common = Object.prototype.isPrototypeOf.call(response, parent) ? response : application.response;
  if (!isHooked(common)) hookWriteHead(common);
  for (const one of [common, parent]) hooked.set(one, Object.getPrototypeOf(one));
}

function hookWriteHead(target: ServerResponse): void {
  target.writeHead = wrapWriteHead(target.writeHead);
}

/** The last wrapper, which serves most responses: nearly all have Node's own `writeHead`. */
let last: { readonly writeHead: WriteHead; readonly wrapper: WriteHead } | undefined;

function wrapWriteHead(writeHead: WriteHead): WriteHead {
  if (last?.writeHead === writeHead) return last.wrapper;
  const wrapper: WriteHead = function (this: ServerResponse, ...args: [statusCode: number]): ServerResponse {
    const context = RequestContext.existing(this);
    const state = context && responseState.get(context);
    if (!state || (args[0] !== 401 && state.cacheControl === undefined)) return writeHead.apply(this, args);
    return withHeadersHook(writeHead, (response) => addDefaults(response, state)).apply(this, args);
  };
  last = { writeHead, wrapper };
  return wrapper;
}

/** Wraps a `writeHead` so that the response is completed first, once the headers among its arguments are set. */
function withHeadersHook(writeHead: WriteHead, complete: (response: ServerResponse) => void): WriteHead {
  const target = { writeHead } as ServerResponse;
  onHeaders(target, function (this: ServerResponse) {
    complete(this);
  });
  return target.writeHead;
}

/** Adds the headers that a response lacks, with its final status known. */
function addDefaults(response: ServerResponse, { challenge = PLAIN_CHALLENGE, cacheControl }: ResponseState): void {
  if (response.statusCode === 401) addMissing(response, { 'WWW-Authenticate': challenge });
  if (cacheControl === undefined || response.hasHeader('Cache-Control')) return;
  response.setHeader('Cache-Control', cacheControl);
  addVary(response, 'Cookie');
}

function addVary(response: ServerResponse, field: string): void {
  const fields = String(response.getHeader('Vary') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (fields.some((one) => one === '*' || one.toLowerCase() === field.toLowerCase())) return;
  response.setHeader('Vary', [...fields, field].join(', '));
}

/**
 * Gives the response this `Cache-Control` and `Vary: Cookie` when its headers leave, unless it has a `Cache-Control` by
 * then. Requires {@link trackResponse}.
 */
export function setDefaultCacheControl(context: RequestContext, cacheControl: string): void {
  const state = responseState.get(context);
  if (state) state.cacheControl = cacheControl;
}

/** Sets the challenge of a later 401, which says what is wrong with the token. */
export function setChallenge(context: RequestContext, challenge: string): void {
  const state = responseState.get(context);
  if (state) state.challenge = challenge;
}

/**
 * Adds the headers of an auth error to its response, which neither driver of routing-controllers does. They are added
 * when the headers are sent, and only if the response still has the status of the error: an error middleware of the
 * application may answer otherwise.
 */
export function setAuthError(context: RequestContext, error: AuthError): void {
  trackResponse(context);
  const state = responseState.get(context);
  const { response } = context;
  if (!state || !response) return;
  const isFirst = !state.error;
  state.error = error;
  if (isFirst)
    response.writeHead = withHeadersHook(response.writeHead, () => completeErrorResponse(context, response, state));
}

/** Returns whether this is the auth error that was thrown last. */
export function isCurrentError(context: RequestContext, error: AuthError): boolean {
  return responseState.get(context)?.error === error;
}

/** Calls a listener right before the headers of a response are sent. */
export function beforeHeaders(response: ServerResponse, listener: () => void): void {
  onHeaders(response, listener);
}

/**
 * Returns whether an auth error was thrown for the request, and not caught: a handler that asks for more than the user
 * may do, and catches the error, answers as usual. Right before the headers of the response are sent.
 */
export function isDenied(context: RequestContext): boolean {
  const { statusCode = 0 } = context.response ?? {};
  const isAnswered = (statusCode >= 200 && statusCode < 300) || statusCode === 304;
  return responseState.get(context)?.error !== undefined && !isAnswered;
}

function completeErrorResponse({ isKoa }: RequestContext, response: ServerResponse, { error }: ResponseState): void {
  if (!error) return;
  if (isKoa && isUnknownToDriver(error, response)) response.statusCode = error.httpCode;
  if (response.statusCode === error.httpCode) addMissing(response, error.headers);
}

/** routing-controllers' Koa driver answers 500 for every exception that is not its own `HttpError`. */
function isUnknownToDriver(error: AuthError, response: ServerResponse): boolean {
  return response.statusCode === 500 && !(error instanceof HttpError);
}

function addMissing(response: ServerResponse, headers: AuthError['headers'] = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
}
