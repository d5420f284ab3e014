import { expect } from 'chai';
import { createParamDecorator, JsonController, Post } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { type App, onEachServer } from '../support/servers';

const ContextOrResponse = () => createParamDecorator({ value: ({ context, response }) => context ?? response });

let manager: LoginManager<Account>;

@JsonController()
class Routes {
  @Post('/login')
  login(@ContextOrResponse() response: App) {
    manager.setCookie(response, tokenOf(manager));
    return {};
  }

  @Post('/logout')
  logout(@ContextOrResponse() response: App) {
    manager.clearCookie(response);
    return {};
  }
}

/** What says that the browser uses https, although the request came to `localhost` by http. No proxy is trusted. */
const saysHttps: Record<string, Record<string, string>> = {
  'the page (Origin)': { Origin: 'https://app.example.com' },
  'a proxy (X-Forwarded-Proto)': { 'X-Forwarded-Proto': 'https' },
  'the first of several proxies': { 'X-Forwarded-Proto': 'https, http' },
  'a proxy (Forwarded)': { Forwarded: 'for=192.0.2.1;proto=https;host=app.example.com' },
  'a proxy in capitals': { 'X-Forwarded-Proto': 'HTTPS' },
  'a proxy (X-Forwarded-Protocol)': { 'X-Forwarded-Protocol': 'https' },
  'a proxy (X-Forwarded-Scheme)': { 'X-Forwarded-Scheme': 'https' },
  'a proxy (X-Url-Scheme)': { 'X-Url-Scheme': 'https' },
  'a proxy (X-Forwarded-Ssl)': { 'X-Forwarded-Ssl': 'on' },
  'a proxy (Front-End-Https)': { 'Front-End-Https': 'On' },
};

const saysHttp: Record<string, Record<string, string>> = {
  nothing: {},
  'the page (Origin)': { Origin: 'http://localhost' },
  'a proxy (X-Forwarded-Proto)': { 'X-Forwarded-Proto': 'http' },
  'a proxy (Forwarded)': { Forwarded: 'proto=http;host=https.example' },
  'a proxy (X-Forwarded-Scheme)': { 'X-Forwarded-Scheme': 'http' },
  'a proxy (X-Forwarded-Ssl)': { 'X-Forwarded-Ssl': 'off' },
};

describe("under 'auto', on localhost, a cookie", () => {
  onEachServer((start) => {
    const isSecure = async (path: string, headers: Record<string, string>) => {
      manager = managerOf({ useCookie: true, trustedOrigins: ['https://app.example.com'] });
      const { client } = await start({ manager, controllers: [Routes] });
      const response = await client.post(path).set({ Host: 'localhost', ...headers });
      return /; Secure/.test(response.headers['set-cookie']?.[0] as string);
    };

    for (const [name, headers] of Object.entries(saysHttps)) {
      it(`keeps Secure if https is said by ${name}, as behind the default configuration of nginx`, async () => {
        expect(await isSecure('/login', headers)).to.equal(true);
        expect(await isSecure('/logout', headers)).to.equal(true);
      });
    }

    for (const [name, headers] of Object.entries(saysHttp)) {
      it(`is not Secure if http is said by ${name}`, async () => {
        expect(await isSecure('/login', headers)).to.equal(false);
      });
    }

    describe('in production', () => {
      const { NODE_ENV } = process.env;
      before(() => {
        process.env.NODE_ENV = 'production';
      });
      after(() => {
        if (NODE_ENV === undefined) delete process.env.NODE_ENV;
        else process.env.NODE_ENV = NODE_ENV;
      });

      it('is always Secure', async () => {
        expect(await isSecure('/login', {})).to.equal(true);
      });
    });
  });
});
