import type supertest from 'supertest';

type Client = ReturnType<typeof supertest>;
type Method = 'get' | 'post' | 'head';

/** What a browser sends from the application's own pages. */
const ownPage = { 'Sec-Fetch-Site': 'same-origin' };

/** A browser's cookies: kept, sent and deleted, whatever their paths and lifetimes. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly client: Client) {}

  /** @param headers - Default: those of the application's own pages. */
  async send(method: Method, path: string, headers: Record<string, string> = ownPage, fields?: object) {
    const request = this.client[method](path).set(headers);
    if (this.cookies.size > 0) request.set('Cookie', this.header);
    const answer = await (fields ? request.type('form').send(fields) : request);
    const set = setCookies(answer);
    for (const cookie of set) this.keep(cookie);
    return Object.assign(answer, { set });
  }

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** What a browser does when it is closed and opened again, or what a thief of its cookies has. */
  copy(): Browser {
    const copy = new Browser(this.client);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  private keep({ name, value, attributes }: SetCookie): void {
    if (attributes['max-age'] === '0') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** A cookie as an answer sets it; the names of the attributes are in lower case. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  readonly attributes: Record<string, string>;
}

export function setCookies(answer: { headers: Record<string, unknown> }): SetCookie[] {
  const lines = (answer.headers['set-cookie'] ?? []) as string[];
  return lines.map((line) => {
    const [pair = '', ...rest] = line.split('; ');
    const attributes = rest.map((one) => one.split('=')).map(([name = '', value = '']) => [name.toLowerCase(), value]);
    return {
      name: pair.slice(0, pair.indexOf('=')),
      value: pair.slice(pair.indexOf('=') + 1),
      attributes: Object.fromEntries(attributes),
    };
  });
}
