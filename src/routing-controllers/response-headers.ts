import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import { HttpError } from 'routing-controllers';
import { bearerChallenge } from '../challenge';
import type { Refusal } from '../errors/refusal';
import { Exchange } from '../http/exchange';
import { Slot } from '../http/slot';
import { outermost } from './outermost-application';

/** What is known of a request when its response leaves. */
interface Notes {
  /** For a 401 that says nothing itself (RFC 9110 §15.5.2). */
  challenge: string;
  /** The refusal that was raised, if one was. */
  refusal: Refusal | undefined;
  /** Whether the headers have been added. */
  isComplete: boolean;
}

const notes = new Slot<Notes>();
const PLAIN_CHALLENGE = bearerChallenge();

/** What responses of Express inherit from, where that has our `writeHead`. */
const followed = new WeakSet<ServerResponse>();

/** The statuses that any refusal had: other answers are let go without a look. */
const statuses = new Set([401]);

/**
 * Follows a response until its headers leave. Neither driver of routing-controllers sends the headers that an error
 * carries, and an application's error middleware may answer otherwise: so they are added at the last moment, where
 * the response still has the refusal's status.
 */
export function watchResponse(exchange: Exchange): void {
  if (!exchange.response || notes.get(exchange)) return;
  notes.set(exchange, { challenge: PLAIN_CHALLENGE, refusal: undefined, isComplete: false });
  follow(exchange, exchange.response);
}

/**
 * On Express once for an application, in what its responses inherit from. A response that has a `writeHead` of its own
 * is followed by itself: that may go around the application's.
 */
function follow(exchange: Exchange, response: ServerResponse): void {
  const parent: ServerResponse = Object.getPrototypeOf(response);
  if (!followed.has(parent) && exchange.application) {
    const common = outermost(exchange.application).response;
    if (!followed.has(common)) common.writeHead = following(common.writeHead);
    followed.add(common).add(parent);
  }
  if (!followed.has(parent) || Object.hasOwn(response, 'writeHead')) response.writeHead = following(response.writeHead);
}

function following(writeHead: ServerResponse['writeHead']): ServerResponse['writeHead'] {
  return function (this: ServerResponse, ...args: [statusCode: number]): ServerResponse {
    if (!statuses.has(args[0])) return writeHead.apply(this, args);
    const exchange = Exchange.known(this.req);
    const known = exchange && notes.get(exchange);
    if (!known || known.isComplete || (!known.refusal && args[0] !== 401)) return writeHead.apply(this, args);
    known.isComplete = true;
    if (args.length > 1) {
      onHeaders(this, () => completeResponse(this, exchange, known)); // reads the headers among the arguments
      return this.writeHead(...args);
    }
    this.statusCode = args[0];
    completeResponse(this, exchange, known);
    return writeHead.call(this, this.statusCode);
  };
}

/** Has the challenge of a later 401 say what was wrong with the token. */
export function noteChallenge(exchange: Exchange, challenge: string): void {
  const known = notes.get(exchange);
  if (known) known.challenge = challenge;
}

/** Whether this refusal is the one that was noted last. */
export function isNoted(exchange: Exchange, refusal: Refusal): boolean {
  return notes.get(exchange)?.refusal === refusal;
}

export function noteRefusal(exchange: Exchange, refusal: Refusal): void {
  const known = notes.get(exchange);
  if (known) known.refusal = refusal;
  statuses.add(refusal.status).add(500); // what Koa makes of an exception that it does not know
}

/** Whether this response belongs to a request that was refused. */
export function wasRefused(response: ServerResponse): boolean {
  const exchange = Exchange.known(response.req);
  return exchange !== undefined && notes.get(exchange)?.refusal !== undefined;
}

function completeResponse(response: ServerResponse, { isOfKoa }: Exchange, { refusal, challenge }: Notes): void {
  if (refusal && isOfKoa && isUnknownToDriver(refusal, response)) response.statusCode = refusal.status;
  if (refusal && response.statusCode === refusal.status) addMissing(response, refusal.headers);
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
