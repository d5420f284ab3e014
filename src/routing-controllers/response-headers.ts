import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import { HttpError } from 'routing-controllers';
import { bearerChallenge } from '../challenge';
import type { Refusal } from '../errors/refusal';
import { Exchange, type ExpressApplication } from '../http/exchange';
import { Slot } from '../http/slot';
import { outermost, type Reach } from './outermost-application';

type WriteHead = ServerResponse['writeHead'];

/** What is known of a request when its response leaves. */
interface Notes {
  /** For a 401 that says nothing itself (RFC 9110 §15.5.2). */
  challenge: string;
  /** The refusal that was raised last, if one was. */
  refusal: Refusal | undefined;
  /** Whether the response is followed by itself, and not only by way of what it inherits. */
  isAlone: boolean;
}

const notes = new Slot<Notes>();
const PLAIN_CHALLENGE = bearerChallenge();

/** Of a response that is followed with all of its application, nothing is looked up below this status. */
const FIRST_STATUS = 300;

/** What responses of Express inherit from, where that is followed. */
const followed = new WeakSet<object>();

/**
 * Follows a response until its headers leave, so that a 401 has a challenge, whoever answers it, and a refusal its own
 * headers. On Express all responses of an application are followed at once: they inherit from an object of the
 * application's own, and to add a property to each of them costs more than the rest of a login.
 */
export function watchResponse(exchange: Exchange): void {
  const { response } = exchange;
  if (!response) return;
  const isNew = !notes.get(exchange);
  if (isNew) notes.set(exchange, { challenge: PLAIN_CHALLENGE, refusal: undefined, isAlone: false });
  const parent: object = Object.getPrototypeOf(response);
  if (!followed.has(parent)) followAll(exchange.application, parent);
  // One that writes its head by itself may go around what it inherits.
  if (isNew && (!followed.has(parent) || Object.hasOwn(response, 'writeHead'))) followAlone(exchange, response);
}

function followAll(application: ExpressApplication | undefined, parent: object): void {
  if (!application || application.response !== parent) return;
  const { response } = outermost(application);
  const common = Object.prototype.isPrototypeOf.call(response, parent) ? response : application.response;
  if (!followed.has(common)) common.writeHead = following(common.writeHead);
  followed.add(common).add(parent);
}

function followAlone(exchange: Exchange, response: ServerResponse): void {
  const known = notes.get(exchange);
  if (!known || known.isAlone) return;
  known.isAlone = true;
  response.writeHead = completing(response.writeHead, () => complete(response, exchange, known));
}

/** The last one, for what it follows: most often that is Node's own. */
let last: { readonly writeHead: WriteHead; readonly follower: WriteHead } | undefined;

function following(writeHead: WriteHead): WriteHead {
  if (last?.writeHead === writeHead) return last.follower;
  const follower: WriteHead = function (this: ServerResponse, ...args: [statusCode: number]): ServerResponse {
    const exchange = args[0] < FIRST_STATUS ? undefined : Exchange.known(this);
    const known = exchange && notes.get(exchange);
    if (!known) return writeHead.apply(this, args);
    return completing(writeHead, () => complete(this, exchange, known)).apply(this, args);
  };
  last = { writeHead, follower };
  return follower;
}

/** A `writeHead` that has its response completed first, with what its arguments say known. */
function completing(writeHead: WriteHead, complete: () => void): WriteHead {
  const target = { writeHead } as ServerResponse;
  onHeaders(target, complete);
  return target.writeHead;
}

/** Has the challenge of a later 401 say what was wrong with the token. */
export function noteChallenge(exchange: Exchange, challenge: string): void {
  const known = notes.get(exchange);
  if (known) known.challenge = challenge;
}

/**
 * Neither driver of routing-controllers sends the headers that an error carries, and an application's error middleware
 * may answer otherwise: so they are added at the last moment, where the response still has the refusal's status.
 *
 * @param reach - Of the exchange: an application that knows nothing of the one that refused may answer.
 */
export function noteRefusal(exchange: Exchange, refusal: Refusal, reach: Reach | undefined): void {
  watchResponse(exchange);
  const known = notes.get(exchange);
  const { response } = exchange;
  if (!known || !response) return;
  known.refusal = refusal;
  if (!reach?.isWhole || refusal.httpCode < FIRST_STATUS) followAlone(exchange, response);
}

/** Whether this refusal is the one that was noted last. */
export function isNoted(exchange: Exchange, refusal: Refusal): boolean {
  return notes.get(exchange)?.refusal === refusal;
}

/** Whether this response belongs to a request that was refused. */
export function wasRefused(response: ServerResponse): boolean {
  const exchange = Exchange.known(response);
  return exchange !== undefined && notes.get(exchange)?.refusal !== undefined;
}

function complete(response: ServerResponse, { isOfKoa }: Exchange, { refusal, challenge }: Notes): void {
  if (refusal && isOfKoa && isUnknownToDriver(refusal, response)) response.statusCode = refusal.httpCode;
  if (refusal && response.statusCode === refusal.httpCode) addMissing(response, refusal.headers);
  if (response.statusCode === 401) addMissing(response, { 'WWW-Authenticate': challenge });
}

/** routing-controllers' Koa driver answers 500 to every exception that is not its own `HttpError`. */
function isUnknownToDriver(refusal: Refusal, response: ServerResponse): boolean {
  return response.statusCode === 500 && !(refusal instanceof HttpError);
}

function addMissing(response: ServerResponse, headers: Refusal['headers'] = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
}
