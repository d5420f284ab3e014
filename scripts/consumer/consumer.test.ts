// A spec of a user's, which check-package.mjs runs with vitest.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager } from 'routing-controllers-login';
import { loginAs } from 'routing-controllers-login/testing';
import { expect, test } from 'vitest';

interface Account {
  readonly name: string;
}

const lm = new LoginManager<Account>('a secret that is long enough for HS256', null);
lm.userLoader()((name: string): Account => ({ name }));

@JsonController()
class Notes {
  @Authorized('notes:read')
  @Get('/notes')
  list(@CurrentUser() account: Account): string[] {
    return [`a note of ${account.name}`];
  }
}

test('a route is guarded, and serves who may see it', async () => {
  const app = express();
  lm.useExpressServer(app, { controllers: [Notes] });
  const server = createServer(app as RequestListener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/notes`;
  expect((await fetch(url)).status).toBe(401);
  const headers = loginAs(lm, 'ada', { scopes: ['notes:read'] });
  expect(await (await fetch(url, { headers })).json()).toEqual(['a note of ada']);
  server.close();
});
