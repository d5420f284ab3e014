import 'reflect-metadata';
import type { Server } from 'node:http';
import express from 'express';
import jwt, { type JwtPayload } from 'jsonwebtoken';
import Koa from 'koa';
import { createClient } from 'redis';
import {
  type Action,
  Authorized,
  CurrentUser,
  Get,
  JsonController,
  UnauthorizedError,
  useExpressServer,
  useKoaServer,
} from 'routing-controllers';
import { RedisSessionStore } from 'routing-controllers-login/redis';
import { managerOf } from './checkers';
import { loadUser, SCOPE, type ServerConfig } from './peers/contract';

export const NONE = 'routing-controllers, no checkers';
export const NOTHING = 'checkers that do nothing';
/** The same once more: how far apart two servers are that do the same. */
export const AGAIN = 'checkers that do nothing, once more';
export const BY_HAND = 'checkers by hand (jsonwebtoken)';
/** Nothing but a look-up: tells how much of what a login costs is anybody's. */
export const BY_MAP = 'checkers by hand, with a Map of tokens';
export const OURS = 'this library';
export const OURS_SECURE = 'this library, lm.useExpressServer';
/** The same, with what tells code below the handler who its user is. */
export const OURS_CONTEXT = 'this library, lm.useExpressServer with context';
export const OURS_COLD = 'this library, no token cache';
export const OURS_STORE = 'this library, lm.useExpressServer, with a Redis store';
export const OURS_KEPT = 'this library, lm.useExpressServer, with a Redis store, checks kept for 1 s';
export const KOA_NOTHING = 'checkers that do nothing, on Koa';
export const KOA_SECURE = 'this library, lm.useKoaServer';

class Nothing {}

const ROUTES_A_CONTROLLER = 10;

/** An application of Express or Koa. */
export interface App {
  listen(port: number, host: string, listening?: () => void): Server;
}

/** An application of routing-controllers with this candidate's checkers. */
export async function appOf(config: ServerConfig): Promise<App> {
  const { candidate, algorithm, routes = 1 } = config;
  const controllers = [];
  for (let first = 0; first < routes; first += ROUTES_A_CONTROLLER) {
    controllers.push(controllerOf(first, Math.min(first + ROUTES_A_CONTROLLER, routes), candidate !== NONE));
  }
  const options = { controllers, middlewares: [Nothing], interceptors: [Nothing] };
  if ([OURS_SECURE, OURS_CONTEXT, OURS_STORE, OURS_KEPT].includes(candidate)) {
    const sessionStore = [OURS_STORE, OURS_KEPT].includes(candidate) ? await storeOf(config) : undefined;
    const context = candidate === OURS_CONTEXT;
    const manager = managerOf(algorithm, config, true, { context, ...(sessionStore && { sessionStore }) });
    return manager.useExpressServer(express(), options);
  }
  if (candidate === KOA_SECURE) return managerOf(algorithm, config, true).useKoaServer(new Koa(), options);
  const own = { ...options, ...checkersOf(config) };
  return candidate === KOA_NOTHING ? useKoaServer(new Koa(), own) : useExpressServer(express(), own);
}

async function storeOf({ redis = '', candidate }: ServerConfig): Promise<RedisSessionStore> {
  const client = await createClient({ url: redis }).connect();
  return new RedisSessionStore(client, candidate === OURS_KEPT ? { cacheFor: 1000 } : {});
}

function checkersOf(config: ServerConfig) {
  const { candidate, algorithm } = config;
  if (candidate === NONE) return {};
  if ([NOTHING, AGAIN, KOA_NOTHING].includes(candidate))
    return { authorizationChecker: () => true, currentUserChecker: loadUser };
  if (candidate === BY_HAND) return checkersByHand(config);
  if (candidate === BY_MAP) return checkersByMap(config);
  const { checker, currentUserChecker } = managerOf(algorithm, config, candidate !== OURS_COLD);
  return { authorizationChecker: checker, currentUserChecker };
}

/** As the documentation of routing-controllers suggests, and applications have it. */
function checkersByHand({ verifying, algorithm }: ServerConfig) {
  const payloadOf = ({ request }: Action): JwtPayload => {
    const [, token = ''] = request.headers.authorization?.split(' ') ?? [];
    try {
      return jwt.verify(token, verifying, { algorithms: [algorithm] }) as JwtPayload;
    } catch {
      throw new UnauthorizedError();
    }
  };
  return {
    authorizationChecker: (action: Action, roles: string[]) => {
      const { scopes } = payloadOf(action);
      return roles.every((role) => scopes.includes(role));
    },
    currentUserChecker: (action: Action) => payloadOf(action) && loadUser(),
  };
}

/** Verifies each token once, whatever becomes of it later. */
function checkersByMap({ verifying, algorithm }: ServerConfig) {
  const known = new Map<string, JwtPayload>();
  const payloadOf = ({ request }: Action): JwtPayload => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const payload = known.get(token) ?? (jwt.verify(token, verifying, { algorithms: [algorithm] }) as JwtPayload);
    known.set(token, payload);
    return payload;
  };
  return {
    authorizationChecker: (action: Action, roles: string[]) => {
      const { scopes } = payloadOf(action);
      return roles.every((role) => scopes.includes(role));
    },
    currentUserChecker: (action: Action) => payloadOf(action) && loadUser(),
  };
}

/** Routes that answer with the user; without a login, with a user of their own. */
function controllerOf(first: number, end: number, hasLogin: boolean): new () => object {
  class Notes {}
  for (let index = first; index < end; index++) {
    const method = `list${index}`;
    const descriptor = { value: hasLogin ? (user: object) => user : loadUser, writable: true, configurable: true };
    Object.defineProperty(Notes.prototype, method, descriptor);
    if (hasLogin) {
      CurrentUser()(Notes.prototype, method, 0);
      Authorized([SCOPE])(Notes.prototype, method);
    }
    Get(`/notes-${index}`)(Notes.prototype, method, descriptor);
  }
  JsonController()(Notes);
  return Notes;
}
