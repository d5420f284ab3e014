import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JwkSet } from '../../../src/jwt/keys/secret';
import { LoginManager } from '../../../src/manager/login-manager';
import { bearer } from '../../support/http';
import { otherRsa, rsa } from '../../support/keys';
import { headerOf } from '../../support/tokens';

const oldKey = { ...rsa().privateKey.export({ format: 'jwk' }), kid: 'old' };
const newKey = { ...otherRsa().privateKey.export({ format: 'jwk' }), kid: 'new' };

type Keys = readonly (typeof oldKey)[];

/** What each of the two servers has, deployment after deployment: they are never changed at once. */
const deployments: readonly [one: Keys, other: Keys][] = [
  [[oldKey], [oldKey]],
  [[oldKey, newKey], [oldKey]],
  [
    [oldKey, newKey],
    [oldKey, newKey],
  ],
  [
    [newKey, oldKey],
    [oldKey, newKey],
  ],
  [
    [newKey, oldKey],
    [newKey, oldKey],
  ],
];

class Server {
  private url = '';

  private constructor(private readonly child: ChildProcess) {}

  static async start(): Promise<Server> {
    const child = fork(join(__dirname, 'server.fixture.js'));
    await once(child, 'message');
    return new Server(child);
  }

  async deploy(keys: Keys): Promise<void> {
    this.child.send(keys);
    const [port] = await once(this.child, 'message');
    this.url = `http://127.0.0.1:${port}`;
  }

  async json<T>(path: string): Promise<T> {
    return (await fetch(`${this.url}${path}`)).json() as Promise<T>;
  }

  async status(token: string): Promise<number> {
    return (await fetch(`${this.url}/me`, { headers: bearer(token) })).status;
  }

  async stop(): Promise<void> {
    this.child.disconnect();
    await once(this.child, 'exit');
  }
}

/** A service that verifies with the keys that it has fetched. */
const verifierWith = (keys: JwkSet) => new LoginManager<object>(keys, null, { algorithm: 'RS256' });

const isAccepted = (verifier: LoginManager<object>, token: string) =>
  verifier.verify(token).then(
    () => true,
    () => false,
  );

describe('a rotation of keys over two processes and a verifier', function () {
  this.timeout(30_000);
  let servers: Server[];
  beforeEach(async () => {
    servers = await Promise.all([Server.start(), Server.start()]);
  });
  afterEach(() => Promise.all(servers.map((server) => server.stop())));

  const deploy = ([one, other]: readonly [Keys, Keys]) =>
    Promise.all([servers[0]?.deploy(one), servers[1]?.deploy(other)]);

  const issue = async () =>
    (await Promise.all(servers.map((one) => one.json<{ token: string }>('/token')))).map(({ token }) => token);

  it('refuses no good token at any step, on either server', async () => {
    const tokens: string[] = [];
    const refused: string[] = [];
    for (const [step, deployment] of deployments.entries()) {
      await deploy(deployment);
      tokens.push(...(await issue()));
      for (const token of tokens) {
        for (const server of servers) if ((await server.status(token)) !== 200) refused.push(`step ${step}`);
      }
    }
    expect(refused).to.deep.equal([]);
    expect(new Set(tokens.map((token) => headerOf(token).kid))).to.deep.equal(new Set(['old', 'new']));
  });

  it('refuses no good token at a verifier that is one deployment behind', async () => {
    let fetched: JwkSet = { keys: [] };
    const tokens: string[] = [];
    for (const [step, deployment] of deployments.entries()) {
      await deploy(deployment);
      if (step === 0) fetched = (await servers[0]?.json<JwkSet>('/.well-known/jwks.json')) as JwkSet;
      tokens.push(...(await issue()));
      const verifier = verifierWith(fetched);
      for (const token of tokens) expect(await isAccepted(verifier, token), `step ${step}`).to.equal(true);
      fetched = (await servers[0]?.json<JwkSet>('/.well-known/jwks.json')) as JwkSet;
    }
  });

  it('refuses tokens of the old key in the end, at the servers and the verifier', async () => {
    await deploy([[oldKey], [oldKey]]);
    const [old = ''] = await issue();
    await deploy([[newKey], [newKey]]);
    const [current = ''] = await issue();
    for (const server of servers)
      expect([await server.status(old), await server.status(current)]).to.deep.equal([401, 200]);
    const verifier = verifierWith((await servers[0]?.json<JwkSet>('/.well-known/jwks.json')) as JwkSet);
    expect([await isAccepted(verifier, old), await isAccepted(verifier, current)]).to.deep.equal([false, true]);
  });
});
