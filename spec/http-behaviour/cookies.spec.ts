import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { type Action, Authorized, createParamDecorator, Get, JsonController, Post } from 'routing-controllers';
import supertest from 'supertest';
import type { LoginManager } from '../../src/login-manager';
import type { LoginManagerOptions } from '../../src/options';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { bearer, cookie, foreign } from '../support/http';
import { type App, onEachFramework, type ServerOptions, trustProxy } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const Response = () => createParamDecorator({ value: ({ response }: Action) => response });
const ContextOrResponse = () => createParamDecorator({ value: ({ context, response }: Action) => context ?? response });
const RawRequest = () => createParamDecorator({ value: ({ request }: Action) => request.req ?? request });

/** Real time, so that the cookie jar agrees. */
let manager: LoginManager<Account>;
let tokenToSet: () => Parameters<LoginManager<Account>['setCookie']>[1];

@JsonController()
class Routes {
  @Authorized()
  @Get('/me')
  me() {
    return { in: true };
  }

  @Post('/login')
  login(@ContextOrResponse() response: App) {
    manager.setCookie(response, tokenToSet());
    return {};
  }

  @Post('/login-response')
  loginWithResponse(@Response() response: App) {
    manager.setCookie(response, tokenToSet());
    return {};
  }

  @Post('/login-other')
  loginBesideOthers(@Response() response: App, @RawRequest() request: App) {
    (response.res ?? response).setHeader('Set-Cookie', ['theme=dark', `seen=${request.method}`]);
    manager.setCookie(response, tokenToSet());
    manager.setCookie(response, tokenToSet());
    return {};
  }

  @Post('/logout')
  logout(@ContextOrResponse() response: App) {
    manager.clearCookie(response);
    return {};
  }

  @Post('/logout-response')
  logoutWithResponse(@Response() response: App) {
    manager.clearCookie(response);
    return {};
  }
}

const controllers = [Routes];

describe('tokens in the cookie', () => {
  silencingStderr();

  onEachFramework((start) => {
    const startWith = async (options: LoginManagerOptions<Account>, more: Partial<ServerOptions> = {}) => {
      manager = managerOf(options);
      tokenToSet = () => tokenOf(manager);
      return start({ manager, controllers, ...more });
    };
    const statusWith = async (options: LoginManagerOptions<Account>, headers: () => object) => {
      const { client } = await startWith(options);
      return (await client.get('/me').set(headers() as Record<string, string>)).status;
    };
    const bob = () => tokenOf(manager, 'bob@example.com');

    it('are not looked at by default', async () => {
      expect(await statusWith({}, () => cookie(bob()))).to.equal(401);
    });

    it('are read with useCookie, and those in the header too', async () => {
      expect(await statusWith({ useCookie: true }, () => cookie(bob()))).to.equal(200);
      expect(await statusWith({ useCookie: true }, () => bearer(bob()))).to.equal(200);
    });

    it('are the only ones with useHeader: false', async () => {
      expect(await statusWith({ useCookie: true, useHeader: false }, () => cookie(bob()))).to.equal(200);
      expect(await statusWith({ useCookie: true, useHeader: false }, () => bearer(bob()))).to.equal(401);
      const both = () => ({ ...cookie(bob()), ...bearer('garbage') });
      expect(await statusWith({ useCookie: true, useHeader: false }, both)).to.equal(200);
    });

    it('are read from the cookie of the name that cookieName says', async () => {
      expect(await statusWith({ useCookie: true, cookieName: 'sid' }, () => cookie(bob(), 'sid'))).to.equal(200);
      expect(await statusWith({ useCookie: true, cookieName: 'sid' }, () => cookie(bob()))).to.equal(401);
      expect(await statusWith({ useCookie: true, cookieName: 'sid' }, () => cookie(bob(), 'SID'))).to.equal(401);
      expect(await statusWith({ useCookie: true, cookieName: 'sid' }, () => cookie(bob(), 'xsid'))).to.equal(401);
    });

    it('give way to one in the header, a bad one too', async () => {
      const withBadHeader = () => ({ ...cookie(bob()), ...bearer('garbage') });
      expect(await statusWith({ useCookie: true }, withBadHeader)).to.equal(401);
      const withEmptyHeader = () => ({ ...cookie(bob()), Authorization: 'Bearer' });
      expect(await statusWith({ useCookie: true }, withEmptyHeader)).to.equal(401);
      const withBadCookie = () => ({ ...cookie('garbage'), ...bearer(bob()) });
      expect(await statusWith({ useCookie: true }, withBadCookie)).to.equal(200);
    });

    it('are not hidden by a header of another scheme', async () => {
      for (const Authorization of ['Basic YTpi', 'Bearertoken abc', 'Digest username="bearer"', '']) {
        expect(
          await statusWith({ useCookie: true }, () => ({ ...cookie(bob()), Authorization })),
          Authorization,
        ).to.equal(200);
      }
    });

    it('are found among other cookies', async () => {
      const Cookie = () => ({ Cookie: `a=b;access-token=${bob()}; xaccess-token=c; access-token2=d` });
      expect(await statusWith({ useCookie: true }, Cookie)).to.equal(200);
    });

    it('are refused where two cookies of the name differ, whichever comes first', async () => {
      const ada = () => tokenOf(manager);
      for (const other of [ada, () => 'garbage', () => '']) {
        const there = () => ({ Cookie: `access-token=${bob()}; access-token=${other()}` });
        const back = () => ({ Cookie: `access-token=${other()}; access-token=${bob()}` });
        expect(await statusWith({ useCookie: true }, there)).to.equal(401);
        expect(await statusWith({ useCookie: true }, back)).to.equal(401);
      }
    });

    it('are accepted where two cookies of the name are the same', async () => {
      const Cookie = () => ({ Cookie: `access-token=${bob()}; access-token=${bob()}` });
      expect(await statusWith({ useCookie: true, clock: new TestClock().tell }, Cookie)).to.equal(200);
    });

    it('are not hidden by text without a name', async () => {
      for (const text of ['access-token', 'access-tokens', '=access-token', ' ', ';']) {
        const Cookie = () => ({ Cookie: `${text}; access-token=${bob()}; ${text}` });
        expect(await statusWith({ useCookie: true }, Cookie), text).to.equal(200);
      }
    });

    for (const Cookie of [
      'access-token',
      'access-token=',
      'access-token=""',
      'access-token="garbage"',
      'access-token=%',
      'access-token=%E0%A4%A',
      '__proto__=x; constructor=y; access-token=z',
      '__proto__; toString; ="=;=',
      'access-token=a.b.c; access-token',
    ]) {
      it(`let nobody in, and fail nowhere: ${Cookie}`, async () => {
        const { client } = await startWith({ useCookie: true });
        const { status, body } = await client.get('/me').set({ Cookie });
        expect(status).to.equal(401);
        expect(body.code).to.be.oneOf(['token_missing', 'token_invalid']);
      });
    }

    for (const cookieName of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      it(`may be in one that is named as a property of every object: ${cookieName}`, async () => {
        expect(await statusWith({ useCookie: true, cookieName }, () => ({}))).to.equal(401);
        expect(await statusWith({ useCookie: true, cookieName }, () => cookie('a'))).to.equal(401);
        expect(await statusWith({ useCookie: true, cookieName }, () => cookie(bob(), cookieName))).to.equal(200);
      });
    }
  });
});

describe('setCookie and clearCookie', () => {
  silencingStderr();

  onEachFramework((start) => {
    const startWith = async (
      options: LoginManagerOptions<Account> = {},
      before: (app: App) => void = () => undefined,
    ) => {
      manager = managerOf({ useCookie: true, ...options });
      tokenToSet = () => tokenOf(manager);
      return start({ manager, controllers, before });
    };
    const cookiesOf = ({ headers }: { headers: Record<string, unknown> }) => (headers['set-cookie'] ?? []) as string[];
    const setWith = async (options: LoginManagerOptions<Account> = {}, headers: Record<string, string> = {}) => {
      const { client } = await startWith({ clock: new TestClock().tell, ...options });
      return attributesOf(cookiesOf(await client.post('/login').set(headers))[0] as string);
    };

    for (const suffix of ['', '-response']) {
      it(`log a browser in and out${suffix ? ', given the response of the framework' : ''}`, async () => {
        const { url } = await startWith();
        const browser = supertest.agent(url);
        expect((await browser.get('/me')).status).to.equal(401);
        expect((await browser.post(`/login${suffix}`)).status).to.equal(200);
        expect((await browser.get('/me')).status).to.equal(200);
        expect((await browser.post(`/logout${suffix}`)).status).to.equal(200);
        expect((await browser.get('/me')).status).to.equal(401);
      });
    }

    it('take a token response, too', async () => {
      const { url } = await startWith();
      const response = await manager.createTokenResponse({ data: { sub: 'ada@example.com' } });
      tokenToSet = () => response;
      const browser = supertest.agent(url);
      await browser.post('/login');
      expect((await browser.get('/me')).status).to.equal(200);
    });

    it('set HttpOnly, SameSite=Lax, Path=/ and the life of the token', async () => {
      const { value, ...attributes } = await setWith();
      expect(value).to.equal(`access-token=${tokenToSet()}`);
      expect(attributes).to.deep.equal({ httponly: '', samesite: 'Lax', path: '/', 'max-age': '900' });
    });

    it('give the cookie what is left of the life of the token', async () => {
      const clock = new TestClock();
      const { client } = await startWith({ clock: clock.tell });
      const token = tokenOf(manager);
      tokenToSet = () => token;
      clock.advance(600);
      const [set] = cookiesOf(await client.post('/login'));
      expect(attributesOf(set as string)['max-age']).to.equal('300');
    });

    it('set the attributes of the option cookie', async () => {
      const { value: _, ...attributes } = await setWith({
        cookie: {
          secure: true,
          sameSite: 'strict',
          domain: 'example.com',
          path: '/app',
          maxAge: 60,
          partitioned: true,
        },
      });
      expect(attributes).to.deep.equal({
        httponly: '',
        secure: '',
        samesite: 'Strict',
        domain: 'example.com',
        path: '/app',
        'max-age': '60',
        partitioned: '',
      });
    });

    it('let the cookie live no longer than the token', async () => {
      expect(await setWith({ cookie: { maxAge: 86_400 } })).to.include({ 'max-age': '900' });
    });

    describe("with secure: 'auto'", () => {
      for (const host of ['localhost:3000', '127.0.0.1', '127.1.2.3:80', '[::1]:3000', 'app.localhost']) {
        it(`are not Secure on the loopback: ${host}`, async () => {
          expect(await setWith({}, { Host: host })).not.to.have.property('secure');
        });
      }

      for (const host of [
        'example.com',
        '192.168.1.5:3000',
        'localhost.example.com',
        '127.0.0.1.example.com',
        'bad host',
      ]) {
        it(`are Secure elsewhere, without https too: ${host}`, async () => {
          expect(await setWith({}, { Host: host })).to.have.property('secure');
        });
      }

      for (const cookieName of ['__Host-token', '__Secure-token']) {
        it(`are Secure for a prefixed name: ${cookieName}`, async () => {
          expect(await setWith({ cookieName })).to.have.property('secure');
        });
      }

      it('are Secure on https, which a trusted proxy speaks', async () => {
        const { client } = await startWith({}, trustProxy);
        const over = async (proto: string) =>
          cookiesOf(await client.post('/login').set('X-Forwarded-Proto', proto))[0] as string;
        expect(attributesOf(await over('https'))).to.have.property('secure');
        expect(attributesOf(await over('http'))).not.to.have.property('secure');
      });

      it('do not believe a proxy that is not trusted', async () => {
        expect(await setWith({}, { 'X-Forwarded-Proto': 'https' })).not.to.have.property('secure');
      });
    });

    it('are never Secure with secure: false', async () => {
      expect(await setWith({ cookie: { secure: false } }, { Host: 'example.com' })).not.to.have.property('secure');
    });

    it('keep the other cookies of the response, and replace their own', async () => {
      const { client } = await startWith();
      const names = cookiesOf(await client.post('/login-other')).map((one) => one.split('=')[0]);
      expect(names).to.deep.equal(['theme', 'seen', 'access-token']);
    });

    it('clear with the attributes that the cookie was set with', async () => {
      const { client } = await startWith({ cookie: { domain: 'example.com', path: '/app' } });
      const [cleared] = cookiesOf(await client.post('/logout'));
      expect(attributesOf(cleared as string)).to.deep.equal({
        value: 'access-token=',
        'max-age': '0',
        domain: 'example.com',
        path: '/app',
        httponly: '',
        samesite: 'Lax',
      });
    });

    for (const [name, token] of Object.entries({
      'of another secret': jwt.sign({ sub: 'ada@example.com' }, `${SECRET}.`, { expiresIn: 60 }),
      'that is none': 'garbage',
      'that is empty': '',
    })) {
      it(`set no token ${name}: 401`, async () => {
        const { client } = await startWith();
        tokenToSet = () => token;
        const response = await client.post('/login');
        expect(response.status).to.equal(401);
        expect(response.body.code).to.equal('token_invalid');
        expect(cookiesOf(response)).to.be.empty;
      });
    }

    it('set no token that has expired: 401', async () => {
      const clock = new TestClock();
      const { client } = await startWith({ clock: clock.tell });
      const token = tokenOf(manager);
      tokenToSet = () => token;
      clock.advance(900);
      const response = await client.post('/login');
      expect(response.status).to.equal(401);
      expect(response.body.code).to.equal('token_expired');
      expect(cookiesOf(response)).to.be.empty;
    });

    it('set no token that browsers would drop: 4096 bytes with the name', async () => {
      const { client } = await startWith({ clock: new TestClock().tell });
      const tokenOfLength = (length: number) => {
        const of = (padding: number) =>
          manager.createAccessToken({ data: { sub: 'ada@example.com', x: 'x'.repeat(padding) } });
        let padding = 0;
        while (of(padding).length < length) padding += 1;
        return of(padding);
      };
      const longest = tokenOfLength(4096 - 'access-token'.length - 1);
      tokenToSet = () => longest;
      expect(cookiesOf(await client.post('/login'))).to.have.length(1);
      const tooLong = tokenOfLength(4096 - 'access-token'.length + 1);
      tokenToSet = () => tooLong;
      const response = await client.post('/login');
      expect(response.status).to.equal(500);
      expect(response.body.name).to.equal('ConfigurationError');
      expect(cookiesOf(response)).to.be.empty;
    });

    it('are a mistake where the manager does not use the cookie: 500', async () => {
      const { client } = await startWith({ useCookie: false });
      for (const path of ['/login', '/logout']) {
        const { status, body } = await client.post(path);
        expect(status).to.equal(500);
        expect(body.name).to.equal('ConfigurationError');
      }
    });

    for (const [name, headers] of Object.entries<Record<string, string>>({
      'a foreign page': foreign,
      'a foreign page of an older browser': { Origin: 'https://evil.example' },
      'a page without an origin': { Origin: 'null' },
      'another host of the same site': { 'Sec-Fetch-Site': 'same-site' },
    })) {
      it(`log nobody in for ${name} (login CSRF): 403`, async () => {
        const { client } = await startWith();
        const response = await client.post('/login').set(headers);
        expect(response.status).to.equal(403);
        expect(response.body.code).to.equal('cross_origin');
        expect(cookiesOf(response)).to.be.empty;
      });
    }

    it('log a browser in for a trusted origin', async () => {
      const { client } = await startWith({ trustedOrigins: ['https://evil.example'] });
      expect(cookiesOf(await client.post('/login').set(foreign))).to.have.length(1);
    });
  });
});

function attributesOf(text: string): Record<string, string> {
  const [value = '', ...attributes] = text.split('; ');
  const pairs = attributes.map((attribute) => attribute.split('='));
  return { value, ...Object.fromEntries(pairs.map(([name = '', text = '']) => [name.toLowerCase(), text])) };
}
