import express from 'express';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager, MemorySessionStore, tokenEndpoints } from 'routing-controllers-login';
import { listening } from './trying';

/** Serves what a sample of a client talks to: `/token` and `/me`. Everybody's password is "correct horse". */
export async function serveMe() {
  const counted = { refreshes: 0 };
  const lm = new LoginManager<{ email: string }>('a secret of the checks, long enough for HS256', '/token', {
    sessionStore: new MemorySessionStore(),
  });
  lm.userLoader()((email: string) => ({ email }));
  const endpoints = tokenEndpoints(lm, {
    verifyPassword: async (username, password) => (password === 'correct horse' ? { data: { sub: username } } : null),
  });

  @JsonController()
  class Me {
    @Authorized()
    @Get('/me')
    me(@CurrentUser() user: { email: string }) {
      return user;
    }
  }

  const app = express();
  app.post('/token', express.urlencoded(), (request, _response, next) => {
    if (request.body.grant_type === 'refresh_token') counted.refreshes++;
    next();
  });
  const { url } = await listening(lm.useExpressServer(app, { controllers: [endpoints, Me] }));
  return { lm, url, counted };
}
