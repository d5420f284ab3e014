// node --expose-gc .build/bench/sessions.js: what sessions cost. Needs a redis-server.

import 'reflect-metadata';
import { once } from 'node:events';
import { Agent, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager, MemorySessionStore, type SessionStore } from 'routing-controllers-login';
import { RedisSessionStore } from 'routing-controllers-login/redis';
import { RedisServer } from '../spec/support/redis-server';
import { compare, report } from './compare';

const REQUESTS = Number(process.env.REQUESTS ?? 2000);
const CONNECTIONS = 8;
const SESSIONS = Number(process.env.SESSIONS ?? 1_000_000);

@JsonController()
class Me {
  @Authorized()
  @Get('/me')
  me(@CurrentUser() user: object) {
    return user;
  }
}

class Nothing {}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function request(url: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(String(response.statusCode)));
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

const servers: Server[] = [];

const SECRET = 'a secret of forty bytes, for benchmarks.';

/** A server with these options, and a round of requests to it. */
async function candidate(sessionStore?: SessionStore): Promise<() => Promise<void>> {
  const manager = new LoginManager(SECRET, '/login', sessionStore ? { sessionStore } : {});
  manager.userLoader()((email: string) => ({ email }));
  const url = await serve(manager);
  const { access_token: token } = await manager.createTokenResponse({
    data: { sub: 'ada@example.com' },
    expires: '1d',
  });
  return () => inParallel(() => request(url, { Authorization: `Bearer ${token}` }));
}

/** A server of cookie logins, each request of which is due to be renewed, or none is. */
async function slidingCandidate(isDue: boolean): Promise<() => Promise<void>> {
  const begin = Date.now();
  let passed = 0;
  const manager = new LoginManager(SECRET, '/login', {
    useCookie: true,
    defaultExpiry: '1d',
    slidingExpiry: '30d',
    clock: () => begin + passed,
  });
  manager.userLoader()((email: string) => ({ email }));
  const url = await serve(manager);
  const { access_token: token } = await manager.createTokenResponse({ data: { sub: 'ada@example.com' } });
  if (isDue) passed = 13 * 3_600_000;
  return () => inParallel(() => request(url, { Cookie: `access-token=${token}` }));
}

/** A manager that refreshes one session after another. */
function refreshing(sessionStore: SessionStore): () => Promise<void> {
  const manager = new LoginManager(SECRET, '/login', { sessionStore });
  manager.userLoader()((email: string) => ({ email }));
  return async () => {
    const client = async () => {
      let { refresh_token: token = '' } = await manager.createTokenResponse({ data: { sub: 'ada' }, refresh: true });
      for (let sent = 0; sent < REQUESTS / CONNECTIONS; sent++)
        token = (await manager.refresh(token)).refresh_token ?? '';
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
  };
}

async function serve(manager: LoginManager): Promise<string> {
  const app = express();
  manager.useExpressServer(app, { controllers: [Me], middlewares: [Nothing], interceptors: [Nothing] });
  const server = app.listen(0, '127.0.0.1');
  server.keepAliveTimeout = 0; // the others' rounds take their time
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/me`;
}

async function inParallel(send: () => Promise<void>): Promise<void> {
  const client = async () => {
    for (let sent = 0; sent < REQUESTS / CONNECTIONS; sent++) await send();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
}

function usedMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Sessions of users of their own. */
async function fill(store: SessionStore): Promise<void> {
  const manager = new LoginManager(SECRET, '/login', { sessionStore: store });
  for (let count = 0; count < SESSIONS; count++)
    await manager.createTokenResponse({ data: { sub: `user ${count}` }, refresh: true });
}

async function main(): Promise<void> {
  const full = new MemorySessionStore();
  const before = usedMemory();
  await fill(full);
  const bytes = (usedMemory() - before) / SESSIONS;
  console.log(`MemorySessionStore: ${bytes.toFixed(0)} bytes for each of ${SESSIONS.toLocaleString('en')} sessions`);

  const redis = await RedisServer.start();
  const client = createClient({ url: redis.url });
  await client.connect();
  const ioredis = new Redis(redis.url);
  const [inRedis, inIoredis] = [new RedisSessionStore(client), new RedisSessionStore(ioredis, { prefix: 'io:' })];

  const candidates = {
    'without a store': await candidate(),
    memory: await candidate(new MemorySessionStore()),
    'memory, a million sessions': await candidate(full),
    'Redis on this machine, package redis': await candidate(inRedis),
    'Redis on this machine, package ioredis': await candidate(inIoredis),
    'cookie, not due to be renewed': await slidingCandidate(false),
    'cookie, renewed by each request': await slidingCandidate(true),
  };
  const rounds = Number(process.env.ROUNDS ?? 15);
  report(`${REQUESTS} requests over ${CONNECTIONS} connections`, await compare(candidates, { rounds }));
  const refreshes = {
    memory: refreshing(new MemorySessionStore()),
    'package redis': refreshing(inRedis),
    'package ioredis': refreshing(inIoredis),
  };
  report(`${REQUESTS} refreshes of ${CONNECTIONS} sessions`, await compare(refreshes, { rounds }));

  await client.sendCommand(['CONFIG', 'RESETSTAT']);
  await candidates['Redis on this machine, package redis']();
  const commands = [...String(await client.info('commandstats')).matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)];
  console.log(`Commands for ${REQUESTS} requests: ${commands.map(([, name, calls]) => `${name} ${calls}`).join(', ')}`);

  client.destroy();
  ioredis.disconnect();
  await redis.stop();
  agent.destroy();
  for (const server of servers) server.close();
}

main();
