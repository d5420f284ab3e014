import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { InvalidRequestError, OAuth2Error } from '../errors/oauth2-error';

/** Bytes; a login form has no business being longer. */
const LIMIT = 16 * 1024;

/** The fields of a body, as text or whatever else a JSON body holds; a repeated field is a list. */
export type FormFields = Readonly<Record<string, unknown>>;

/**
 * The fields of a form-encoded or JSON body: what the application has parsed already, or else what is read here.
 *
 * @param parsed - The `body` of the framework's request.
 * @throws {@link OAuth2Error} for every body that is none; what it holds is in no message.
 */
export async function readFormFields(message: IncomingMessage, parsed: unknown): Promise<FormFields> {
  const fields = isUnread(message, parsed) ? parse(await readBody(message), mediaTypeOf(message)) : parsed;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new InvalidRequestError('The body must hold named fields');
  return fields as FormFields;
}

/** A parser that leaves a body of another type alone may still have put an empty object there. */
function isUnread(message: IncomingMessage, parsed: unknown): boolean {
  return parsed === undefined || (!message.readableDidRead && Object.keys(Object(parsed)).length === 0);
}

async function readBody(message: IncomingMessage): Promise<string> {
  if (message.readableDidRead) throw new InvalidRequestError('The body has been read already');
  if ((message.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw unsupportedMediaType('The body must not be compressed');
  try {
    return await getRawBody(message, { length: message.headers['content-length'], limit: LIMIT, encoding: 'utf-8' });
  } catch (error) {
    if ((error as { type?: string }).type === 'entity.too.large')
      throw new InvalidRequestError(`The body must not be larger than ${LIMIT} bytes`, { status: 413 });
    throw new InvalidRequestError('The body could not be read');
  }
}

function mediaTypeOf(message: IncomingMessage): string {
  return (message.headers['content-type'] ?? '').split(';', 1).join().trim().toLowerCase();
}

function parse(body: string, mediaType: string): unknown {
  if (mediaType === 'application/x-www-form-urlencoded') return parseForm(body);
  if (mediaType === 'application/json') return parseJson(body);
  throw unsupportedMediaType('The body must be application/x-www-form-urlencoded or application/json');
}

/** In one pass: a body of one field many times must not cost more than another. */
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
 * One parameter of a token request; an empty one counts as absent (RFC 6749 §3.2).
 *
 * @throws {@link InvalidRequestError} for one that is repeated, or no text.
 */
export function stringField(fields: FormFields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new InvalidRequestError(`Given more than once, or not as text: ${name}`);
}
