import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useContainer } from 'routing-controllers';
import request from 'supertest';
import type { ContainerInstance } from 'typedi';
import { createApp } from '../../demo/app';
import { type Mail, Mailer } from '../../demo/mail/mailer';
import { seed } from '../../demo/seed';
import { closeServices, createServices } from '../../demo/services';
import { SessionStorage } from '../../demo/sessions/session-storage';

export const admin = { email: 'admin@example.org', password: 'correct-horse' };
export const reader = { email: 'reader@example.org', password: 'just-looking' };
export const ada = { email: 'ada@example.org', password: 'analytical engine' };

type Credentials = typeof ada;

interface Options {
  readonly attemptsPerMinute?: number;
  readonly redisUrl?: string;
}

/** Keeps mail, in place of printing it. */
class Mailbox extends Mailer {
  readonly mails: Mail[] = [];

  override send(mail: Mail): void {
    this.mails.push(mail);
  }
}

/** The demo on a port of its own, with a fresh database that holds the two demo users. */
export class DemoServer {
  private constructor(
    private readonly server: Server,
    readonly services: ContainerInstance,
    private readonly mailbox: Mailbox,
    private readonly time: { passed: number },
  ) {}

  static async start({ attemptsPerMinute = 1000, redisUrl }: Options = {}): Promise<DemoServer> {
    const secret = 'a secret of the specs, at least 32 bytes';
    const publicUrl = 'https://notes.example.com';
    const time = { passed: 0 };
    const mailbox = new Mailbox(publicUrl);
    const services = createServices(
      { database: ':memory:', secret, redisUrl, publicUrl, attemptsPerMinute },
      () => Date.now() + time.passed,
    ).set(Mailer, mailbox);
    await services.get(SessionStorage).connect();
    await seed(services);
    try {
      const server = createApp(services, { trustedProxies: 0 }).listen(0);
      await once(server, 'listening');
      return new DemoServer(server, services, mailbox, time);
    } catch (error) {
      giveContainerBack();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await closeServices(this.services);
    giveContainerBack();
  }

  /** Where a browser finds it: a secure context, as https would be. */
  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Requests without cookies. */
  get http() {
    return request(this.server);
  }

  /** A browser: it keeps cookies, and says where its requests come from. */
  browser() {
    return request.agent(this.server).set('Sec-Fetch-Site', 'same-origin');
  }

  async browserOf(user: Credentials & { remember?: string }) {
    const browser = this.browser();
    await browser.post('/login').type('form').send(user).expect(303);
    return browser;
  }

  /** A browser whose user has registered by the link of the mail. */
  async browserOfNewcomer({ email, password } = ada) {
    const browser = this.browser();
    await browser.post('/register').type('form').send({ email }).expect(200);
    const { fields } = this.linkTo(email);
    await browser
      .post('/register/password')
      .type('form')
      .send({ ...fields, password })
      .expect(303);
    return browser;
  }

  /** All mail so far. */
  get mails(): readonly Mail[] {
    return this.mailbox.mails;
  }

  /** The link of the last mail to an address, and the fields of the form that it leads to. */
  linkTo(email: string): { path: string; fields: Record<string, string> } {
    const { path } = this.mails.filter(({ to }) => to === email).at(-1) as Mail;
    return { path, fields: Object.fromEntries(new URL(path, this.url).searchParams) };
  }

  passMinutes(minutes: number): void {
    this.time.passed += minutes * 60_000;
  }

  /** Advances the clock of the logins. */
  passDays(days: number): void {
    this.time.passed += days * 24 * 3_600_000;
  }

  /** What a program sends along once it has a token. */
  async bearerOf({ email, password }: Credentials, scope?: string) {
    const form = { grant_type: 'password', username: email, password, scope };
    const { body } = await this.http.post('/token').type('form').send(form).expect(200);
    return { Authorization: `Bearer ${body.access_token}` };
  }
}

/** For `describe`: a demo for each test. */
export function demoServer(options?: Parameters<typeof DemoServer.start>[0]): () => DemoServer {
  let demo: DemoServer;
  beforeEach(async () => {
    demo = await DemoServer.start(options);
  });
  afterEach(() => demo.stop());
  return () => demo;
}

/** The container is one for the whole process: other specs want routing-controllers' own again. */
function giveContainerBack(): void {
  useContainer({ get: () => undefined as never }, { fallback: true });
}
