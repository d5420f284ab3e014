import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { forkServers } from '../../support/fork-servers';
import { bearer } from '../../support/http';

// biome-ignore lint/suspicious/noExplicitAny: whatever was answered
export type Answer = { status: number; body: any; headers: Headers };

/** Two server processes on one Redis, and a client that sends each request to the next of them. */
export class TwoServers {
  private turn = 0;

  private constructor(
    private readonly processes: readonly ChildProcess[],
    private readonly errors: string[],
    private readonly urls: readonly string[],
  ) {}

  /** @param refreshLeeway - Seconds. */
  static async start(redisUrl: string, storeTimeout: string, refreshLeeway = 30): Promise<TwoServers> {
    const options = [redisUrl, storeTimeout, String(refreshLeeway)];
    const module = join(__dirname, 'fixtures/server.js');
    const { processes, errors, started: ports } = await forkServers<number>(module, [options, options]);
    return new TwoServers(
      processes,
      errors,
      ports.map((port) => `http://127.0.0.1:${port}`),
    );
  }

  /** What the servers wrote to standard error: warnings, unhandled rejections. */
  get written(): string {
    return this.errors.join('');
  }

  /** Whether both processes live. */
  get areUp(): boolean {
    return this.processes.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  }

  stop(): void {
    for (const child of this.processes) child.kill('SIGKILL');
  }

  /** @param server - 0 or 1; default: whose turn it is. */
  async get(path: string, token?: string, server?: number): Promise<Answer> {
    return this.send(path, { headers: token === undefined ? {} : bearer(token) }, server);
  }

  async post(path: string, fields: Record<string, string>, token?: string, server?: number): Promise<Answer> {
    const headers = token === undefined ? {} : bearer(token);
    return this.send(path, { method: 'POST', headers, body: new URLSearchParams(fields) }, server);
  }

  async login(sub: string, server?: number): Promise<{ access_token: string; refresh_token: string }> {
    const { status, body } = await this.post('/token', { username: sub, password: 'x' }, undefined, server);
    if (status !== 200) throw new Error(`The login failed with ${status}`);
    return body;
  }

  refresh(refreshToken: string, server?: number): Promise<Answer> {
    return this.post('/token', { grant_type: 'refresh_token', refresh_token: refreshToken }, undefined, server);
  }

  private async send(path: string, init: RequestInit, server = this.turn++ % 2): Promise<Answer> {
    const response = await fetch(`${this.urls[server]}${path}`, init);
    return { status: response.status, body: await response.json(), headers: response.headers };
  }
}
