// In process: both checkers of one request, warm, with keys that were fetched from an issuer and with keys of one's own.

import { createPublicKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LoginManager } from 'routing-controllers-login';
import { actionOf, bothCheckers, type InProcessEffort, managerOf, microseconds } from './checkers';
import { interleave, ratio } from './compare';
import { keysOf, tokenOf } from './keys';
import { AUDIENCE, type Keys, loadUser } from './peers/contract';

/** HMAC has no public keys. */
export const REMOTE_ALGORITHMS = ['RS256', 'ES256'] as const;

export interface RemoteKeys {
  /** Fetches for the first ten requests, which come at once. */
  readonly fetches: number;
  /** Time of both checkers, warm: with fetched keys ÷ with a key of one's own. */
  readonly ratio: number;
}

export async function measureRemoteKeys(
  algorithm: (typeof REMOTE_ALGORITHMS)[number],
  { rounds, milliseconds }: InProcessEffort,
): Promise<RemoteKeys> {
  const keys = keysOf(algorithm);
  const token = tokenOf(keys, algorithm);
  const issuer = await startIssuer(keys);
  const manager = new LoginManager<object>({ jwksUri: issuer.jwksUri, algorithms: [algorithm] }, null, {
    audience: AUDIENCE,
  });
  manager.userLoader()(loadUser);
  await Promise.all(Array.from({ length: 10 }, () => manager.getCurrentUser(token)));
  const { fetches } = issuer;
  issuer.server.close();

  const [remote, local] = [bothCheckers(manager), bothCheckers(managerOf(algorithm, keys, true))];
  const candidates = { bare: () => actionOf(token), remote: () => remote(token), local: () => local(token) };
  const measured = Object.entries(candidates).map(([name, run]) => [name, () => microseconds(run, milliseconds)]);
  const { bare = [], ...results } = await interleave(Object.fromEntries(measured), { rounds, warmUp: 5 });
  const alone = Object.entries(results).map(([name, times]) => [
    name,
    times.map((time, round) => time - (bare[round] as number)),
  ]);
  return { fetches, ratio: ratio(Object.fromEntries(alone), 'remote', 'local') };
}

/** An issuer on the loopback that counts how often its keys are fetched. */
async function startIssuer({
  verifying,
}: Keys): Promise<{ server: Server; jwksUri: string; readonly fetches: number }> {
  const jwk = createPublicKey(verifying).export({ format: 'jwk' });
  let fetches = 0;
  const server = createServer((_, response) => {
    fetches += 1;
    response.setHeader('Connection', 'close').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    server,
    jwksUri,
    get fetches() {
      return fetches;
    },
  };
}
