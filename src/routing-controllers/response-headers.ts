import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import { HttpError } from 'routing-controllers';
import { bearerChallenge } from '../challenge';
import type { Refusal } from '../errors/refusal';
import type { Exchange } from '../http/exchange';
import { Slot } from '../http/slot';

/** What is known of a request when its response leaves. */
interface Notes {
  readonly framework: Exchange['framework'];
  /** For a 401 that says nothing itself (RFC 9110 §15.5.2). */
  challenge: string;
  /** The refusal that was raised, if one was. */
  refusal: Refusal | undefined;
  /** The response's own method, which {@link writeHead} takes the place of. */
  readonly writeHead: ServerResponse['writeHead'];
}

const notes = new Slot<Notes>();
const PLAIN_CHALLENGE = bearerChallenge();

/**
 * Follows a response until its headers leave. Neither driver of routing-controllers sends the headers that an error
 * carries, and an application's error middleware may answer otherwise: so they are added at the last moment, where
 * the response still has the refusal's status.
 */
export function watchResponse({ message, response, framework }: Exchange): void {
  if (!response || notes.get(message)) return;
  notes.set(message, { framework, challenge: PLAIN_CHALLENGE, refusal: undefined, writeHead: response.writeHead });
  response.writeHead = writeHead;
}

/** One function for all responses: few of them need anything, and `onHeaders` costs more than the rest of a login. */
function writeHead(this: ServerResponse, ...args: [statusCode: number]): ServerResponse {
  const known = notes.get(this.req) as Notes;
  if (!known.refusal && args[0] !== 401) return known.writeHead.apply(this, args);
  this.writeHead = known.writeHead;
  onHeaders(this, () => completeResponse(this, known));
  return this.writeHead(...args);
}

/** Has the challenge of a later 401 say what was wrong with the token. */
export function noteChallenge({ message }: Exchange, challenge: string): void {
  const known = notes.get(message);
  if (known) known.challenge = challenge;
}

export function noteRefusal({ message }: Exchange, refusal: Refusal): void {
  const known = notes.get(message);
  if (known) known.refusal = refusal;
}

/** Whether this response belongs to a request that was refused. */
export function wasRefused(response: ServerResponse): boolean {
  return notes.get(response.req)?.refusal !== undefined;
}

function completeResponse(response: ServerResponse, { framework, refusal, challenge }: Notes): void {
  if (refusal && framework === 'koa' && isUnknownToDriver(refusal, response)) response.statusCode = refusal.status;
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
