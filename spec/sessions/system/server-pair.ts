import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { forkServers } from '../../support/fork-servers';

/** Cookie logins that renew themselves, or refresh tokens in cookies. */
export type Kind = 'sliding' | 'refreshing';

/** Durations are in seconds, or strings with a unit. */
export interface ServerOptions {
  /** Milliseconds since the epoch, when the servers start. */
  readonly now: number;
  /** The life of a sliding login's token. An access token beside a refresh token lives half as long. */
  readonly defaultExpiry: number;
  readonly slidingExpiry: number;
  readonly refreshExpiry: number;
  readonly refreshLeeway: number;
  readonly storeTimeout: string;
  readonly verifiedTokenCache?: { readonly max: number };
}

/** What a server uses, after a garbage collection. */
export interface Usage {
  /** Bytes. */
  readonly heap: number;
  readonly rss: number;
  /** Timers, sockets and whatever else keeps a process alive. */
  readonly handles: number;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  readonly body: any;
  readonly cookies: readonly string[];
  /** How long it took. */
  readonly milliseconds: number;
}

/** The request arrived, and its answer did not. */
export class LostAnswer extends Error {}

/** What a request consists of. */
export interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly fields?: Record<string, string>;
  /** 0 or 1. Default: whose turn it is. */
  readonly server?: number | undefined;
  /** Whether the answer gets lost on its way. */
  readonly isLost?: boolean;
}

/** Two server processes on one Redis, whose clock is told to them, and a client that takes them in turn. */
export class ServerPair {
  /** Sees every answer. */
  onAnswer: ((answer: Answer, sent: Sent) => void) | undefined;
  private turn = 0;
  private agent = new Agent({ keepAlive: true, maxSockets: 64 });

  private constructor(
    private readonly processes: readonly ChildProcess[],
    private readonly errors: readonly string[],
    private readonly ports: readonly Record<Kind, number>[],
    /** Milliseconds since the epoch. */
    private time: number,
  ) {}

  /** One server uses the package `redis`, the other one `ioredis`. */
  static async start(redisUrl: string, options: ServerOptions, execArgv: string[] = []): Promise<ServerPair> {
    const { processes, errors, started } = await forkServers<Record<Kind, number>>(
      join(__dirname, 'fixtures/server.js'),
      ['redis', 'ioredis'].map((clientPackage) => [redisUrl, clientPackage, JSON.stringify(options)]),
      execArgv,
    );
    return new ServerPair(processes, errors, started, options.now);
  }

  /** What the servers wrote to standard error: warnings, unhandled rejections. */
  get written(): string {
    return this.errors.join('');
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.time;
  }

  /** Lets time pass on both servers. */
  async advance(seconds: number): Promise<void> {
    this.time += seconds * 1000;
    await Promise.all(
      this.processes.map((child) => {
        child.send(this.time);
        return once(child, 'message');
      }),
    );
  }

  /** Ends the connections of the client, and asks the servers, which run with `--expose-gc`. */
  async measure(): Promise<Usage[]> {
    this.agent.destroy();
    this.agent = new Agent({ keepAlive: true, maxSockets: 64 });
    return Promise.all(
      this.processes.map(async (child) => {
        child.send('measure');
        const [usage] = await once(child, 'message');
        return usage as Usage;
      }),
    );
  }

  /** Sends the beginning of a request, and is gone. */
  abort(kind: Kind, server: number, text: string): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(this.ports[server]?.[kind] as number, '127.0.0.1', () => {
        socket.write(text, () => socket.destroy());
      });
      socket.on('error', () => resolve()).on('close', () => resolve());
    });
  }

  stop(): void {
    this.agent.destroy();
    for (const child of this.processes) child.kill('SIGKILL');
  }

  /** @throws {@link LostAnswer} for an answer that gets lost. */
  async send(kind: Kind, sent: Sent): Promise<Answer> {
    const answer = await this.request(kind, sent);
    this.onAnswer?.(answer, sent);
    return answer;
  }

  private request(
    kind: Kind,
    { method = 'GET', path, headers, fields, server = this.turn++ % 2, isLost }: Sent,
  ): Promise<Answer> {
    const body = fields && new URLSearchParams(fields).toString();
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': `${body?.length}` };
    const sentAt = performance.now();
    return new Promise((resolve, reject) => {
      const { agent } = this;
      const where = { agent, host: '127.0.0.1', port: this.ports[server]?.[kind], path, method };
      send({ ...where, headers: { ...headers, ...(body !== undefined && form) } }, (response) => {
        if (isLost) {
          response.destroy();
          reject(new LostAnswer());
        } else {
          toAnswer(response, sentAt).then(resolve, reject);
        }
      })
        .on('error', reject)
        .end(body);
    });
  }
}

async function toAnswer(response: IncomingMessage, sentAt: number): Promise<Answer> {
  let text = '';
  for await (const chunk of response) text += chunk;
  const { statusCode: status = 0, headers } = response;
  const body = text === '' ? undefined : JSON.parse(text);
  return { status, body, cookies: headers['set-cookie'] ?? [], milliseconds: performance.now() - sentAt };
}
