import { expect } from 'chai';
import { Authorized, createParamDecorator, Get, JsonController, Post } from 'routing-controllers';
import { CrossOriginError } from '../../src/errors/cross-origin-error';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { type App, onEachServer, ownErrorHandling } from '../support/servers';

const ContextOrResponse = () => createParamDecorator({ value: ({ context, response }) => context ?? response });
const Request = () => createParamDecorator({ value: ({ request }) => request });

let manager: LoginManager<Account>;
let registered: number;

@JsonController()
class Routes {
  @Authorized()
  @Get('/notes')
  read() {
    return {};
  }

  @Authorized()
  @Post('/notes')
  write() {
    return {};
  }

  @Post('/logout')
  logout(@ContextOrResponse() response: App) {
    manager.clearCookie(response);
    return {};
  }

  @Post('/register')
  register(@Request() request: App) {
    manager.checkOrigin(request);
    registered += 1;
    return {};
  }
}

type TrustedOrigins = LoginManagerOptions<Account>['trustedOrigins'];

const trusted: Record<string, [TrustedOrigins, string]> = {
  'an app of Capacitor': [['capacitor://localhost'], 'capacitor://localhost'],
  'an app of Ionic': [['ionic://localhost'], 'ionic://localhost'],
  'an app of Tauri': [['tauri://localhost'], 'tauri://localhost'],
  'a browser extension': [['chrome-extension://abcdefghijklmnop'], 'chrome-extension://abcdefghijklmnop'],
  'a subdomain of a pattern': [['https://*.example.com'], 'https://a.example.com'],
  'a subdomain of a subdomain of a pattern': [['https://*.example.com'], 'https://a.b.example.com'],
  'a subdomain at the port of a pattern': [['https://*.example.com:8443'], 'https://a.example.com:8443'],
  'a subdomain of a pattern with the default port': [['https://*.example.com:443'], 'https://a.example.com'],
  'a subdomain of localhost': [['http://*.localhost:3000'], 'http://a.localhost:3000'],
  'an origin that the function trusts': [(origin) => origin === 'https://a.example', 'https://a.example'],
  'an origin that the function trusts by the request': [
    (_, request) => request.headers['x-tenant'] === 'a',
    'https://tenant.example',
  ],
};

const untrusted: Record<string, [TrustedOrigins, string]> = {
  'another app': [['capacitor://localhost'], 'capacitor://evil'],
  'another scheme at the host of an app': [['capacitor://localhost'], 'ionic://localhost'],
  'the domain of a pattern itself': [['https://*.example.com'], 'https://example.com'],
  'a subdomain of a pattern by another scheme': [['https://*.example.com'], 'http://a.example.com'],
  'a subdomain of a pattern at another port': [['https://*.example.com'], 'https://a.example.com:444'],
  'a domain that ends like a pattern': [['https://*.example.com'], 'https://evilexample.com'],
  'a domain in which the dot of a pattern is another letter': [['https://*.example.com'], 'https://a.examplexcom'],
  'a domain that continues a pattern': [['https://*.example.com'], 'https://a.example.com.evil.example'],
  'two origins, of which the second matches a pattern': [
    ['https://*.example.com'],
    'https://evil.example https://a.example.com',
  ],
  'a user name that ends in a pattern': [['https://*.example.com'], 'https://evil.example/@a.example.com'],
  'an empty label before a pattern': [['https://*.example.com'], 'https://.example.com'],
  'an origin that the function does not trust': [() => false, 'https://a.example'],
  'an origin for which the function throws': [
    () => {
      throw undefined;
    },
    'https://a.example',
  ],
  'an origin for which the function rejects': [(() => Promise.reject()) as never, 'https://a.example'],
  'an origin for which the function promises true': [(async () => true) as never, 'https://a.example'],
  'an origin for which the function answers a string': [(() => 'yes') as never, 'https://a.example'],
  'the origin null, whatever the function says': [() => true, 'null'],
};

describe('a page of', () => {
  onEachServer((start) => {
    const statusFrom = async (trustedOrigins: TrustedOrigins, Origin: string) => {
      manager = managerOf({ useCookie: true, trustedOrigins: trustedOrigins as string[] });
      const { client } = await start({ manager, controllers: [Routes] });
      const headers = { ...cookie(tokenOf(manager)), Origin, 'X-Tenant': 'a' };
      return (await client.post('/notes').set(headers)).status;
    };

    for (const [name, [trustedOrigins, origin]] of Object.entries(trusted)) {
      it(`${name} is trusted`, async () => {
        expect(await statusFrom(trustedOrigins, origin)).to.equal(200);
      });
    }

    for (const [name, [trustedOrigins, origin]] of Object.entries(untrusted)) {
      it(`${name} is not trusted`, async () => {
        expect(await statusFrom(trustedOrigins, origin)).to.equal(403);
      });
    }
  });
});

describe('a foreign page', () => {
  onEachServer((start) => {
    const startWith = async (options: LoginManagerOptions<Account> = {}) => {
      manager = managerOf({ useCookie: true, ...options });
      registered = 0;
      return (await start({ manager, controllers: [Routes] })).client;
    };

    it('logs nobody out: clearCookie refuses it (logout CSRF)', async () => {
      const client = await startWith();
      const refused = await client.post('/logout').set({ ...cookie(tokenOf(manager)), ...foreign });
      expect([refused.status, refused.body.code]).to.deep.equal([403, 'cross_origin']);
      expect(refused.headers).not.to.have.property('set-cookie');
      const own = await client.post('/logout').set({ ...cookie(tokenOf(manager)), 'Sec-Fetch-Site': 'same-origin' });
      expect([own.status, own.headers['set-cookie']?.length]).to.deep.equal([200, 1]);
    });

    it('is refused by checkOrigin before a route acts', async () => {
      const client = await startWith();
      const refused = await client.post('/register').set(foreign);
      expect([refused.status, refused.body.code, registered]).to.deep.equal([403, 'cross_origin', 0]);
      expect([(await client.post('/register')).status, registered]).to.deep.equal([200, 1]);
    });

    it('may send a token in the header, by default', async () => {
      const client = await startWith();
      expect((await client.post('/notes').set({ ...bearer(tokenOf(manager)), ...foreign })).status).to.equal(200);
    });

    for (const method of ['get', 'post'] as const) {
      it(`may send nothing with originCheck: 'always', by ${method.toUpperCase()}`, async () => {
        const client = await startWith({ originCheck: 'always' });
        const statusOf = async (headers: Record<string, string>) =>
          (await client[method]('/notes').set(headers)).status;
        expect(await statusOf({ ...bearer(tokenOf(manager)), ...foreign }), 'header').to.equal(403);
        expect(await statusOf({ ...cookie(tokenOf(manager)), ...foreign }), 'cookie').to.equal(403);
        expect(await statusOf(foreign), 'no token').to.equal(403);
        expect(await statusOf(bearer(tokenOf(manager))), 'no Origin').to.equal(200);
        expect(await statusOf({ ...bearer(tokenOf(manager)), 'Sec-Fetch-Site': 'none' }), 'no Origin').to.equal(200);
      });
    }
  });
});

/** What the developer is told, by what the request says. */
const causes: Record<string, [headers: Record<string, string>, cause: RegExp]> = {
  'that a page of another site may be added to trustedOrigins': [
    foreign,
    /^Origin is "https:\/\/evil\.example", Sec-Fetch-Site is "cross-site", the request's own origin is "http:\/\/app\.example\.com"; if a page of https:\/\/evil\.example may send this request, add it to trustedOrigins$/,
  ],
  'that a proxy which speaks https must be trusted': [{ Origin: 'https://app.example.com' }, /trust proxy.*app\.proxy/],
  'that a proxy which changes the host must be trusted': [
    { Host: '10.0.0.1:3000', 'X-Forwarded-Host': 'app.example.com', Origin: 'https://app.example.com' },
    /own origin is "http:\/\/10\.0\.0\.1:3000"; .*trust proxy/,
  ],
  'that localhost and 127.0.0.1 are two origins': [
    { Host: '127.0.0.1:3000', Origin: 'http://localhost:3000' },
    /localhost, 127\.0\.0\.1 and \[::1\] are different origins/,
  ],
  'that a page without an origin cannot be trusted': [{ Origin: 'null' }, /Origin is "null".*cannot be trusted/],
};

describe('the cause of a CrossOriginError tells the developer', () => {
  onEachServer((start, framework) => {
    for (const [name, [headers, cause]] of Object.entries(causes)) {
      it(`${name}, and nothing of it is in the response`, async () => {
        manager = managerOf({ useCookie: true });
        let caught: unknown;
        const { client } = await start({
          manager,
          controllers: [Routes],
          defaultErrorHandler: false,
          ...ownErrorHandling(framework, (error) => {
            caught = error;
            return { status: error.httpCode, body: error };
          }),
        });
        const { text, status } = await client
          .post('/notes')
          .set({ Host: 'app.example.com', ...cookie(tokenOf(manager)), ...headers });
        expect(status).to.equal(403);
        expect(caught).to.be.an.instanceOf(CrossOriginError);
        expect(((caught as Error).cause as Error).message).to.match(cause);
        expect(text).not.to.match(/origin is|trustedOrigins|proxy/);
      });
    }
  });
});
