// A server of other libraries, in a process of its own.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig, serve } from './contract';
import { expressServer } from './express-servers';
import { fastifyServer } from './fastify-server';
import { nestServer } from './nest-server';
import { sessionServer } from './session-servers';

async function main(): Promise<void> {
  const config = readConfig();
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  if (/fastify/i.test(config.candidate)) {
    const app = await fastifyServer(config);
    await app.listen({ port: 0, host: '127.0.0.1' });
    serve((ready) => ready(portOf(app.server)));
    return;
  }
  const loggedIn = await sessionServer(config);
  const app = loggedIn?.app ?? (await expressServer(config)) ?? (await nestServer(config));
  serve((ready) => {
    const server: Server = app.listen(0, '127.0.0.1', () => ready(portOf(server), loggedIn?.headers));
  });
}

main();
