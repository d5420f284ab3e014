// A server of routing-controllers, in a process of its own.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig, serve } from './peers/contract';
import { appOf } from './routes-app';

serve((ready) => {
  const server: Server = appOf(readConfig()).listen(0, '127.0.0.1', () => {
    ready((server.address() as AddressInfo).port);
  });
});
