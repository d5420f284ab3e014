import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServerConfig } from './peers/contract';
import { peerFile } from './peers-build';

/** A server in a process of its own, so that it does not share a core with who asks it. */
export interface ChildServer {
  readonly port: number;
  /** The headers of a request that is logged in, where that is not by a bearer token. */
  readonly headers: Record<string, string> | undefined;
  /** Seconds of processor time that it has used. */
  cpu(): Promise<number>;
  stop(): void;
}

const files = {
  own: join(__dirname, 'server.js'),
  beside: join(__dirname, 'beside-server.js'),
  cluster: join(__dirname, 'cluster-server.js'),
  peers: peerFile('server.js'),
};

export async function startServer(config: ServerConfig, kind: keyof typeof files): Promise<ChildServer> {
  const env = { ...process.env, NODE_ENV: 'production', BENCH_SERVER: JSON.stringify(config) };
  // Some print every refusal.
  const child: ChildProcess = fork(files[kind], { env, stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
  const [message] = await once(child, 'message');
  return {
    port: message.port,
    headers: message.headers,
    cpu: async () => {
      child.send('cpu');
      const [{ cpu }] = await once(child, 'message');
      return (cpu.user + cpu.system) / 1e6;
    },
    stop: () => child.disconnect(),
  };
}
