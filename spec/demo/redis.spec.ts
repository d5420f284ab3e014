import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import request from 'supertest';
import { usingRedis } from '../support/redis-server';
import { DemoProcess } from './demo-process';
import { admin } from './demo-server';

describe('demo: two servers on one Redis', () => {
  // Redis writes to its disk, so that it has the sessions again after a restart.
  const redis = usingRedis('--appendonly', 'yes', '--appendfsync', 'always');
  const folder = mkdtempSync(join(tmpdir(), 'notes-'));
  const servers: DemoProcess[] = [];
  const urls: string[] = [];

  before(async function () {
    this.timeout(20_000);
    for (let server = 0; server < 2; server++) {
      servers[server] = new DemoProcess({
        SECRET: 'a secret of the specs, at least 32 bytes',
        DATABASE: join(folder, 'notes.db'),
        REDIS_URL: redis().url,
      });
      urls[server] = (await (servers[server] as DemoProcess).listening()).url;
    }
  });
  after(() => {
    for (const server of servers) server.kill();
    rmSync(folder, { recursive: true });
  });

  const post = (server: number, path: string, form: object) =>
    request(urls[server] as string)
      .post(path)
      .type('form')
      .send(form);
  const me = (server: number, token: string) =>
    request(urls[server] as string)
      .get('/api/me')
      .set('Authorization', `Bearer ${token}`);
  const logIn = async () => {
    const form = { grant_type: 'password', username: admin.email, password: admin.password };
    return (await post(0, '/token', form).expect(200)).body as { access_token: string; refresh_token: string };
  };

  it('share logins, and their ends', async () => {
    const first = await logIn();
    for (const server of [0, 1]) await me(server, first.access_token).expect(200);
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const { body: second } = await post(1, '/token', refresh).expect(200);
    const { body: again } = await post(0, '/token', refresh).expect(200);
    expect(again.refresh_token).to.equal(second.refresh_token);
    await post(0, '/token/revoke', { token: second.refresh_token }).expect(200);
    for (const server of [0, 1]) await me(server, second.access_token).expect(401);
  });

  it('log out everywhere', async () => {
    const { access_token } = await logIn();
    await request(urls[1] as string)
      .post('/account/logout')
      .set('Authorization', `Bearer ${access_token}`)
      .expect(303);
    for (const server of [0, 1]) await me(server, access_token).expect(401);
    await me(1, (await logIn()).access_token).expect(200);
  });

  it('let nobody in while it is away, and go on when it is back', async () => {
    const { access_token } = await logIn();
    await redis().kill();
    await me(0, access_token).expect(503).expect('Retry-After', /^\d+$/);
    await me(0, 'garbage').expect(401);
    await request(urls[0] as string)
      .get('/login')
      .expect(200);
    const page = await request(urls[0] as string)
      .get('/notes')
      .set('Cookie', `access-token=${access_token}`)
      .expect(503);
    expect(page.text).to.contain('Back in a moment');
    await redis().start();
    while ((await me(0, access_token)).status === 503) await new Promise((resolve) => setTimeout(resolve, 50));
    await me(0, access_token).expect(200);
  }).timeout(10_000);

  it('stop when they are told to, also while it is away', async () => {
    const stopped = async ({ process }: DemoProcess) => {
      process.kill('SIGTERM');
      return once(process, 'exit');
    };
    expect(await stopped(servers[0] as DemoProcess)).to.deep.equal([0, null]);
    await redis().kill();
    expect(await stopped(servers[1] as DemoProcess)).to.deep.equal([0, null]);
  });
});
