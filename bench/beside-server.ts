// The library with a user that takes as long to load as out of a database, in a process of its own.

import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import express from 'express';
import { createClient } from 'redis';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager, type LoginManagerOptions } from 'routing-controllers-login';
import { RedisSessionStore } from 'routing-controllers-login/redis';
import { LOADING, loadUser, readConfig, SCOPE, type ServerConfig, serve, USER } from './peers/contract';

@JsonController()
class Notes {
  @Authorized(SCOPE)
  @Get('/notes-0')
  list(@CurrentUser() user: object) {
    return user;
  }
}

class Nothing {}

async function optionsOf({ candidate, redis = '' }: ServerConfig): Promise<LoginManagerOptions<object>> {
  const storeOf = async (cacheFor: number) =>
    new RedisSessionStore(await createClient({ url: redis }).connect(), { cacheFor });
  return {
    useCookie: true,
    ...(candidate.includes('userCache') && { userCache: { max: 10_000, maxAge: '1m' } }),
    ...(candidate.includes('Redis') && { sessionStore: await storeOf(candidate.includes('kept') ? 1000 : 0) }),
  };
}

serve(async (ready) => {
  const config = readConfig();
  const manager = new LoginManager<object>(config.secret, '/login', await optionsOf(config));
  manager.userLoader()(async () => {
    await wait(LOADING);
    return loadUser();
  });
  const { access_token: token } = await manager.createTokenResponse({ data: { sub: USER.email }, scopes: [SCOPE] });
  const headers: Record<string, string> = config.candidate.includes('cookie')
    ? { Cookie: `access-token=${token}` }
    : { Authorization: `Bearer ${token}` };
  const app = manager.useExpressServer(express(), {
    controllers: [Notes],
    middlewares: [Nothing],
    interceptors: [Nothing],
  });
  const server: Server = app.listen(0, '127.0.0.1', () => {
    ready((server.address() as AddressInfo).port, headers);
  });
});
