// Plain Express, and the middleware that is used on it.

import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { expressjwt } from 'express-jwt';
import { auth } from 'express-oauth2-jwt-bearer';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AUDIENCE, ISSUER, SCOPE, type ServerConfig, USER } from './contract';

/** Middleware that leaves the claims at `request.auth`. */
const middlewares: Record<string, (config: ServerConfig) => Promise<RequestHandler[]>> = {
  'Express alone': async () => [],
  'express-jwt': async ({ verifying, algorithm }) => [
    expressjwt({ secret: verifying, algorithms: [algorithm] }),
    needsScope,
  ],
  'passport-jwt': async ({ verifying, algorithm }) => {
    passport.use(
      new Strategy(
        {
          jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
          secretOrKey: verifying,
          algorithms: [algorithm],
          passReqToCallback: true,
        },
        (request: Request, payload: unknown, done: (error: unknown, user: unknown) => void) => {
          Object.assign(request, { auth: payload });
          done(null, USER);
        },
      ),
    );
    return [passport.initialize(), passport.authenticate('jwt', { session: false }), needsScope];
  },
  'express-oauth2-jwt-bearer': async ({ verifying, algorithm }) => {
    const common = { issuer: ISSUER, audience: AUDIENCE, tokenSigningAlg: algorithm };
    const keys = algorithm === 'HS256' ? { secret: verifying } : { jwksUri: await serveKeys(verifying, algorithm) };
    return [
      auth({ ...common, ...keys }),
      (request, _, next) => {
        Object.assign(request, { auth: request.auth?.payload });
        next();
      },
      needsScope,
    ];
  },
};

export async function expressServer(config: ServerConfig): Promise<Express | undefined> {
  const guards = await middlewares[config.candidate]?.(config);
  if (!guards) return undefined;
  const app = express();
  app.get('/notes-0', ...guards, (_, response) => {
    response.json(USER);
  });
  app.use((error: Error & { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
    response.status(error.status ?? 500).json({ message: error.message });
  });
  return app;
}

const needsScope: RequestHandler = (request, response, next) => {
  const { scopes } = (request as unknown as { auth: { scopes: string[] } }).auth;
  if (scopes.includes(SCOPE)) next();
  else response.status(403).json({ message: 'Insufficient scope' });
};

/** A key set on the loopback: the only way to give this middleware a public key. */
async function serveKeys(verifying: string, alg: string): Promise<string> {
  const keys = [{ ...createPublicKey(verifying).export({ format: 'jwk' }), alg, use: 'sig' }];
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
