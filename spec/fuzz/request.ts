import type { User } from './protocol';

/** A request as it is sent, and what may be answered. */
export interface FuzzRequest {
  readonly id: number;
  readonly bytes: Buffer;
  /** Whether its end is where its head says, and no character is illegal: then it gets exactly one answer. */
  readonly isFramed: boolean;
  readonly method: string;
  readonly path: string;
  /** Whose good token it has. */
  readonly users: ReadonlySet<User>;
  /** Whether it has the password or a refresh token. */
  readonly mayLogIn: boolean;
}

/** What makes up a request. */
export interface RequestParts {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** Names and values, in this order. */
  readonly fields: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** Writes a request; what is not ASCII is written as Latin-1. */
export function write({ method, target, version, fields, body }: RequestParts): Buffer {
  const head = [`${method} ${target} ${version}`, ...fields.map(([name, value]) => `${name}: ${value}`), '', ''];
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), body]);
}

/** The chunked coding of a body (RFC 9112 §7.1), in chunks of a size, with a trailer. */
export function chunked(body: Buffer, size: number, trailer = '', extension = ''): Buffer {
  const parts: Buffer[] = [];
  for (let start = 0; start < body.length; start += size) {
    const chunk = body.subarray(start, start + size);
    parts.push(Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}
