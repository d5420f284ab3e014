import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { InvalidRequestError, OAuth2Error } from '../errors/oauth2-error';

/** Maximum length of a body that is parsed here, in bytes. */
const LIMIT = 16 * 1024;

/** The fields of a body: strings, or whatever else a JSON body holds. A repeated field is an array. */
export type FormFields = Readonly<Record<string, unknown>>;

/**
 * Returns the fields of a form-encoded or JSON body, whoever has read it: a parser of the application, an adapter that
 * leaves its bytes or its text, as serverless-http, `express.raw()` and `express.text()` do, or nobody yet.
 *
 * @param body - The `body` of the framework's request.
 * @throws {@link OAuth2Error} for a body that has no fields. No message contains what was sent.
 */
export async function readFormFields(message: IncomingMessage, body: unknown): Promise<FormFields> {
  const fields = await parseBody(message, body);
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new InvalidRequestError('The request body must be an object');
  return fields as FormFields;
}

/** Adapters leave the bytes on Node's request, which Koa does not look at. */
async function parseBody(message: IncomingMessage, given: unknown): Promise<unknown> {
  const body = given ?? (message as { body?: unknown }).body;
  if (typeof body === 'string' || body instanceof Uint8Array) return parse(toText(body), mediaTypeOf(message));
  return isUnread(message, body) ? parse(await readBody(message), mediaTypeOf(message)) : body;
}

function toText(body: string | Uint8Array): string {
  if (Buffer.byteLength(body) > LIMIT) throw tooLarge();
  return typeof body === 'string' ? body : Buffer.from(body).toString('utf-8');
}

/** A parser that leaves a body of another type alone may still set an empty object. */
function isUnread(message: IncomingMessage, body: unknown): boolean {
  return body === undefined || (!message.readableDidRead && Object.keys(Object(body)).length === 0);
}

function tooLarge(): OAuth2Error {
  return new InvalidRequestError(`The body must not be larger than ${LIMIT} bytes`, { status: 413 });
}

async function readBody(message: IncomingMessage): Promise<string> {
  if (message.readableDidRead) throw new InvalidRequestError('The body has been read already');
  if ((message.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw unsupportedMediaType('The body must not be compressed');
  try {
    return await getRawBody(message, { length: message.headers['content-length'], limit: LIMIT, encoding: 'utf-8' });
  } catch (error) {
    if ((error as { type?: string }).type === 'entity.too.large') throw tooLarge();
    throw new InvalidRequestError('The body could not be read');
  }
}

function mediaTypeOf(message: IncomingMessage): string {
  return (message.headers['content-type'] ?? '').split(';', 1).join().trim().toLowerCase();
}

function parse(body: string, mediaType: string): unknown {
  if (body === '' && mediaType === '') return {}; // nothing was sent, as by a browser that logs out with its cookies
  if (mediaType === 'application/x-www-form-urlencoded') return parseForm(body);
  if (mediaType === 'application/json') return parseJson(body);
  throw unsupportedMediaType('The body must be application/x-www-form-urlencoded or application/json');
}

/** Takes one pass, so that a field that is repeated thousands of times costs no more than others. */
function parseForm(body: string): FormFields {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(body)) {
    const earlier = fields.get(name);
    if (Array.isArray(earlier)) earlier.push(value);
    else fields.set(name, earlier === undefined ? value : [earlier, value]);
  }
  return Object.fromEntries(fields);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new InvalidRequestError('The body is not valid JSON');
  }
}

function unsupportedMediaType(description: string): OAuth2Error {
  return new InvalidRequestError(description, { status: 415 });
}

/**
 * Returns one parameter of a token request. An empty one counts as absent (RFC 6749 §3.2).
 *
 * @throws {@link InvalidRequestError} for a parameter that is repeated or no string.
 */
export function stringField(fields: FormFields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new InvalidRequestError(`Parameter must be a single string: ${name}`);
}
