import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isInstalled } from './programs';

export const HOST = 'app.example.com';

/** An nginx of its own on a free port of the loopback, with a certificate that it has signed itself. */
export class Nginx {
  private child: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'nginx-'));

  private readonly kill = () => this.child?.kill('SIGKILL');

  private constructor(readonly port: number) {
    process.once('exit', this.kill);
  }

  /**
   * @param serverBlock - A `server` block for port 443 of HOST, before an application on port 3000 of the loopback.
   * @param upstream - The port on which the application is instead.
   */
  static async start(serverBlock: string, upstream: number): Promise<Nginx> {
    const nginx = new Nginx(await freePort());
    nginx.createCertificate();
    nginx.configure(serverBlock, upstream);
    await nginx.run();
    return nginx;
  }

  /** The certificate, for clients that trust it. */
  get certificate(): string {
    return readFileSync(join(this.folder, 'cert.pem'), 'utf8');
  }

  async stop(): Promise<void> {
    if (this.child && this.child.exitCode === null && this.child.kill('SIGTERM')) await once(this.child, 'exit');
    process.off('exit', this.kill);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private createCertificate(): void {
    const subject = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
    const files = ['-keyout', join(this.folder, 'key.pem'), '-out', join(this.folder, 'cert.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const { status, stderr } = spawnSync('openssl', ['req', '-x509', '-nodes', ...curve, ...subject, ...files], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  }

  /** Puts other ports and files in place of those of the block, and leaves the rest as it is. */
  private configure(serverBlock: string, upstream: number): void {
    const replaced = [
      ['listen 443 ssl;', `listen 127.0.0.1:${this.port} ssl;`],
      [/ssl_certificate +\S+;/, `ssl_certificate ${this.folder}/cert.pem;`],
      [/ssl_certificate_key +\S+;/, `ssl_certificate_key ${this.folder}/key.pem;`],
      [/127\.0\.0\.1:3000/g, `127.0.0.1:${upstream}`],
    ] as const;
    const block = replaced.reduce((text, [from, to]) => {
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`The server block has no ${from}`);
      return changed;
    }, serverBlock);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${this.folder}/${name};`)
      .join('\n');
    const http = `http {\naccess_log off;\n${temporary}\n${block}\n}`;
    const main = `daemon off;\npid ${this.folder}/pid;\nerror_log ${this.folder}/error.log;\nevents {}\n${http}\n`;
    writeFileSync(join(this.folder, 'nginx.conf'), main);
  }

  private async run(): Promise<void> {
    const child = spawn('nginx', ['-e', join(this.folder, 'error.log'), '-c', join(this.folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    let printed = '';
    child.stderr.on('data', (data) => {
      printed += data;
    });
    while (!(await isListening(this.port)))
      if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${printed}`);
  }
}

/** Whether nginx is installed; under CI it is then, or this throws. */
export const isAvailable = (): boolean => isInstalled('nginx', ['-v'], 'nginx-light');

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => setTimeout(resolve, 5, false));
  });
}
