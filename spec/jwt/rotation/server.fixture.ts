// A server of a process of its own. It is told its keys, as a deployment would, and answers with its port.

import 'reflect-metadata';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import type { Secret } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import { type Account, Accounts } from '../../support/accounts';

function createApp(keys: Secret): RequestListener {
  const manager = new LoginManager<Account>(keys, null, { algorithm: 'RS256', userLoader: Accounts });

  @JsonController()
  class Routes {
    @Get('/token')
    token() {
      return { token: manager.createAccessToken({ data: { sub: 'ada@example.com' }, expires: '1h' }) };
    }

    @Authorized()
    @Get('/me')
    me(@CurrentUser() { email }: Account) {
      return { email };
    }
  }

  const app = express();
  manager.attachWellKnown(app);
  return manager.useExpressServer(app, { controllers: [Routes], middlewares: [], interceptors: [] });
}

const server = createServer();
process.on('message', (keys: Secret) => {
  server.removeAllListeners('request').on('request', createApp(keys));
  process.send?.((server.address() as AddressInfo).port);
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.('ready'));
