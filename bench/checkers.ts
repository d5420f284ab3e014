// In process: both checkers of one request, warm and cold, against what others need to verify one token.

import 'reflect-metadata';
import { createHmac, createPublicKey, createSecretKey, verify as cryptoVerify, type KeyObject } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import jwt from 'jsonwebtoken';
import { LoginManager, type SessionStore } from 'routing-controllers-login';
import { interleave, type Results } from './compare';
import { keysOf, tokenOf } from './keys';
import type { BenchAlgorithm, Keys, VerifiersOf } from './peers/contract';
import { AUDIENCE, loadUser, SCOPE } from './peers/contract';
import { peerFile } from './peers-build';

export const WARM = 'both checkers, warm';
export const COLD = 'both checkers, cold';
export const REFERENCE = 'jsonwebtoken.verify, KeyObject';

/** A request and its response as node makes them: what both checkers are measured with, and then taken off. */
const BARE = 'a request and its response alone';

const socket = new Socket();

export function actionOf(token: string): { request: IncomingMessage; response: ServerResponse } {
  const request = new IncomingMessage(socket);
  request.headers.authorization = Buffer.from(`Bearer ${token}`).toString('latin1'); // out of bytes, as node does
  request.method = 'GET';
  const response = new ServerResponse(request);
  Object.assign(request, { res: response });
  return { request, response };
}

/** @param cached - Whether verified tokens are remembered: as many as that, or the default where it is true. */
export function managerOf(
  algorithm: BenchAlgorithm,
  { secret }: Keys,
  cached: boolean | number,
  {
    useCookie = false,
    context = false,
    sessionStore,
  }: { useCookie?: boolean; context?: boolean; sessionStore?: SessionStore } = {},
): LoginManager<object> {
  const verifiedTokenCache = typeof cached === 'number' ? { max: cached } : cached ? {} : false;
  const manager = new LoginManager<object>(secret, '/login', {
    algorithm,
    audience: AUDIENCE,
    verifiedTokenCache,
    useCookie,
    context,
    ...(sessionStore && { sessionStore }),
  });
  manager.userLoader()(loadUser);
  return manager;
}

/** What routing-controllers calls for a route with `@Authorized(SCOPE)` and `@CurrentUser()`. */
export function bothCheckers(manager: LoginManager<object>, roles: string[] = [SCOPE]): (token: string) => void {
  const { checker, currentUserChecker } = manager;
  return (token) => {
    const action = actionOf(token);
    checker(action, roles);
    currentUserChecker(action);
  };
}

/** How well something in process is measured. */
export interface InProcessEffort {
  readonly rounds: number;
  /** How long each candidate runs in a round: long enough for the garbage that it makes to be part of its price. */
  readonly milliseconds: number;
}

const BATCH = 100;

/** Microseconds of each call, where a promise is waited for. */
export async function microseconds(run: () => unknown, milliseconds: number): Promise<number> {
  const isAsync = run() instanceof Promise;
  const start = process.hrtime.bigint();
  const end = start + BigInt(milliseconds * 1e6);
  let now = start;
  let times = 0;
  while (now < end) {
    if (isAsync) for (let index = 0; index < BATCH; index++) await run();
    else for (let index = 0; index < BATCH; index++) run();
    times += BATCH;
    now = process.hrtime.bigint();
  }
  return Number(now - start) / 1000 / times;
}

/** The microseconds of each candidate; those of the checkers without the request itself. */
export async function measureCheckers(
  algorithm: BenchAlgorithm,
  { rounds, milliseconds }: InProcessEffort,
): Promise<Results> {
  const keys = keysOf(algorithm);
  const token = tokenOf(keys, algorithm);
  const key = keyOf(algorithm, keys);
  const { verifiersOf } = (await import(peerFile('verifiers.js'))) as { verifiersOf: VerifiersOf };
  const peers = Object.entries(await verifiersOf(algorithm, keys.verifying));
  const warm = bothCheckers(managerOf(algorithm, keys, true));
  const cold = bothCheckers(managerOf(algorithm, keys, false));
  const candidates: Record<string, () => unknown> = {
    [REFERENCE]: () => jwt.verify(token, key, { algorithms: [algorithm] }),
    [BARE]: () => actionOf(token),
    [WARM]: () => warm(token),
    [COLD]: () => cold(token),
    'node:crypto and JSON.parse': () => verifyByHand(token, key, algorithm),
    ...Object.fromEntries(peers.map(([name, verify]) => [name, () => verify(token)])),
    'jsonwebtoken.verify, text': () => jwt.verify(token, keys.verifying, { algorithms: [algorithm] }),
  };
  const measured = Object.entries(candidates).map(([name, run]) => [name, () => microseconds(run, milliseconds)]);
  const { [BARE]: bare = [], ...results } = await interleave(Object.fromEntries(measured), { rounds, warmUp: 5 });
  for (const name of [WARM, COLD]) {
    results[name] = (results[name] ?? []).map((time, round) => time - (bare[round] as number));
  }
  return results;
}

function keyOf(algorithm: BenchAlgorithm, { verifying }: Keys): KeyObject {
  return algorithm === 'HS256' ? createSecretKey(Buffer.from(verifying)) : createPublicKey(verifying);
}

/** The least that has to be done; nothing is checked. */
function verifyByHand(token: string, key: KeyObject, algorithm: BenchAlgorithm): unknown {
  const [header, payload = '', signature = ''] = token.split('.');
  const signed = `${header}.${payload}`;
  if (algorithm === 'HS256') createHmac('sha256', key).update(signed).digest('base64url');
  else {
    const verifying = algorithm === 'ES256' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;
    cryptoVerify('sha256', Buffer.from(signed), verifying, Buffer.from(signature, 'base64url'));
  }
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
