import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between servers and their Redis, and can lose answers. */
export class FlakyProxy {
  /** Whether connections are cut when Redis answers a script, which is what every write is. */
  cutsAnswers: () => boolean = () => false;
  /** How many connections were cut. */
  cuts = 0;
  /** How many chunks of commands came from the servers. */
  received = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly redisPort: number) {
    this.server = createServer((client) => this.join(client));
  }

  static async start(redisPort: number): Promise<FlakyProxy> {
    const proxy = new FlakyProxy(redisPort);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(client: Socket): void {
    const redis = connect(this.redisPort, '127.0.0.1');
    const cut = () => {
      client.destroy();
      redis.destroy();
    };
    for (const socket of [client, redis]) {
      this.sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        this.sockets.delete(socket);
        cut();
      });
    }
    let hasScript = false;
    client.on('data', (commands) => {
      this.received += 1;
      hasScript ||= /eval/i.test(commands.toString('latin1'));
      redis.write(commands);
    });
    redis.on('data', (answers) => {
      if (hasScript && this.cutsAnswers()) {
        this.cuts += 1;
        cut();
      } else client.write(answers);
      hasScript = false;
    });
  }
}
