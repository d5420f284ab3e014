interface Cookie {
  readonly value: string;
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The cookies of one site, as a browser keeps them. */
export class CookieJar {
  private readonly cookies = new Map<string, Cookie>();

  /** @param now - Milliseconds since the epoch. */
  constructor(private readonly now: () => number) {}

  get(name: string): string | undefined {
    return this.live().find(([one]) => one === name)?.[1].value;
  }

  /** Returns the `Cookie` header for a request, or undefined. */
  headerFor(url: string): string | undefined {
    const { pathname } = new URL(url, 'http://localhost');
    const sent = this.live().filter(([, { path }]) => path === '/' || `${pathname}/`.startsWith(`${path}/`));
    return sent.length === 0 ? undefined : sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  /** @param lines - The `Set-Cookie` headers of an answer. */
  receive(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /; Path=([^;]*)/.exec(line)?.[1] ?? '/';
      const maxAge = Number(/; Max-Age=(\d+)/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY);
      const isCleared = maxAge === 0 || /; Expires=Thu, 01 Jan 1970/.test(line);
      if (isCleared) this.forget(name, path);
      else this.cookies.set(name, { value, path, expiresAt: this.now() + maxAge * 1000 });
    }
  }

  private forget(name: string, path: string): void {
    if (this.cookies.get(name)?.path === path) this.cookies.delete(name);
  }

  private live(): [string, Cookie][] {
    return [...this.cookies].filter(([, { expiresAt }]) => this.now() < expiresAt);
  }
}
