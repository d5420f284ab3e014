// What else remembers logins on Express, with a user, or a session, that takes as long to load as in a database.

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { fromNodeHeaders } from 'better-auth/node';
import { RedisStore } from 'connect-redis';
import express, { type Express } from 'express';
import session from 'express-session';
import passport from 'passport';
import { createClient } from 'redis';
import { LOADING, type ServerConfig, USER } from './contract';

/** A server, and the headers of a request that is logged in. */
export interface LoggedIn {
  readonly app: Express;
  readonly headers: Record<string, string>;
}

const cookiesOf = (lines: readonly string[]) => lines.map((line) => line.split(';', 1)[0]).join('; ');

async function betterAuthServer(hasCookieCache: boolean): Promise<LoggedIn> {
  const tables = { user: [], session: [], account: [], verification: [] };
  const auth = betterAuth({
    baseURL: 'http://127.0.0.1',
    secret: randomBytes(32).toString('hex'),
    database: (options: BetterAuthOptions) => slow(memoryAdapter(tables)(options)),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    session: { cookieCache: { enabled: hasCookieCache, maxAge: 300 } },
  });
  const signedUp = await auth.api.signUpEmail({ body: { ...USER, password: 'a long password' }, asResponse: true });
  const app = express();
  app.get('/notes-0', async (request, response) => {
    const found = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
    if (!found) response.status(401).json({ message: 'Unauthorized' });
    else response.json({ email: found.user.email, name: found.user.name });
  });
  return { app, headers: { Cookie: cookiesOf(signedUp.headers.getSetCookie()) } };
}

/** Has each question take as long as to a database. */
function slow<T extends object>(adapter: T): T {
  return new Proxy(adapter, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || !['findOne', 'findMany'].includes(String(name))) return value;
      return async (...given: unknown[]) => {
        await wait(LOADING);
        return value.apply(target, given);
      };
    },
  });
}

async function passportServer(redis: string): Promise<LoggedIn> {
  const client = await createClient({ url: redis }).connect();
  passport.serializeUser((user, done) => done(null, (user as typeof USER).email));
  passport.deserializeUser((_email, done) => {
    wait(LOADING).then(() => done(null, { ...USER }), done);
  });
  const app = express();
  app.use(
    session({
      store: new RedisStore({ client, prefix: 'passport:' }),
      secret: randomBytes(32).toString('hex'),
      resave: false,
      saveUninitialized: false,
    }),
  );
  app.use(passport.session());
  app.post('/login', (request, response, next) => {
    request.login({ ...USER }, (error) => (error ? next(error) : response.end()));
  });
  app.get('/notes-0', (request, response) => {
    if (request.isAuthenticated()) response.json(request.user);
    else response.status(401).json({ message: 'Unauthorized' });
  });
  return { app, headers: { Cookie: await loginOver(app) } };
}

/** Logs in over HTTP, as a browser does. */
async function loginOver(app: Express): Promise<string> {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const { headers } = await fetch(`http://127.0.0.1:${port}/login`, { method: 'POST' });
  server.closeAllConnections();
  server.close();
  return cookiesOf(headers.getSetCookie());
}

/** @returns Undefined for what is not of this file. */
export async function sessionServer({ candidate, redis = '' }: ServerConfig): Promise<LoggedIn | undefined> {
  if (candidate === 'better-auth') return betterAuthServer(false);
  if (candidate === 'better-auth with its cookie cache') return betterAuthServer(true);
  if (candidate === 'passport with express-session and Redis') return passportServer(redis);
  return undefined;
}
