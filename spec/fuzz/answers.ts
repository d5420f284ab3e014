export interface FuzzAnswer {
  readonly status: number;
  /** By lower-case name; several of one name are joined with line breaks. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the connection ends after it. */
  readonly isLast: boolean;
}

/** What came back on a connection. */
export interface ParsedAnswers {
  readonly answers: readonly FuzzAnswer[];
  /** Bytes that are no complete answer. */
  readonly rest: string;
}

/**
 * Reads the answers of a connection that has ended (RFC 9112 §6.3).
 *
 * @param isHead - Whether the request with this `x-id`, or else the one at this index, was a HEAD.
 */
export function parseAnswers(text: string, isHead: (id: string | undefined, index: number) => boolean): ParsedAnswers {
  const answers: FuzzAnswer[] = [];
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1]);
    if (end < 0 || Number.isNaN(status)) return { answers, rest };
    const headers = parseFields(rest.slice(0, end));
    const body = rest.slice(end + 4);
    if (status === 100) {
      rest = body;
      continue;
    }
    const hasBody = !isHead(headers['x-id'], answers.length) && status !== 204 && status !== 304;
    const read = hasBody ? readBody(body, headers) : { body: '', length: 0 };
    if (!read) return { answers, rest };
    answers.push({ status, headers, body: read.body, isLast: /close/i.test(headers.connection ?? '') });
    rest = body.slice(read.length);
  }
}

function parseFields(head: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}\n${value}` : value;
  }
  return headers;
}

/** Returns undefined if the body is not complete. */
function readBody(text: string, headers: Record<string, string>): { body: string; length: number } | undefined {
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return readChunks(text);
  if (headers['content-length'] === undefined) return { body: text, length: text.length };
  const length = Number(headers['content-length']);
  return length <= text.length ? { body: text.slice(0, length), length } : undefined;
}

function readChunks(text: string): { body: string; length: number } | undefined {
  let body = '';
  for (let at = 0; ; ) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (line < 0 || Number.isNaN(size)) return undefined;
    const next = line + 2 + size + 2;
    if (next > text.length) return undefined;
    body += text.slice(line + 2, line + 2 + size);
    if (size === 0) return { body, length: next };
    at = next;
  }
}
