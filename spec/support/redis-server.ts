import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isInstalled } from './programs';

/** A real Redis on a free port of the loopback, which keeps nothing on disk. */
export class RedisServer {
  readonly url: string;
  private process: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'redis-'));

  private constructor(
    readonly port: number,
    private readonly settings: readonly string[],
  ) {
    this.url = `redis://127.0.0.1:${port}`;
    process.once('exit', () => this.process?.kill('SIGKILL'));
  }

  /** @param settings - Further arguments of redis-server. */
  static async start(...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), settings);
    await server.start();
    return server;
  }

  /** Starts it again, empty. */
  async start(): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const child = spawn('redis-server', [...where, '--save', '', '--appendonly', 'no', ...this.settings], {
      stdio: 'ignore',
    });
    this.process = child;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
    }
  }

  /** Ends it as a failing machine would. */
  async kill(): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** It takes connections and commands, and answers none. */
  pause(): void {
    this.process?.kill('SIGSTOP');
  }

  resume(): void {
    this.process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * A Redis for the suite. Where none is installed the suite is pending; under CI one is installed, or the suite fails.
 */
export function usingRedis(...settings: string[]): () => RedisServer {
  let server: RedisServer | undefined;

  before(async function () {
    this.timeout(180_000);
    if (!isAvailable()) this.skip();
    server = await RedisServer.start(...settings);
  });

  after(() => server?.stop());

  return () => server as RedisServer;
}

/** Whether a redis-server is installed; under CI it is then, or this throws. */
export const isAvailable = (): boolean => isInstalled('redis-server', ['--version']);

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.on('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.on('error', () => setTimeout(resolve, 5, false));
  });
}
