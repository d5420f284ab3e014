import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** By lower-case name. */
  headers: Record<string, string>;
}

/**
 * Sends a request as it is written, finished or not, and gives the head of the answer as soon as that is there: an
 * answer that waits for the rest of the request never comes.
 */
export function sendRaw(
  url: string,
  requestLine: string,
  headers: Record<string, string>,
  body = '',
): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url);
  const lines = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write([`${requestLine} HTTP/1.1`, ...lines, '', body].join('\r\n'));
    });
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      received += chunk;
      if (!received.includes('\r\n\r\n')) return;
      resolve(parseHead(received));
      socket.destroy();
    });
    socket.on('error', reject).on('end', () => reject(new Error(`The connection was closed after: ${received}`)));
  });
}

function parseHead(text: string): RawAnswer {
  const [statusLine = '', ...lines] = (text.split('\r\n\r\n')[0] as string).split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  return { status: Number(statusLine.split(' ')[1]), headers: Object.fromEntries(headers) };
}
