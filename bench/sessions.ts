// node .build/bench/sessions.js: what sessions cost. Needs a redis-server. `npm run bench` measures it too.

import 'reflect-metadata';
import { once } from 'node:events';
import { Agent, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import express from 'express';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager, MemorySessionStore, type SessionStore } from 'routing-controllers-login';
import { RedisSessionStore } from 'routing-controllers-login/redis';
import { RedisServer } from '../spec/support/redis-server';
import { compare, type Results, report } from './compare';

export const CONNECTIONS = 8;

/** How much is measured. */
export interface SessionsEffort {
  /** Requests of one round, and refreshes. */
  readonly requests: number;
  readonly rounds: number;
  /** Sessions that a store is filled with. */
  readonly sessions: number;
}

/** Milliseconds for all requests of a round, and for all refreshes. */
export interface SessionsCost {
  readonly requests: Results;
  readonly refreshes: Results;
  /** Bytes of one session in memory. */
  readonly bytes: number;
  readonly effort: SessionsEffort;
}

export const WITHOUT_STORE = 'without a store';
const IN_REDIS = 'Redis on this machine, package redis';

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
async function candidate(requests: number, sessionStore?: SessionStore): Promise<() => Promise<void>> {
  const manager = new LoginManager(SECRET, null, sessionStore ? { sessionStore } : {});
  manager.userLoader()((email: string) => ({ email }));
  const url = await serve(manager);
  const { access_token: token } = await manager.createTokenResponse({
    data: { sub: 'ada@example.com' },
    expires: '1d',
  });
  return () => inParallel(requests, () => request(url, { Authorization: `Bearer ${token}` }));
}

/** A server of cookie logins, each request of which is due to be renewed, or none is. */
async function slidingCandidate(requests: number, isDue: boolean): Promise<() => Promise<void>> {
  const begin = Date.now();
  let passed = 0;
  const manager = new LoginManager(SECRET, null, {
    useCookie: true,
    defaultExpiry: '1d',
    slidingExpiry: '30d',
    clock: () => begin + passed,
  });
  manager.userLoader()((email: string) => ({ email }));
  const url = await serve(manager);
  const { access_token: token } = await manager.createTokenResponse({ data: { sub: 'ada@example.com' } });
  if (isDue) passed = 13 * 3_600_000;
  return () => inParallel(requests, () => request(url, { Cookie: `access-token=${token}` }));
}

/** A manager that refreshes one session after another. */
function refreshing(requests: number, sessionStore: SessionStore): () => Promise<void> {
  const manager = new LoginManager(SECRET, null, { sessionStore });
  manager.userLoader()((email: string) => ({ email }));
  return async () => {
    const client = async () => {
      let { refresh_token: token = '' } = await manager.createTokenResponse({ data: { sub: 'ada' }, refresh: true });
      for (let sent = 0; sent < requests / CONNECTIONS; sent++)
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

async function inParallel(requests: number, send: () => Promise<void>): Promise<void> {
  const client = async () => {
    for (let sent = 0; sent < requests / CONNECTIONS; sent++) await send();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
}

function usedMemory(): number {
  // Here alone: before each round it would take seconds, with a million sessions in memory.
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

/** Sessions of users of their own. */
async function fill(store: SessionStore, sessions: number): Promise<void> {
  const manager = new LoginManager(SECRET, null, { sessionStore: store });
  for (let count = 0; count < sessions; count++)
    await manager.createTokenResponse({ data: { sub: `user ${count}` }, refresh: true });
}

/** Measures requests with each store, renewals, refreshes, and the memory of a session. */
export async function measureSessions(effort: SessionsEffort): Promise<SessionsCost> {
  const { requests, rounds, sessions } = effort;
  const full = new MemorySessionStore();
  const before = usedMemory();
  await fill(full, sessions);
  const bytes = (usedMemory() - before) / sessions;

  const redis = await RedisServer.start();
  const client = createClient({ url: redis.url });
  await client.connect();
  const ioredis = new Redis(redis.url);
  const [inRedis, inIoredis] = [new RedisSessionStore(client), new RedisSessionStore(ioredis, { prefix: 'io:' })];
  const candidates = {
    [WITHOUT_STORE]: await candidate(requests),
    memory: await candidate(requests, new MemorySessionStore()),
    [`memory, ${sessions.toLocaleString('en-US')} sessions`]: await candidate(requests, full),
    [IN_REDIS]: await candidate(requests, inRedis),
    'Redis on this machine, package ioredis': await candidate(requests, inIoredis),
    'a cookie that is not due to be renewed': await slidingCandidate(requests, false),
    'a cookie that each request renews': await slidingCandidate(requests, true),
  };
  const refreshes = {
    memory: refreshing(requests, new MemorySessionStore()),
    [IN_REDIS]: refreshing(requests, inRedis),
    'Redis on this machine, package ioredis': refreshing(requests, inIoredis),
  };
  try {
    return {
      requests: await compare(candidates, { rounds }),
      refreshes: await compare(refreshes, { rounds }),
      bytes,
      effort,
    };
  } finally {
    client.destroy();
    ioredis.disconnect();
    await redis.stop();
    agent.destroy();
    for (const server of servers) server.close();
  }
}

async function main(): Promise<void> {
  const { REQUESTS = 2000, ROUNDS = 15, SESSIONS = 1_000_000 } = process.env;
  const effort = { requests: Number(REQUESTS), rounds: Number(ROUNDS), sessions: Number(SESSIONS) };
  const { requests, refreshes, bytes } = await measureSessions(effort);
  console.log(`MemorySessionStore: ${bytes.toFixed(0)} bytes for each of ${effort.sessions} sessions`);
  report(`${REQUESTS} requests over ${CONNECTIONS} connections`, requests);
  report(`${REQUESTS} refreshes of ${CONNECTIONS} sessions`, refreshes);
}

if (require.main === module) main();
