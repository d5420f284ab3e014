import { parseJsonObject } from '../../util/json-object';
import { LONGEST_TIMER } from '../../util/with-timeout';

/** The largest accepted answer, in bytes. Key sets of large providers have some 20 KiB. */
const MAX_BYTES = 512 * 1024;

/** A JSON object that was fetched. */
export interface FetchedJson {
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** An answer that is not the document asked for. */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';

  /** @param status - Undefined if there was an answer with status 200 that cannot be used. */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/**
 * Fetches a JSON object. Redirects are not followed: they would lead to an address that nobody configured.
 *
 * @param timeout - Milliseconds, for the headers and the body together.
 * @throws {@link UnusableAnswer} for any status but 200, a body that is too large, and anything but a JSON object; an
 * `Error` if there is no answer in time.
 */
export async function fetchJson(url: string, timeout: number, request: RequestInit = {}): Promise<FetchedJson> {
  const aborting = new AbortController();
  const timer = setTimeout(
    () => aborting.abort(new Error(`No answer within ${timeout} ms`)),
    Math.min(timeout, LONGEST_TIMER),
  );
  try {
    const response = await fetch(url, {
      ...request,
      headers: { Accept: 'application/json', ...request.headers },
      redirect: 'manual',
      signal: aborting.signal,
    });
    if (response.status !== 200)
      throw new UnusableAnswer(`The answer has the status ${response.status}`, response.status);
    const body = parseJsonObject(await readBody(response));
    if (!body) throw new UnusableAnswer('The answer is not a JSON object');
    return { body, headers: response.headers };
  } finally {
    clearTimeout(timer);
    aborting.abort(); // ends the connection of an answer that was not read
  }
}

async function readBody({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new UnusableAnswer(`The answer has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
