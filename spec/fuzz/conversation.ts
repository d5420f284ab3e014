import { connect } from 'node:net';

/** How a connection ended: by the server, by a reset, or not within the time that is allowed. */
export type Ending = 'closed' | 'reset' | 'hang';

export interface Exchange {
  /** What was received, in Latin-1. */
  readonly received: string;
  readonly ending: Ending;
}

export interface ConversationOptions {
  /** Whether the requests are complete, so that the server has to answer and to close by itself. */
  readonly isComplete: boolean;
  /** How long it may take in all, in milliseconds. */
  readonly patience: number;
}

/** After such a silence a server is taken to wait for the rest of a request, in milliseconds. */
const SILENCE = 250;

/** Sends segments over one connection, and waits until the server has closed it. */
export function converse(
  port: number,
  segments: readonly Buffer[],
  { isComplete, patience }: ConversationOptions,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    let silence: NodeJS.Timeout | undefined;
    const finish = (ending: Ending) => {
      clearTimeout(silence);
      clearTimeout(limit);
      socket.destroy();
      resolve({ received: Buffer.concat(chunks).toString('latin1'), ending });
    };
    const limit = setTimeout(finish, patience, 'hang');
    const waitForSilence = () => {
      clearTimeout(silence);
      if (!isComplete) silence = setTimeout(() => socket.end(), SILENCE);
    };
    socket.setNoDelay(true);
    socket.on('connect', () => writeAll(segments, (segment) => socket.write(segment), waitForSilence));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      waitForSilence();
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => finish('reset'));
    socket.on('close', () => finish('closed'));
  });
}

/** In a turn of the event loop each, so that they arrive in parts. */
function writeAll(segments: readonly Buffer[], write: (segment: Buffer) => void, done: () => void): void {
  const [first, ...others] = segments;
  if (first === undefined) {
    done();
    return;
  }
  write(first);
  setImmediate(writeAll, others, write, done);
}
