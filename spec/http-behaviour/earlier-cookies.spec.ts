import { expect } from 'chai';
import { Authorized, createParamDecorator, Get, JsonController, Post } from 'routing-controllers';
import { parseCookie } from '../../src/http/cookies/cookie-options';
import { TokenCookie } from '../../src/http/cookies/token-cookie';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { type App, onEachServer, type RunningServer } from '../support/servers';

const Response = () => createParamDecorator({ value: ({ response }) => response });

let manager: LoginManager<Account>;

@JsonController()
class Routes {
  @Authorized()
  @Get('/app/me')
  me() {
    return {};
  }

  @Post('/app/login')
  login(@Response() response: App) {
    manager.setCookie(response, tokenOf(manager));
    return {};
  }

  @Post('/app/logout')
  logout(@Response() response: App) {
    manager.clearCookie(response);
    return {};
  }
}

/** The cookies of a browser at one host, as RFC 6265bis §5.7 keeps them: by name, domain and path. */
class CookieJar {
  private readonly cookies = new Map<string, { name: string; value: string; path: string }>();

  constructor(private readonly client: RunningServer['client']) {}

  async send(method: 'get' | 'post', path: string) {
    const sent = [...this.cookies.values()].filter((one) => path.startsWith(one.path));
    const Cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    const response = await this.client[method](path).set({ Host: 'app.example.com', ...(Cookie && { Cookie }) });
    for (const line of (response.headers['set-cookie'] ?? []) as unknown as string[]) this.store(line);
    return response;
  }

  store(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const { Domain = '', Path = '/', 'Max-Age': age } = Object.fromEntries(attributes.map((one) => one.split('=')));
    const [name = '', value = ''] = pair.split('=');
    const key = [name, Domain, Path].join(' ');
    if (age === '0') this.cookies.delete(key);
    else this.cookies.set(key, { name, value, path: Path });
  }

  get size(): number {
    return this.cookies.size;
  }
}

type Attributes = NonNullable<LoginManagerOptions<Account>['cookie']>;

/** The option `cookie` before and after a deployment. */
const changes: Record<string, [before: Attributes, after: Attributes]> = {
  'from a domain to the host alone': [{ domain: 'example.com' }, {}],
  'from the host alone to a domain': [{}, { domain: 'example.com' }],
  'from the host as a domain to the domain above': [{ domain: 'app.example.com' }, { domain: 'example.com' }],
  'from a path to the whole site': [{ path: '/app' }, {}],
  'from the whole site to a path': [{}, { path: '/app' }],
  'of domain and path at once': [{ domain: 'example.com', path: '/app' }, {}],
};

describe('a browser with a cookie of an earlier configuration', () => {
  onEachServer((start) => {
    const startWith = async (cookie: Attributes) => {
      manager = managerOf({ useCookie: true, cookie });
      return new CookieJar((await start({ manager, controllers: [Routes] })).client);
    };

    for (const [name, [earlier, later]] of Object.entries(changes)) {
      it(`logs in again after a change ${name}, and keeps one cookie`, async () => {
        const jar = await startWith(later);
        const attributes = [`Path=${earlier.path ?? '/'}`, ...(earlier.domain ? [`Domain=${earlier.domain}`] : [])];
        jar.store(['access-token=old', ...attributes].join('; '));
        expect((await jar.send('post', '/app/login')).status).to.equal(200);
        expect(jar.size).to.equal(1);
        expect((await jar.send('get', '/app/me')).status).to.equal(200);
      });

      it(`is logged out of both after a change ${name}`, async () => {
        const jar = await startWith(later);
        const attributes = [`Path=${earlier.path ?? '/'}`, ...(earlier.domain ? [`Domain=${earlier.domain}`] : [])];
        jar.store(['access-token=old', ...attributes].join('; '));
        await jar.send('post', '/app/logout');
        expect(jar.size).to.equal(0);
      });
    }

    it('that hides the real one is let in at the second request, without a login', async () => {
      const jar = await startWith({});
      jar.store(`access-token=${tokenOf(manager)}; Path=/`);
      jar.store('access-token=old; Path=/app');
      const refused = await jar.send('get', '/app/me');
      expect([refused.status, refused.body.code]).to.deep.equal([401, 'token_invalid']);
      expect((await jar.send('get', '/app/me')).status).to.equal(200);
    });

    for (const host of ['my_app.preview.example.com', 'example.com.', 'a-.example.com', '-.b', 'xn--a.example.com']) {
      it(`logs in again, and out, at ${host}, which no cookie can name as its domain`, async () => {
        manager = managerOf({ useCookie: true });
        const { client } = await start({ manager, controllers: [Routes] });
        const Cookie = 'access-token=old';
        for (const path of ['/app/login', '/app/logout']) {
          const { status, headers } = await client.post(path).set({ Host: host, Cookie });
          expect(status, path).to.equal(200);
          const domains = String(headers['set-cookie']).match(/Domain=[^;,]*/g) ?? [];
          for (const domain of domains) expect(domain).to.match(/^Domain=[a-z0-9.-]*[a-z]$/);
        }
      });
    }

    it('gets no further cookies if the request shows none of the name', async () => {
      const jar = await startWith({});
      expect((await jar.send('post', '/app/login')).headers['set-cookie']).to.have.length(1);
    });
  });
});

describe('the names and values of a Cookie header', () => {
  const cookie = new TokenCookie(parseCookie(undefined, undefined));

  for (const [name, blank] of Object.entries({ 'a space': ' ', 'a tab': '\t', 'several of both': ' \t ' })) {
    it(`are read without ${name} around them`, () => {
      expect(cookie.read(`a=b;${blank}access-token${blank}=${blank}x${blank};c=d`)).to.equal('x');
    });
  }

  for (const [name, character] of Object.entries({
    'a no-break space': '\xa0',
    'a vertical tab': '\v',
    'a form feed': '\f',
    'a byte order mark': '\ufeff',
  })) {
    it(`are those of another cookie with ${name} (RFC 6265bis §5.6)`, () => {
      expect(cookie.read(`${character}access-token=evil; access-token=x`)).to.equal('x');
      expect(cookie.read(`access-token${character}=evil; access-token=x`)).to.equal('x');
      expect(cookie.read(`${character}access-token=evil`)).to.equal(undefined);
    });
  }

  it('are read in linear time', () => {
    const started = process.hrtime.bigint();
    cookie.read(`access-token=${' '.repeat(500_000)}x${' '.repeat(500_000)}`);
    expect(Number(process.hrtime.bigint() - started) / 1e6, 'milliseconds').to.be.below(1000);
  });

  it('give all tokens, so that a logout ends the session of each', () => {
    expect(cookie.readAll(undefined)).to.deep.equal([]);
    expect(cookie.readAll('a=b')).to.deep.equal([]);
    expect(cookie.readAll('access-token=')).to.deep.equal([]);
    expect(cookie.readAll('access-token=x; access-token=y; access-token=x')).to.deep.equal(['x', 'y']);
    const split = 'access-token=2~x; access-token.1=1; access-token.1=2; access-token=y';
    expect(cookie.readAll(split)).to.deep.equal(['x1', 'x2', 'y']);
  });

  it('give a bounded number of tokens, however many pieces are sent', () => {
    const pieces = Array.from({ length: 300 }, (_, index) => [`access-token.1=${index}`, `access-token.2=${index}`]);
    expect(cookie.readAll(['access-token=3~x', ...pieces.flat()].join('; '))).to.have.length(64);
  });
});
