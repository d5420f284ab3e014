import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import { HttpError } from 'routing-controllers';
import type { Refusal } from '../errors/auth-error';
import { bearerChallenge } from '../errors/www-authenticate';
import { Slot } from './context-key';
import { outermost } from './express-application';
import { Exchange, type ExpressApplication } from './request-context';

type WriteHead = ServerResponse['writeHead'];

/** What is known of a request when its response leaves. */
interface Notes {
  /** For a 401 that says nothing itself (RFC 9110 §15.5.2). */
  challenge: string;
  /** The refusal that was raised last, if one was. */
  refusal: Refusal | undefined;
}

const notes = new Slot<Notes>();
const PLAIN_CHALLENGE = bearerChallenge();

/**
 * What responses of Express inherit from, where that sees to it that a 401 has a challenge; and what that inherited from
 * in turn: an application that is mounted, once more perhaps, has it changed.
 */
const followed = new WeakMap<object, object>();

function isFollowed(parent: object): boolean {
  return followed.get(parent) === Object.getPrototypeOf(parent);
}

/**
 * Follows a response until its headers leave, so that a 401 has a challenge, whoever answers it. On Express all
 * responses of an application are followed at once: they inherit from an object of the application's own, and to add a
 * property to each of them costs more than the rest of a login.
 */
export function watchResponse(exchange: Exchange): void {
  const { response } = exchange;
  if (!response) return;
  const isNew = !notes.get(exchange);
  if (isNew) notes.set(exchange, { challenge: PLAIN_CHALLENGE, refusal: undefined });
  const parent: object = Object.getPrototypeOf(response);
  if (!isFollowed(parent)) followAll(exchange.application, parent);
  // One that writes its head by itself may go around what it inherits.
  if (isNew && (!isFollowed(parent) || Object.hasOwn(response, 'writeHead'))) follow(response);
}

function followAll(application: ExpressApplication | undefined, parent: object): void {
  if (!application || application.response !== parent) return;
  const { response } = outermost(application);
  const common = Object.prototype.isPrototypeOf.call(response, parent) ? response : application.response;
  if (!isFollowed(common)) follow(common);
  for (const one of [common, parent]) followed.set(one, Object.getPrototypeOf(one));
}

function follow(target: ServerResponse): void {
  target.writeHead = following(target.writeHead);
}

/** The last one, for what it follows: most often that is Node's own. */
let last: { readonly writeHead: WriteHead; readonly follower: WriteHead } | undefined;

function following(writeHead: WriteHead): WriteHead {
  if (last?.writeHead === writeHead) return last.follower;
  const follower: WriteHead = function (this: ServerResponse, ...args: [statusCode: number]): ServerResponse {
    if (args[0] !== 401) return writeHead.apply(this, args);
    const exchange = Exchange.known(this);
    const challenge = exchange && notes.get(exchange)?.challenge;
    if (challenge === undefined) return writeHead.apply(this, args);
    return completing(writeHead, (response) => addMissing(response, { 'WWW-Authenticate': challenge })).apply(
      this,
      args,
    );
  };
  last = { writeHead, follower };
  return follower;
}

/** A `writeHead` that has its response completed first, with what its arguments say known. */
function completing(writeHead: WriteHead, complete: (response: ServerResponse) => void): WriteHead {
  const target = { writeHead } as ServerResponse;
  onHeaders(target, function (this: ServerResponse) {
    complete(this);
  });
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
 */
export function noteRefusal(exchange: Exchange, refusal: Refusal): void {
  watchResponse(exchange);
  const known = notes.get(exchange);
  const { response } = exchange;
  if (!known || !response) return;
  const isFirst = !known.refusal;
  known.refusal = refusal;
  if (isFirst) response.writeHead = completing(response.writeHead, () => completeRefusal(exchange, response, known));
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

function completeRefusal({ isOfKoa }: Exchange, response: ServerResponse, { refusal }: Notes): void {
  if (!refusal) return;
  if (isOfKoa && isUnknownToDriver(refusal, response)) response.statusCode = refusal.httpCode;
  if (response.statusCode === refusal.httpCode) addMissing(response, refusal.headers);
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
