import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConfigurationError } from '../../errors/configuration-error';
import { copyOwnProperties } from '../../util/own-properties';
import { assertKnownKeys } from '../../util/validate';
import type { MiddlewareTarget } from '../attach-middleware';
import { createDocuments, type MetadataSource, type WellKnownOptions } from './documents';

/** Seconds for which clients may keep a document. */
const MAX_AGE = 300;

/** Anybody may read the documents, from any page. */
const CORS = { 'Access-Control-Allow-Origin': '*' };

const HEADERS = { ...CORS, 'Cache-Control': `public, max-age=${MAX_AGE}`, 'Content-Type': 'application/json' };

/** Answers to a request for a document. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Serves the well-known documents of a manager on an application.
 *
 * @throws {@link ConfigurationError} for anything but an application or a router, and as `createDocuments` does.
 */
export function attachWellKnown(target: MiddlewareTarget, source: MetadataSource, given: WellKnownOptions): void {
  if (typeof target?.use !== 'function')
    throw new ConfigurationError('attachWellKnown() requires an application; write manager.attachWellKnown(app)', {
      section: 'servers',
    });
  const options = copyOwnProperties(given);
  assertKnownKeys(options, ['issuer'], 'attachWellKnown()');
  const texts = new Map([...createDocuments(source, options)].map(([path, value]) => [path, JSON.stringify(value)]));
  const answer = (method: string | undefined, path: string): Answer | undefined => {
    const text = texts.get(path);
    return text === undefined ? undefined : createAnswer(method, text);
  };
  // Applications and routers of Express are functions, those of Koa are objects.
  target.use(typeof target === 'function' ? expressMiddleware(answer) : koaMiddleware(answer));
}

/** Creates the answer to a method, the preflight of browsers among them. */
function createAnswer(method: string | undefined, text: string): Answer {
  if (method === 'GET' || method === 'HEAD') return { status: 200, headers: HEADERS, body: text };
  const allowed = 'GET, HEAD, OPTIONS';
  if (method !== 'OPTIONS') return { status: 405, headers: { ...CORS, Allow: allowed }, body: '' };
  const preflight = { 'Access-Control-Allow-Methods': allowed, 'Access-Control-Allow-Headers': '*' };
  return { status: 204, headers: { ...CORS, ...preflight, Allow: allowed }, body: '' };
}

type FindAnswer = (method: string | undefined, path: string) => Answer | undefined;

function expressMiddleware(find: FindAnswer) {
  return (request: IncomingMessage & { path: string }, response: ServerResponse, next: () => void): void => {
    const answer = find(request.method, request.path);
    if (answer) send(response, answer, request.method);
    else next();
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer, method: string | undefined): void {
  response.writeHead(status, { ...headers, ...(status !== 204 && { 'Content-Length': Buffer.byteLength(body) }) });
  response.end(method === 'HEAD' ? undefined : body);
}

/** The context of Koa, as far as it is used. */
interface KoaContext {
  readonly method: string;
  readonly path: string;
  status: number;
  body: unknown;
  set(headers: Readonly<Record<string, string>>): void;
}

function koaMiddleware(find: FindAnswer) {
  return async (context: KoaContext, next: () => Promise<unknown>): Promise<unknown> => {
    const answer = find(context.method, context.path);
    if (!answer) return next();
    context.status = answer.status;
    if (answer.status !== 204) context.body = answer.body;
    context.set(answer.headers); // after the body, which would set a type of its own
    return undefined;
  };
}
