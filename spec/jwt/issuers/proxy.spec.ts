import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { closeProviders, Provider } from '../../support/provider';

const run = promisify(execFile);

/** Node 22.21 and 24 have an environment variable for what `fetch` does; Node 20 has not. */
const hasProxies = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');

/** Starts a proxy of the loopback that notes where it is asked to go, by CONNECT and in the other way. */
async function startProxy() {
  const visited: string[] = [];
  const server = createServer((incoming, outgoing) => {
    visited.push(new URL(incoming.url as string).host);
    incoming.pipe(
      request(incoming.url as string, { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode as number, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  server.on('connect', ({ url = '' }, socket) => {
    visited.push(url);
    const [host, port] = url.split(':');
    const target = connect(Number(port), host as string, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const one of [socket, target]) one.on('error', () => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, visited, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('The keys of an issuer behind a proxy', function () {
  this.timeout(60_000); // each test starts a process
  let provider: Provider;
  let proxy: Awaited<ReturnType<typeof startProxy>>;

  beforeEach(async () => {
    provider = await Provider.start();
    proxy = await startProxy();
  });

  afterEach(() => {
    proxy.server.close();
    closeProviders();
  });

  const verifyIn = async (environment: NodeJS.ProcessEnv): Promise<string> => {
    const unset = ['NODE_V8_COVERAGE', 'http_proxy', 'no_proxy', 'NO_PROXY'];
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !unset.includes(name)));
    const fixture = join(__dirname, 'proxy.fixture.js');
    const env = { ...inherited, HTTP_PROXY: proxy.url, ...environment };
    const { stdout } = await run(process.execPath, [fixture, provider.jwksUri, provider.token()], { env });
    return stdout.trim();
  };

  const there = () => new URL(provider.jwksUri).host;

  it('are fetched without it, as Node fetches by itself', async () => {
    expect(await verifyIn({})).to.equal('accepted');
    expect(proxy.visited).to.deep.equal([]);
  });

  it(`are fetched ${hasProxies ? 'through' : 'without'} it with NODE_USE_ENV_PROXY, as this Node does`, async () => {
    expect(await verifyIn({ NODE_USE_ENV_PROXY: '1' })).to.equal('accepted');
    expect(proxy.visited).to.deep.equal(hasProxies ? [there()] : []);
  });

  it('are fetched without it from a host that NO_PROXY names', async () => {
    expect(await verifyIn({ NODE_USE_ENV_PROXY: '1', NO_PROXY: '127.0.0.1' })).to.equal('accepted');
    expect(proxy.visited).to.deep.equal([]);
  });
});
