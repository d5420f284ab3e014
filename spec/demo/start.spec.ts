import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import request from 'supertest';
import { developmentSecret } from '../../demo/development-secret';
import { DemoProcess } from './demo-process';

const secret = 'a secret of the specs, at least 32 bytes';
const PUBLIC_URL = 'https://notes.example.com';

describe('demo: start', () => {
  let demo: DemoProcess;
  const start = (environment: Record<string, string>) => {
    demo = new DemoProcess(environment);
    return demo;
  };
  afterEach(() => demo?.kill());

  it('says where it is and whom to try, and stops when it is told to', async () => {
    const { process, output } = await start({ SECRET: secret }).listening();
    expect(output()).to.match(/^Notes are at http:\/\/localhost:\d+$/m);
    expect(output()).to.contain('admin@example.org').and.contain('reader@example.org').and.contain('just-looking');
    process.kill('SIGTERM');
    expect(await once(process, 'exit')).to.deep.equal([0, null]);
  });

  it('refuses to start in production without a secret, and says what to do', async () => {
    const { code, output } = await start({ NODE_ENV: 'production', PUBLIC_URL }).ended();
    expect(code).to.equal(1);
    expect(output)
      .to.contain('needs a SECRET')
      .and.contain('openssl rand')
      .and.not.match(/\n\s+at /);
  });

  it('takes a blank secret for none', async () => {
    const { code, output } = await start({ NODE_ENV: 'production', SECRET: ' ', PUBLIC_URL }).ended();
    expect(code).to.equal(1);
    expect(output).to.contain('needs a SECRET');
  });

  it('refuses to start in production without its public URL, which links in mail begin with', async () => {
    const { code, output } = await start({ NODE_ENV: 'production', SECRET: secret }).ended();
    expect(code).to.equal(1);
    expect(output)
      .to.contain('PUBLIC_URL must be the URL that visitors use')
      .and.not.match(/\n\s+at /);
  });

  it('refuses a weak secret in production', async () => {
    const { code, output } = await start({ NODE_ENV: 'production', SECRET: 'short', PUBLIC_URL }).ended();
    expect(code).to.equal(1);
    expect(output)
      .to.contain('5 bytes')
      .and.not.match(/\n\s+at /);
  });

  it('has no users to try in production', async () => {
    const { url, output } = await start({ NODE_ENV: 'production', SECRET: secret, PUBLIC_URL }).listening();
    expect(output()).not.to.contain('example.org');
    const form = { email: 'admin@example.org', password: 'correct-horse' };
    await request(url).post('/login').type('form').send(form).expect(400);
  });

  it('prints mail to the console, with a link that does not come from the request', async () => {
    const { url, output } = await start({ SECRET: secret, PUBLIC_URL }).listening();
    const form = { email: 'reader@example.org' };
    const forged = request(url).post('/password/forgotten').set('Host', 'evil.example').type('form').send(form);
    await forged.expect(200);
    expect(output()).to.match(/^Mail to reader@example\.org: Your password$/m);
    expect(output()).to.contain(`${PUBLIC_URL}/password/reset?account=`).and.not.contain('evil.example');
  });

  it('says so where the port is taken', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { code, output } = await start({
      SECRET: secret,
      PORT: String((other.address() as AddressInfo).port),
    }).ended();
    other.close();
    expect(code).to.equal(1);
    expect(output).to.contain('EADDRINUSE');
  });

  it('refuses a port that is none', async () => {
    const { code, output } = await start({ SECRET: secret, PORT: '80a' }).ended();
    expect(code).to.equal(1);
    expect(output).to.contain('PORT must be a whole number from 0 to 65535, not "80a"');
  });

  it('refuses a Redis that is none', async () => {
    const { code, output } = await start({ SECRET: secret, REDIS_URL: 'localhost:6379' }).ended();
    expect(code).to.equal(1);
    expect(output)
      .to.contain('REDIS_URL must be a URL such as redis://localhost:6379')
      .and.not.match(/\n\s+at /);
  });

  describe('without a secret while developing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'notes-'));
    after(() => rmSync(folder, { recursive: true }));

    it('makes a random one that only its user can read, and keeps it', () => {
      const made = developmentSecret(folder);
      expect(made).to.match(/^[0-9a-f]{64}$/);
      expect(statSync(join(folder, 'secret')).mode & 0o777).to.equal(0o600);
      expect(developmentSecret(folder)).to.equal(made);
    });
  });
});
