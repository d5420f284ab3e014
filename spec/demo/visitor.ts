import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { DemoServer } from './demo-server';

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 800 };

/** Somebody at a browser, who has no cookies yet, and what the browser complains of meanwhile. */
export class Visitor {
  /** Violations of the content security policy, errors of scripts, answers that are none, and calls to other sites. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    home: string,
  ) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== home && protocol !== 'data:') this.complaints.push(`asks ${request.url()}`);
    });
  }

  static async of(browser: Browser, demo: DemoServer): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: demo.url, viewport: desktop });
    context.setDefaultTimeout(5_000);
    return new Visitor(context, await context.newPage(), demo.url);
  }

  /** Fills in the login page that is open. */
  async logIn({ email, password }: { email: string; password: string }): Promise<void> {
    await this.page.getByLabel('Email').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
  }

  /** The path of the page that is open, with its query. */
  get path(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** By how many pixels the page is wider than a window of this size. */
  async overflowAt(size: typeof phone): Promise<number> {
    await this.page.setViewportSize(size);
    return this.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}

/** For `describe`: a visitor for each test. */
export function visitor(browser: () => Browser, demo: () => DemoServer): () => Visitor {
  let somebody: Visitor;
  beforeEach(async () => {
    somebody = await Visitor.of(browser(), demo());
  });
  afterEach(() => somebody.leave());
  return () => somebody;
}
