// A server of routing-controllers, in a process of its own.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig, serve } from './peers/contract';
import { appOf } from './routes-app';

serve(async (ready) => {
  const app = await appOf(readConfig());
  const server: Server = app.listen(0, '127.0.0.1', () => {
    ready((server.address() as AddressInfo).port);
  });
});
