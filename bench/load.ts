import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  /** Headers of the requests, which are sent in turn. */
  readonly requests: readonly Buffer[];
  readonly connections: number;
  readonly milliseconds: number;
}

export interface Served {
  readonly perSecond: number;
  /** How many answers there were of each status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Connections that the server closed. */
  readonly lost: number;
}

/** A GET, as it is sent. */
export function getRequest(path: string, headers: Record<string, string> = {}): Buffer {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}

/**
 * Keeps some connections busy for a while: each sends its next request once it has its answer. On two cores the client
 * must need less than the server, so it reads no more of an answer than where it ends.
 */
export function load({ port, requests, connections, milliseconds }: Load): Promise<Served> {
  const statuses: Record<string, number> = {};
  const sockets = new Set<Socket>();
  let lost = 0;
  let sent = 0;
  let done = false;

  const send = (socket: Socket) => socket.write(requests[sent++ % requests.length] as Buffer);

  const open = () => {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    let received = '';
    sockets.add(socket);
    socket.setEncoding('latin1').on('data', (chunk) => {
      received += chunk;
      if (received.length < lengthOf(received)) return;
      const status = received.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      received = '';
      if (!done) send(socket);
    });
    socket.on('error', () => {}); // it is closed then
    socket.on('close', () => {
      sockets.delete(socket);
      if (done) return;
      lost++;
      open();
    });
    send(socket);
  };

  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    for (let index = 0; index < connections; index++) open();
    setTimeout(() => {
      done = true;
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      const answers = Object.values(statuses).reduce((sum, count) => sum + count, 0);
      for (const socket of sockets) socket.destroy();
      resolve({ perSecond: answers / seconds, statuses, lost });
    }, milliseconds);
  });
}

/** How long the whole answer is; without end until its headers are there. */
function lengthOf(received: string): number {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return Number.POSITIVE_INFINITY;
  const length = /content-length: *(\d+)/i.exec(received.slice(0, end))?.[1];
  if (length === undefined) throw new Error(`An answer without a length: ${received}`);
  return end + 4 + Number(length);
}
