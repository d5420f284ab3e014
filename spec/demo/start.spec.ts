import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import request from 'supertest';
import { developmentSecret } from '../../demo/development-secret';

const main = join(__dirname, '../../demo/main.js');
const secret = 'a secret of the specs, at least 32 bytes';

describe('demo: start', () => {
  let demo: Demo;
  const start = (environment: Record<string, string>) => {
    demo = new Demo(environment);
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
    const { code, output } = await start({ NODE_ENV: 'production' }).ended();
    expect(code).to.equal(1);
    expect(output)
      .to.contain('needs a SECRET')
      .and.contain('openssl rand')
      .and.not.match(/\n\s+at /);
  });

  it('takes a blank secret for none', async () => {
    const { code, output } = await start({ NODE_ENV: 'production', SECRET: ' ' }).ended();
    expect(code).to.equal(1);
    expect(output).to.contain('needs a SECRET');
  });

  it('refuses a weak secret in production', async () => {
    const { code, output } = await start({ NODE_ENV: 'production', SECRET: 'short' }).ended();
    expect(code).to.equal(1);
    expect(output)
      .to.contain('5 bytes')
      .and.not.match(/\n\s+at /);
  });

  it('has no users to try in production', async () => {
    const { url, output } = await start({ NODE_ENV: 'production', SECRET: secret }).listening();
    expect(output()).not.to.contain('example.org');
    const form = { email: 'admin@example.org', password: 'correct-horse' };
    await request(url).post('/login').type('form').send(form).expect(400);
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

/** The demo as a process of its own. */
class Demo {
  readonly process: ChildProcess;
  private text = '';

  constructor(environment: Record<string, string>) {
    const env = {
      ...process.env,
      NODE_ENV: 'development',
      PORT: '0',
      DATABASE: ':memory:',
      SECRET: '',
      ...environment,
    };
    this.process = spawn(process.execPath, [main], { env });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (chunk) => (this.text += chunk));
  }

  async listening() {
    while (!/localhost:\d+\n/.test(this.text)) await once(this.process.stdout as NodeJS.ReadableStream, 'data');
    const url = /http:\S+/.exec(this.text)?.[0] as string;
    return { process: this.process, url, output: () => this.text };
  }

  async ended() {
    const [code] = await once(this.process, 'close');
    return { code: code as number, output: this.text };
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }
}
