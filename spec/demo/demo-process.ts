import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const main = join(__dirname, '../../demo/main.js');

/** The demo as a process of its own. */
export class DemoProcess {
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
