import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express, { type Express } from 'express';
import type { LoginManager } from 'routing-controllers-login';
import type { Response } from 'supertest';

// biome-ignore lint/suspicious/noExplicitAny: of any user
type AnyManager = LoginManager<any>;

/** What the checks need of a token's claims. */
export interface Claims {
  sub: string;
  iat: number;
  exp: number;
  scope?: string;
  scopes?: string[];
}

export function headerOf(token: string): { alg: string; kid?: string } {
  return decoded(token, 0);
}

export function claimsOf(token: string): Claims {
  return decoded(token, 1);
}

function decoded<T>(token: string, part: number): T {
  return JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString());
}

/** An application of one route, which says who sent the request. */
export function whoAmI(manager: AnyManager): Express {
  const app = express();
  app.all('/', async (request, response) => {
    const { user, scopes } = await manager.authenticate(request);
    response.json({ email: user.email, scopes });
  });
  return app;
}

/** 401 for this reason, with a challenge that fits it. */
export function expectUnauthorized(response: Response, code: string): void {
  expect(response.status).to.equal(401);
  expect(response.body).to.have.all.keys('name', 'message', 'code');
  expect(response.body).to.include({ name: 'NotAuthenticatedError', code });
  const challenge = response.get('WWW-Authenticate');
  if (code === 'token_missing') expect(challenge).to.equal('Bearer realm="api"');
  else expect(challenge).to.match(/^Bearer realm="api", error="invalid_token"/);
}

/** 403 for the lack of a scope, with all that are required. */
export function expectScopeNeeded(response: Response, scopes: string): void {
  expect(response.status).to.equal(403);
  expect(response.body).to.have.all.keys('name', 'message', 'code');
  expect(response.body).to.include({ name: 'InsufficientScopeError', code: 'insufficient_scope' });
  expect(response.get('WWW-Authenticate')).to.equal(
    `Bearer realm="api", error="insufficient_scope", scope="${scopes}"`,
  );
}

/** 403 for another reason, which no token would change. */
export function expectForbidden(response: Response, name: string, code: string): void {
  expect(response.status).to.equal(403);
  expect(response.body).to.have.all.keys('name', 'message', 'code');
  expect(response.body).to.include({ name, code });
  expect(response.get('WWW-Authenticate')).to.equal(undefined);
}

/** Counts the calls of a method from here on. */
export function countCalls(owner: Record<string, unknown>, method: string): { count: number } {
  const original = owner[method] as (...args: unknown[]) => unknown;
  const calls = { count: 0 };
  owner[method] = function (this: unknown, ...args: unknown[]) {
    calls.count++;
    return original.apply(this, args);
  };
  return calls;
}

/** What is printed meanwhile. */
export async function printedBy(action: () => Promise<unknown>): Promise<string> {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  let printed = '';
  for (const stream of streams) {
    stream.write = (chunk: unknown) => {
      printed += chunk;
      return true;
    };
  }
  try {
    await action();
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] as typeof stream.write;
  }
  return printed;
}

/** Sets the clock forward meanwhile. */
export async function later(seconds: number, action: () => Promise<unknown>): Promise<void> {
  const { now } = Date;
  Date.now = () => now() + seconds * 1000;
  try {
    await action();
  } finally {
    Date.now = now;
  }
}

/** Serves what a sample of a client talks to, on any free port. */
export async function listening(app: Express): Promise<{ url: string; server: Server }> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: urlOf(server), server };
}

/** Returns the address of a server that a sample started. */
export function urlOf(server: Server | undefined): string {
  if (!server) throw new Error('The sample has started no server');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
