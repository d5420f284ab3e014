import 'reflect-metadata';
import type { Server } from 'node:http';
import express from 'express';
import Koa from 'koa';
import { Authorized, Body, CurrentUser, JsonController, Post } from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { UserLoader } from '../../src/users/user-loader';

class Accounts {
  @UserLoader()
  find(email: string) {
    return { email };
  }
}

@JsonController()
class Notes {
  @Authorized('notes:write')
  @Post('/notes')
  write(@CurrentUser() account: { email: string }, @Body() body: object) {
    return { by: account.email, body };
  }
}

async function answersOf(app: { listen(port: number, host: string, callback: () => void): Server }): Promise<unknown> {
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  const { port } = server.address() as { port: number };
  const send = async (headers: Record<string, string>, body: string) => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body };
    const answer = await fetch(`http://127.0.0.1:${port}/notes`, init);
    return [answer.status, answer.status === 200 ? await answer.json() : null];
  };
  const token = manager.createAccessToken({ data: { sub: 'ada@example.com' }, scopes: ['notes:write'] });
  const answers = [
    await send({}, '{bad'),
    await send({ Authorization: `Bearer ${token}` }, JSON.stringify({ text: 'hello' })),
  ];
  server.closeAllConnections();
  server.close();
  return answers;
}

const manager = new LoginManager('a secret of forty bytes, made for specs.', null, { userLoader: Accounts });
const options = { controllers: [Notes], middlewares: [], interceptors: [] };

async function main(): Promise<void> {
  const koa = await answersOf(manager.useKoaServer(new Koa(), options));
  const withCors = await answersOf(manager.useKoaServer(new Koa(), { ...options, cors: true }));
  const express5 = await answersOf(manager.useExpressServer(express(), options));
  process.stdout.write(JSON.stringify({ koa, withCors, express5 }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
