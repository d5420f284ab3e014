import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { type ForkedServers, forkServers } from '../support/fork-servers';
import { Random } from '../support/random';
import type { Framework } from '../support/servers';
import { parseAnswers } from './answers';
import { findViolations } from './check';
import { converse } from './conversation';
import { type Flaw, ID, type Target } from './protocol';
import { type FuzzRequest, write } from './request';
import { brokenRequest, framedRequest } from './requests';

/** A promise that was broken, and how to see it again. */
export interface Violation {
  readonly seed: number;
  readonly index: number;
  readonly what: string;
  readonly sent: string;
  readonly received: string;
}

export interface Counts {
  conversations: number;
  requests: number;
  answers: number;
  letIn: number;
  readonly statuses: Record<string, number>;
}

/** How long a conversation may take, in milliseconds, on a busy machine. */
const PATIENCE = 20_000;

/** Sends conversations to a server of one framework. The same seed and index give the same conversation. */
export class Fuzzer {
  readonly counts: Counts = { conversations: 0, requests: 0, answers: 0, letIn: 0, statuses: {} };
  readonly violations: Violation[] = [];
  private isOver = false;

  private constructor(
    readonly framework: Framework,
    private readonly seed: number,
    private readonly servers: ForkedServers<Target>,
    private readonly patience: number,
  ) {
    this.process.once('exit', (code) => {
      if (!this.isOver)
        this.note(-1, `the process ended with ${code}: ${servers.errors.join('').slice(-2000)}`, '', '');
    });
  }

  static async start(
    framework: Framework,
    seed: number,
    { flaw, patience = PATIENCE }: { flaw?: Flaw; patience?: number } = {},
  ) {
    process.env.NODE_ENV = 'production'; // of the targets: elsewhere Express itself answers with stacks
    const module = join(__dirname, 'target.js');
    return new Fuzzer(
      framework,
      seed,
      await forkServers<Target>(module, [[framework, ...(flaw ? [flaw] : [])]]),
      patience,
    );
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** What the target wrote to standard error. */
  get written(): string {
    return this.servers.errors.join('');
  }

  stop(): void {
    this.isOver = true;
    this.process.kill('SIGKILL');
  }

  /** Holds one conversation, and notes what is wrong with it. */
  async converse(index: number): Promise<void> {
    const random = new Random(this.seed * 1_000_003 + index);
    const target = this.servers.started[0] as Target;
    const requests = [...conversation(random, target, index * 10), goodRequest(target, index * 10 + 9)];
    const bytes = Buffer.concat(requests.map((request) => request.bytes));
    const isComplete = requests.every((request) => request.isFramed);
    const { received, ending } = await converse(target.port, segmentsOf(random, bytes), {
      isComplete,
      patience: this.patience,
    });
    const isHead = (id: string | undefined, at: number) =>
      (id === undefined ? requests[at] : requests.find((request) => `${request.id}` === id))?.method === 'HEAD';
    const parsed = parseAnswers(received, isHead);
    this.count(requests, parsed.answers);
    for (const what of findViolations(requests, parsed, ending, target))
      this.note(index, what, bytes.toString('latin1'), received);
  }

  private get process(): ChildProcess {
    return this.servers.processes[0] as ChildProcess;
  }

  private note(index: number, what: string, sent: string, received: string): void {
    this.violations.push({ seed: this.seed, index, what: `${this.framework}: ${what}`, sent, received });
  }

  private count(requests: readonly FuzzRequest[], answers: ReturnType<typeof parseAnswers>['answers']): void {
    this.counts.conversations += 1;
    this.counts.requests += requests.length;
    this.counts.answers += answers.length;
    for (const { status, headers } of answers) {
      this.counts.statuses[status] = (this.counts.statuses[status] ?? 0) + 1;
      if (headers['x-let-in'] !== undefined) this.counts.letIn += 1;
    }
  }
}

function conversation(random: Random, target: Target, id: number): FuzzRequest[] {
  const isBroken = random.happens(0.4);
  return Array.from({ length: 1 + random.below(4) }, (_, index) =>
    isBroken && random.happens(0.6)
      ? brokenRequest(random, target, id + index)
      : framedRequest(random, target, id + index),
  );
}

/** What must be answered with 200 at the end of a connection whose framing is intact. */
function goodRequest({ good }: Target, id: number): FuzzRequest {
  const fields = [
    ['Host', '127.0.0.1'],
    ['Authorization', `Bearer ${good.bob}`],
    ['Connection', 'close'],
    [ID, `${id}`],
  ] as const;
  const bytes = write({ method: 'GET', target: '/me', version: 'HTTP/1.1', fields, body: Buffer.alloc(0) });
  return { id, bytes, isFramed: true, method: 'GET', path: '/me', users: new Set(['bob']), mayLogIn: false };
}

/** All at once, or in parts that end anywhere. */
function segmentsOf(random: Random, bytes: Buffer): Buffer[] {
  if (random.happens(0.5)) return [bytes];
  const cuts = Array.from({ length: random.below(6) }, () => random.below(bytes.length)).sort((a, b) => a - b);
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index]));
}
