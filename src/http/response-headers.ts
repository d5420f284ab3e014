import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import { HttpError } from 'routing-controllers';
import type { AuthError } from '../errors/auth-error';
import { createChallenge, DEFAULT_PARAMETERS } from '../errors/www-authenticate';
import { ContextKey } from './context-key';
import { rootApplication } from './express-application';
import { type ExpressApplication, RequestContext } from './request-context';

type WriteHead = ServerResponse['writeHead'];

/** What is known of a request when its response leaves. */
interface ResponseState {
  /** For a 401 without one of its own (RFC 9110 §15.5.2); undefined if nobody has set one. */
  challenge: string | undefined;
  /** The refusal that was raised last, if one was. */
  error: AuthError | undefined;
  /** The `Cache-Control` of a response that sets none itself. */
  cacheControl?: string;
}

const responseState = new ContextKey<ResponseState>();
const PLAIN_CHALLENGE = createChallenge(DEFAULT_PARAMETERS);

/**
 * What responses of Express inherit from, where that sees to it that a 401 has a challenge; and what that inherited from
 * in turn: an application that is mounted, once more perhaps, has it changed.
 */
const hooked = new WeakMap<object, object>();

function isHooked(parent: object): boolean {
  return hooked.get(parent) === Object.getPrototypeOf(parent);
}

/**
 * Follows a response until its headers leave, so that a 401 has a challenge, whoever answers it. On Express all
 * responses of an application are followed at once: they inherit from an object of the application's own, and to add a
 * property to each of them costs more than the rest of a login.
 *
 * @param challenge - For a 401 that has none of its own; the first one that is given counts.
 */
export function trackResponse(context: RequestContext, challenge?: string): void {
  const { response } = context;
  if (!response) return;
  const state = responseState.get(context);
  const isNew = !state;
  if (isNew) responseState.set(context, { challenge, error: undefined });
  else state.challenge ??= challenge;
  const parent: object = Object.getPrototypeOf(response);
  if (!isHooked(parent)) hookPrototype(context.application, parent);
  // One that writes its head by itself may go around what it inherits.
  if (isNew && (!isHooked(parent) || Object.hasOwn(response, 'writeHead'))) hookWriteHead(response);
}

function hookPrototype(application: ExpressApplication | undefined, parent: object): void {
  if (!application || application.response !== parent) return;
  const { response } = rootApplication(application);
  const common = Object.prototype.isPrototypeOf.call(response, parent) ? response : application.response;
  if (!isHooked(common)) hookWriteHead(common);
  for (const one of [common, parent]) hooked.set(one, Object.getPrototypeOf(one));
}

function hookWriteHead(target: ServerResponse): void {
  target.writeHead = wrapWriteHead(target.writeHead);
}

/** The last one, for what it follows: most often that is Node's own. */
let last: { readonly writeHead: WriteHead; readonly follower: WriteHead } | undefined;

function wrapWriteHead(writeHead: WriteHead): WriteHead {
  if (last?.writeHead === writeHead) return last.follower;
  const follower: WriteHead = function (this: ServerResponse, ...args: [statusCode: number]): ServerResponse {
    const context = RequestContext.existing(this);
    const state = context && responseState.get(context);
    if (!state || (args[0] !== 401 && state.cacheControl === undefined)) return writeHead.apply(this, args);
    return withHeadersHook(writeHead, (response) => addDefaults(response, state)).apply(this, args);
  };
  last = { writeHead, follower };
  return follower;
}

/** A `writeHead` that has its response completed first, with what its arguments say known. */
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

/** Has the challenge of a later 401 say what was wrong with the token. */
export function setChallenge(context: RequestContext, challenge: string): void {
  const known = responseState.get(context);
  if (known) known.challenge = challenge;
}

/**
 * Neither driver of routing-controllers sends the headers that an error carries, and an application's error middleware
 * may answer otherwise: so they are added at the last moment, where the response still has the refusal's status.
 */
export function setAuthError(context: RequestContext, error: AuthError): void {
  trackResponse(context);
  const known = responseState.get(context);
  const { response } = context;
  if (!known || !response) return;
  const isFirst = !known.error;
  known.error = error;
  if (isFirst)
    response.writeHead = withHeadersHook(response.writeHead, () => completeErrorResponse(context, response, known));
}

/** Whether this refusal is the one that was noted last. */
export function isCurrentError(context: RequestContext, error: AuthError): boolean {
  return responseState.get(context)?.error === error;
}

/** Whether this response belongs to a request that was refused. */
export function wasDenied(response: ServerResponse): boolean {
  const context = RequestContext.existing(response);
  return context !== undefined && responseState.get(context)?.error !== undefined;
}

function completeErrorResponse(
  { isKoa: isOfKoa }: RequestContext,
  response: ServerResponse,
  { error }: ResponseState,
): void {
  if (!error) return;
  if (isOfKoa && isUnknownToDriver(error, response)) response.statusCode = error.httpCode;
  if (response.statusCode === error.httpCode) addMissing(response, error.headers);
}

/** routing-controllers' Koa driver answers 500 to every exception that is not its own `HttpError`. */
function isUnknownToDriver(error: AuthError, response: ServerResponse): boolean {
  return response.statusCode === 500 && !(error instanceof HttpError);
}

function addMissing(response: ServerResponse, headers: AuthError['headers'] = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
}
