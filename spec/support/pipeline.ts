import { once } from 'node:events';
import { connect } from 'node:net';
import type { Answer, Call } from './keep-alive';

/**
 * Sends the same request many times over one connection, without waiting for the answers in between (RFC 9112 §9.3.2).
 * There are fewer answers than requests where the server lets the connection go.
 */
export async function pipeline(url: string, call: Call, times: number): Promise<Answer[]> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  await once(socket, 'connect');
  socket.write(`${head(call, host)}\r\n\r\n`.repeat(times));
  const answers: Answer[] = [];
  let rest = '';
  try {
    for await (const chunk of socket) {
      rest = takeAnswers(`${rest}${chunk}`, answers);
      if (answers.length === times) break;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET' && (error as NodeJS.ErrnoException).code !== 'EPIPE') {
      throw error;
    }
  }
  socket.destroy();
  return answers;
}

function head({ path, method = 'GET', headers = {} }: Call, host: string): string {
  const fields = Object.entries({ Host: host, ...headers, ...(method === 'GET' ? {} : { 'Content-Length': 0 }) });
  return [`${method} ${path} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
}

/** Moves the complete answers over; what is left of the text is the beginning of the next one. */
function takeAnswers(text: string, answers: Answer[]): string {
  for (let start = 0; ; ) {
    const end = text.indexOf('\r\n\r\n', start);
    if (end < 0) return text.slice(start);
    const [statusLine = '', ...fields] = text.slice(start, end).split('\r\n');
    const headers = Object.fromEntries(fields.map((field) => splitAt(field, ': ')));
    const next = end + 4 + Number(headers['content-length']);
    if (next > text.length) return text.slice(start);
    answers.push({ status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4, next) });
    start = next;
  }
}

function splitAt(field: string, separator: string): [string, string] {
  const at = field.indexOf(separator);
  return [field.slice(0, at).toLowerCase(), field.slice(at + separator.length)];
}
