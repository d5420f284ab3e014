// In process: both checkers of one request, warm and cold, against what others need for one token.

import 'reflect-metadata';
import { createHmac, createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject, verify as cryptoVerify } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import jwt from 'jsonwebtoken';
import { LoginManager } from 'routing-controllers-login';
import { median } from './compare';

type Alg = 'HS256' | 'RS256' | 'ES256';
const user = { email: 'ada@example.com' };
const SCOPES = ['notes:read', 'notes:write'];

function keysOf(algorithm: Alg): { secret: string | KeyObject; signing: KeyObject; verifying: KeyObject } {
  if (algorithm === 'HS256') {
    const key = createSecretKey(Buffer.from('a secret of forty bytes, for benchmarks.'));
    return { secret: key, signing: key, verifying: key };
  }
  const { privateKey } = algorithm === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { secret: privateKey, signing: privateKey, verifying: createPublicKey(privateKey) };
}

function managerOf(algorithm: Alg, secret: string | KeyObject, cached: boolean): LoginManager<typeof user> {
  const manager = new LoginManager<typeof user>(secret, '/login', { algorithm, ...(!cached && { verifiedTokenCache: false }) });
  manager.userLoader()(() => user);
  return manager;
}

const roles = ['notes:read'];
const socket = new Socket();

/** A request and its response as node makes them: part of what is measured, as small as can be. */
function actionOf(token: string) {
  const request = new IncomingMessage(socket);
  request.headers.authorization = `Bearer ${token}`;
  request.method = 'GET';
  const response = new ServerResponse(request);
  (request as { res?: unknown }).res = response;
  return { request, response };
}

const ROUNDS = Number(process.env.ROUNDS ?? 15);
const TIMES = Number(process.env.TIMES ?? 4000);

function microseconds(run: () => unknown, times: number): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < times; index++) run();
  return Number(process.hrtime.bigint() - start) / 1000 / times;
}

for (const algorithm of ['HS256', 'RS256', 'ES256'] as const) {
  const { secret, signing, verifying } = keysOf(algorithm);
  const warm = managerOf(algorithm, secret, true);
  const cold = managerOf(algorithm, secret, false);
  const token = jwt.sign({ sub: user.email, scopes: SCOPES, name: 'Ada Lovelace', exp: 4_000_000_000 }, signing, { algorithm });
  const { checker, currentUserChecker } = warm;
  const coldChecker = cold.checker;
  const coldUser = cold.currentUserChecker;
  const both = (check: typeof checker, currentUser: typeof currentUserChecker) => () => {
    const action = actionOf(token);
    check(action, roles);
    currentUser(action);
  };
  const candidates: Record<string, () => unknown> = {
    'jsonwebtoken.verify, KeyObject': () => jwt.verify(token, verifying, { algorithms: [algorithm] }),
    'a request and its response alone': () => actionOf(token),
    'both checkers, warm': both(checker, currentUserChecker),
    'both checkers, cold': both(coldChecker, coldUser),
    'node:crypto and JSON.parse': () => {
      const [header, payload, signature] = token.split('.') as [string, string, string];
      const data = `${header}.${payload}`;
      if (algorithm === 'HS256') createHmac('sha256', verifying).update(data).digest('base64url');
      else cryptoVerify('sha256', Buffer.from(data), algorithm === 'ES256' ? { key: verifying, dsaEncoding: 'ieee-p1363' } : verifying, Buffer.from(signature, 'base64url'));
      return JSON.parse(Buffer.from(payload, 'base64url').toString());
    },
  };
  const results: Record<string, number[]> = {};
  for (let round = -2; round < ROUNDS; round++) {
    const order = Object.entries(candidates);
    if (round % 2) order.reverse();
    for (const [name, run] of order) {
      const time = microseconds(run, TIMES);
      if (round >= 0) (results[name] ??= []).push(time);
    }
  }
  const bare = median(results['a request and its response alone'] ?? []);
  const reference = median(results['jsonwebtoken.verify, KeyObject'] ?? []);
  console.log(algorithm);
  for (const [name, times] of Object.entries(results)) {
    const own = name.startsWith('both') ? median(times) - bare : median(times);
    console.log(`  ${name.padEnd(34)} ${own.toFixed(2).padStart(8)} µs  × ${(own / reference).toFixed(3)}   (${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)})`);
  }
}
