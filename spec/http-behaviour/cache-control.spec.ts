import { expect } from 'chai';
import {
  Authorized,
  CurrentUser,
  createParamDecorator,
  Get,
  Header,
  JsonController,
  OnUndefined,
  Post,
} from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { type App, onEachServer } from '../support/servers';

const RawResponse = () => createParamDecorator({ value: ({ response }) => response.res ?? response });
const ContextOrResponse = () => createParamDecorator({ value: ({ context, response }) => context ?? response });

let manager: LoginManager<Account>;

@JsonController()
class Routes {
  @Authorized()
  @Get('/me')
  me() {
    return {};
  }

  @Authorized()
  @Post('/me')
  change() {
    return {};
  }

  @Get('/page')
  page(@CurrentUser() account?: Account) {
    return { hello: account?.email };
  }

  @Authorized()
  @Header('Cache-Control', 'public, max-age=60')
  @Get('/logo')
  logo() {
    return {};
  }

  @Authorized()
  @Header('Vary', 'Accept-Encoding')
  @Get('/compressed')
  compressed() {
    return {};
  }

  @Authorized()
  @Header('Vary', '*')
  @Get('/varies')
  varies() {
    return {};
  }

  @Authorized()
  @Header('Vary', 'cookie, Accept')
  @Get('/varies-already')
  variesAlready() {
    return {};
  }

  @Authorized()
  @OnUndefined(404)
  @Get('/nothing')
  nothing() {}

  @Authorized(['admin'])
  @Get('/admin')
  admin() {
    return {};
  }

  @Authorized()
  @Get('/stream')
  async stream(@RawResponse() response: App) {
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    for (const part of ['a', 'b', 'c']) response.write(part);
    response.end();
    await new Promise((resolve) => response.on('close', resolve));
    return response;
  }

  @Authorized()
  @Get('/own-head')
  async ownHead(@RawResponse() response: App) {
    response.writeHead(200, { 'Cache-Control': 'public, max-age=5' });
    response.end('x');
    await new Promise((resolve) => response.on('close', resolve));
    return response;
  }

  @Get('/late')
  async late(@RawResponse() response: App) {
    response.writeHead(200);
    response.write('early');
    const { user } = await manager.authenticate(response.req);
    response.end(` ${user.email}`);
    await new Promise((resolve) => response.on('close', resolve));
    return response;
  }

  @Post('/login')
  @Header('Cache-Control', 'public, max-age=60')
  login(@ContextOrResponse() response: App) {
    manager.setCookie(response, tokenOf(manager));
    return {};
  }
}

describe('the Cache-Control of a response', () => {
  onEachServer((start, _, kind) => {
    const startWith = async (options: LoginManagerOptions<Account> = {}) => {
      manager = managerOf({ useCookie: true, trustedOrigins: [], ...options });
      return (await start({ manager, controllers: [Routes] })).client;
    };
    const headersOf = async (path: string, credentials?: () => object) => {
      const client = await startWith();
      const sent = (credentials?.() ?? cookie(tokenOf(manager))) as Record<string, string>;
      const { headers } = await client.get(path).set(sent);
      return [headers['cache-control'], headers.vary];
    };

    for (const path of ['/me', '/page', '/nothing', '/admin']) {
      it(`is private, with Vary: Cookie, to a request that the cookie authenticated: ${path}`, async () => {
        expect(await headersOf(path)).to.deep.equal(['private, no-cache', 'Cookie']);
      });
    }

    it('is private to a response that is streamed, whose body is whole', async () => {
      const client = await startWith();
      const { headers, text } = await client.get('/stream').set(cookie(tokenOf(manager)));
      expect([headers['cache-control'], headers.vary, text]).to.deep.equal(['private, no-cache', 'Cookie', 'abc']);
    });

    it('is left alone where the head has gone before the request is authenticated', async () => {
      const client = await startWith();
      const { headers, text } = await client.get('/late').set(cookie(tokenOf(manager)));
      // The manager's servers authenticate before the handler writes.
      const expected = kind === 'secure' ? 'private, no-cache' : undefined;
      expect([headers['cache-control'], text]).to.deep.equal([expected, 'early ada@example.com']);
    });

    it("is the application's own where it sets one, and Vary then too", async () => {
      expect(await headersOf('/logo')).to.deep.equal(['public, max-age=60', undefined]);
      expect(await headersOf('/own-head')).to.deep.equal(['public, max-age=5', undefined]);
    });

    it('adds to a Vary of the application, and repeats nothing', async () => {
      expect((await headersOf('/compressed'))[1]).to.equal('Accept-Encoding, Cookie');
      expect((await headersOf('/varies'))[1]).to.equal('*');
      expect((await headersOf('/varies-already'))[1]).to.equal('cookie, Accept');
    });

    it('is not set for a token in the header, a bad cookie, or nobody', async () => {
      expect(await headersOf('/me', () => bearer(tokenOf(manager)))).to.deep.equal([undefined, undefined]);
      expect(await headersOf('/page', () => cookie('garbage'))).to.deep.equal([undefined, undefined]);
      expect(await headersOf('/page', () => ({}))).to.deep.equal([undefined, undefined]);
    });

    it('is what the option says', async () => {
      const client = await startWith({ cacheControl: 'no-store' });
      const { headers } = await client.get('/me').set(cookie(tokenOf(manager)));
      expect([headers['cache-control'], headers.vary]).to.deep.equal(['no-store', 'Cookie']);
    });

    it('is not set with cacheControl: false, nor is Vary', async () => {
      const client = await startWith({ cacheControl: false });
      const { headers } = await client.get('/me').set(cookie(tokenOf(manager)));
      expect(headers).not.to.include.keys('cache-control');
      expect(headers).not.to.include.keys('vary');
    });

    for (const cacheControl of ['private, no-cache', false] as const) {
      it(`is no-store where a login cookie is set, whatever the route says, with cacheControl: ${cacheControl}`, async () => {
        const client = await startWith({ cacheControl });
        const { headers } = await client.post('/login');
        expect(headers['set-cookie']).to.have.length(1);
        expect(headers['cache-control']).to.equal('no-store');
      });
    }

    it('is not set for a foreign page that is refused', async () => {
      const client = await startWith();
      const { status, headers } = await client.post('/me').set({ ...cookie(tokenOf(manager)), ...foreign });
      expect([status, headers['cache-control']]).to.deep.equal([403, undefined]);
    });
  });
});
