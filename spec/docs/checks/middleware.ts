import { expect } from 'chai';
import type { Request } from 'express';
import Koa from 'koa';
import { Authorized, CurrentUser, Get, JsonController, Req, useExpressServer } from 'routing-controllers';
import type { LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { countCalls } from '../trying';

let manager: LoginManager;

@JsonController()
class Everybody {
  @Authorized()
  @Get('/everybody')
  async ask(@CurrentUser() user: object, @Req() request: Request & { user: object }) {
    const { user: byHand } = await manager.authenticate(request);
    return { same: user === request.user && user === byHand };
  }
}

const check: Check = async ({ app, lm, Accounts }) => {
  const client = supertest(app);
  const user = (name: string) => bearer(lm.createAccessToken({ data: { sub: `${name}@example.com` } }));

  // refuses nobody
  expect((await client.get('/')).body).to.deep.equal({ hello: 'stranger' });
  expect((await client.get('/').set(bearer('a.b.c'))).body).to.deep.equal({ hello: 'stranger' });
  expect((await client.get('/').set(user('gone'))).body).to.deep.equal({ hello: 'stranger' });
  expect((await client.get('/').set(user('ada'))).body).to.deep.equal({ hello: 'ada@example.com' });

  // request.user, for a middleware of one's own
  for (const headers of [{}, user('bob')]) {
    const response = await client.get('/admin').set(headers);
    expect(response.status).to.equal(403);
    expect(response.body).to.deep.equal({ message: 'Administrators only' });
  }
  expect((await client.get('/admin').set(user('ada'))).body).to.deep.equal({ secret: 42 });

  // one answer for all who ask
  manager = lm;
  useExpressServer(app, {
    controllers: [Everybody],
    authorizationChecker: lm.checker,
    currentUserChecker: lm.currentUserChecker,
  });
  const loads = countCalls(Accounts, 'find');
  expect((await client.get('/everybody').set(user('ada'))).body).to.deep.equal({ same: true });
  expect(loads.count, 'calls of the loader').to.equal(1);

  // ctx.state.user on Koa
  const koa = new Koa();
  lm.attachMiddleware(koa);
  koa.use((context) => {
    const { user: ofRequest } = context.request as unknown as { user: object | null };
    context.body = { user: context.state.user, same: ofRequest === context.state.user };
  });
  const koaClient = supertest(koa.callback());
  expect((await koaClient.get('/')).body).to.deep.equal({ user: null, same: true });
  const { body } = await koaClient.get('/').set(user('ada'));
  expect(body.user).to.include({ email: 'ada@example.com' });
  expect(body.same).to.equal(true);
};

export default check;
