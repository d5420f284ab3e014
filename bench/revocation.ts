// node --expose-gc .build/bench/revocation.js: what it costs that tokens can be taken back. Needs a redis-server.

import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createClient } from 'redis';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager, MemorySessionStore, type SessionStore } from 'routing-controllers-login';
import { RedisSessionStore } from 'routing-controllers-login/redis';
import { RedisServer } from '../spec/support/redis-server';
import { compare, report } from './compare';

const REQUESTS = Number(process.env.REQUESTS ?? 2000);
const CONNECTIONS = 8;
const REVOKED = 1_000_000;

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

function request(url: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { Authorization: `Bearer ${token}` } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(String(response.statusCode)));
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

const servers: Server[] = [];

/** A server with this store, and a round of requests to it. */
async function candidate(sessionStore?: SessionStore): Promise<() => Promise<void>> {
  const options = sessionStore ? { sessionStore } : {};
  const manager = new LoginManager('a secret of forty bytes, for benchmarks.', '/login', options);
  manager.userLoader()((email: string) => ({ email }));
  const app = express();
  manager.useExpressServer(app, { controllers: [Me], middlewares: [Nothing], interceptors: [Nothing] });
  const server = app.listen(0, '127.0.0.1');
  server.keepAliveTimeout = 0; // the others' rounds take their time
  servers.push(server);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/me`;
  const token = manager.createAccessToken({ data: { sub: 'ada@example.com' }, expires: '1d' });
  return async () => {
    const client = async () => {
      for (let sent = 0; sent < REQUESTS / CONNECTIONS; sent++) await request(url, token);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
  };
}

function usedMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Ids as a manager makes them: of what was parsed. */
async function fill(store: SessionStore): Promise<void> {
  for (let count = 0; count < REVOKED; count++) {
    const { jti } = JSON.parse(`{"jti":"${randomUUID()}"}`);
    await store.write(`owner${count % 1000}`, `token:${jti}`, null, '1', 900_000);
  }
}

async function main(): Promise<void> {
  const full = new MemorySessionStore();
  const before = usedMemory();
  await fill(full);
  const bytes = (usedMemory() - before) / REVOKED;
  console.log(
    `MemorySessionStore: ${bytes.toFixed(0)} bytes for each of ${REVOKED.toLocaleString('en')} revoked tokens`,
  );

  const redis = await RedisServer.start();
  const client = createClient({ url: redis.url });
  const inRedis = new RedisSessionStore(client);
  await client.connect();

  const candidates = {
    'without a store': await candidate(),
    memory: await candidate(new MemorySessionStore()),
    'memory, a million revoked': await candidate(full),
    'Redis on this machine': await candidate(inRedis),
  };
  const results = await compare(candidates, { rounds: Number(process.env.ROUNDS ?? 15) });
  report(`${REQUESTS} requests over ${CONNECTIONS} connections`, results);

  await client.sendCommand(['CONFIG', 'RESETSTAT']);
  await candidates['Redis on this machine']();
  const commands = [...String(await client.info('commandstats')).matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)];
  console.log(`Commands for ${REQUESTS} requests: ${commands.map(([, name, calls]) => `${name} ${calls}`).join(', ')}`);

  client.destroy();
  await redis.stop();
  agent.destroy();
  for (const server of servers) server.close();
}

main();
