// A spec of a user's, which check-package.mjs runs with vitest.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { IsString } from 'class-validator';
import express from 'express';
import { Authorized, Body, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import { LoginManager } from 'routing-controllers-login';
import { loginAs } from 'routing-controllers-login/testing';
import { expect, test } from 'vitest';

interface Account {
  readonly name: string;
}

const lm = new LoginManager<Account>('a secret that is long enough for HS256', null);
lm.userLoader()((name: string): Account => ({ name }));

class Draft {
  @IsString()
  text!: string;
}

@JsonController()
class Notes {
  @Authorized('notes:read')
  @Get('/notes')
  list(@CurrentUser() account: Account): string[] {
    return [`a note of ${account.name}`];
  }

  @Authorized()
  @Post('/notes')
  write(@Body() draft: Draft): { text: string } {
    return { text: draft.text };
  }
}

async function serve() {
  const app = express();
  lm.useExpressServer(app, { controllers: [Notes] });
  const server = createServer(app as RequestListener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/notes`;
  return { url, server };
}

test('a route is guarded, and serves who may see it', async () => {
  const { url, server } = await serve();
  expect((await fetch(url)).status).toBe(401);
  const headers = loginAs(lm, 'ada', { scopes: ['notes:read'] });
  expect(await (await fetch(url, { headers })).json()).toEqual(['a note of ada']);
  server.close();
});

test('the type of a parameter is recorded, so that a body is validated', async () => {
  const { url, server } = await serve();
  const post = async (draft: object) => {
    const headers = { ...loginAs(lm, 'ada'), 'Content-Type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(draft) })).status;
  };
  expect(await post({ text: 'a' })).toBe(200);
  expect(await post({ text: 7 })).toBe(400);
  server.close();
});
