import { expect } from 'chai';
import { All, Authorized, JsonController } from 'routing-controllers';
import type { LoginManagerOptions } from '../../src/options';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { type App, onEachFramework, trustProxy } from '../support/servers';

@JsonController()
class Routes {
  @Authorized()
  @All('/notes')
  any() {
    return {};
  }
}

type Headers = Record<string, string>;

describe('a request that the cookie authenticates', () => {
  onEachFramework((start) => {
    const manager = managerOf({ useCookie: true, trustedOrigins: ['https://app.example.com'] });
    const startIt = (before: (app: App) => void = () => undefined) => start({ manager, controllers: [Routes], before });

    const allowed: Record<string, (own: string) => Headers> = {
      'with neither header (curl, mobile clients)': () => ({}),
      'of the own origin': (own) => ({ Origin: own }),
      'that the browser calls same-origin': () => ({ 'Sec-Fetch-Site': 'same-origin' }),
      "that the browser calls the user's own (none)": () => ({ 'Sec-Fetch-Site': 'none' }),
      'that the browser calls same-origin, though Origin is null': () => ({
        Origin: 'null',
        'Sec-Fetch-Site': 'same-origin',
      }),
      'of a trusted origin': () => ({ Origin: 'https://app.example.com' }),
      'of a trusted origin on another site': () => ({
        Origin: 'https://app.example.com',
        'Sec-Fetch-Site': 'cross-site',
      }),
    };

    for (const [name, headers] of Object.entries(allowed)) {
      it(`may post: ${name}`, async () => {
        const { client, url } = await startIt();
        const response = await client.post('/notes').set({ ...cookie(tokenOf(manager)), ...headers(url) });
        expect(response.status).to.equal(200);
      });
    }

    const refused: Record<string, (own: string) => Headers> = {
      'of another site': () => foreign,
      'of another site, from an older browser': () => ({ Origin: 'https://evil.example' }),
      'of another site, without Origin': () => ({ 'Sec-Fetch-Site': 'cross-site' }),
      'of another host of the site': () => ({ 'Sec-Fetch-Site': 'same-site' }),
      'of a word nobody knows': () => ({ 'Sec-Fetch-Site': 'same-origins' }),
      'of a word in other letters': () => ({ 'Sec-Fetch-Site': 'Same-Origin' }),
      'of the own origin, which the browser contradicts': (own) => ({ Origin: own, 'Sec-Fetch-Site': 'cross-site' }),
      'with Origin: null': () => ({ Origin: 'null' }),
      'with an empty Origin': () => ({ Origin: '' }),
      'of another port': () => ({ Origin: 'http://127.0.0.1:1' }),
      'of another scheme': (own) => ({ Origin: own.replace('http:', 'https:') }),
      'of an origin that begins as ours': (own) => ({ Origin: `${own}.evil.example` }),
      'of an origin that ends as ours': (own) => ({ Origin: own.replace('//', '//evil.example/') }),
      'of an origin that begins as a trusted one': () => ({ Origin: 'https://app.example.com.evil.example' }),
      'of two origins': (own) => ({ Origin: `${own} https://evil.example` }),
      'of a host that only the header of an untrusted proxy has': () => ({
        Origin: 'http://evil.example',
        'X-Forwarded-Host': 'evil.example',
      }),
      'of a scheme that only the header of an untrusted proxy has': (own) => ({
        Origin: own.replace('http:', 'https:'),
        'X-Forwarded-Proto': 'https',
      }),
    };

    for (const [name, headers] of Object.entries(refused)) {
      it(`may not post: ${name}`, async () => {
        const { client, url } = await startIt();
        const response = await client.post('/notes').set({ ...cookie(tokenOf(manager)), ...headers(url) });
        expect(response.status).to.equal(403);
        expect(response.body.code).to.equal('cross_origin');
      });
    }

    for (const method of ['put', 'patch', 'delete'] as const) {
      it(`is under the same rule with ${method.toUpperCase()}`, async () => {
        const { client } = await startIt();
        expect((await client[method]('/notes').set({ ...cookie(tokenOf(manager)), ...foreign })).status).to.equal(403);
        expect((await client[method]('/notes').set(cookie(tokenOf(manager)))).status).to.equal(200);
      });
    }

    for (const method of ['get', 'head', 'options'] as const) {
      it(`may come from anywhere with ${method.toUpperCase()}, which changes nothing`, async () => {
        const { client } = await startIt();
        expect((await client[method]('/notes').set({ ...cookie(tokenOf(manager)), ...foreign })).status).to.equal(200);
        expect((await client[method]('/notes').set(foreign)).status).to.equal(401);
      });
    }

    it('is one with another scheme in the header, too', async () => {
      const { client } = await startIt();
      const headers = { ...cookie(tokenOf(manager)), ...foreign, Authorization: 'Basic YTpi' };
      expect((await client.post('/notes').set(headers)).status).to.equal(403);
    });

    it('is none with a token in the header, which no browser adds by itself', async () => {
      const { client } = await startIt();
      const headers = { ...bearer(tokenOf(manager)), ...foreign };
      expect((await client.post('/notes').set(headers)).status).to.equal(200);
      expect((await client.post('/notes').set({ ...headers, ...cookie(tokenOf(manager)) })).status).to.equal(200);
    });

    it('is none where its token is not good: 401', async () => {
      const { client } = await startIt();
      expect((await client.post('/notes').set({ ...cookie('garbage'), ...foreign })).status).to.equal(401);
    });

    describe('behind a proxy that is trusted', () => {
      const statusFrom = async (headers: Headers) => {
        const { client } = await startIt(trustProxy);
        return (await client.post('/notes').set({ ...cookie(tokenOf(manager)), ...headers })).status;
      };
      const forwarded = { 'X-Forwarded-Host': 'shop.example', 'X-Forwarded-Proto': 'https' };

      it('has the origin that the proxy was asked for', async () => {
        expect(await statusFrom({ ...forwarded, Origin: 'https://shop.example' })).to.equal(200);
        expect(await statusFrom({ ...forwarded, Origin: 'http://shop.example' })).to.equal(403);
        expect(await statusFrom({ ...forwarded, Origin: 'https://evil.example' })).to.equal(403);
      });

      it('has its port, too', async () => {
        const headers = { ...forwarded, 'X-Forwarded-Host': 'shop.example:8443' };
        expect(await statusFrom({ ...headers, Origin: 'https://shop.example:8443' })).to.equal(200);
        expect(await statusFrom({ ...headers, Origin: 'https://shop.example' })).to.equal(403);
      });

      it('has the default port of its scheme, though it be written out', async () => {
        const headers = { ...forwarded, 'X-Forwarded-Host': 'shop.example:443' };
        expect(await statusFrom({ ...headers, Origin: 'https://shop.example' })).to.equal(200);
      });

      it('has the first host of several proxies', async () => {
        const headers = { ...forwarded, 'X-Forwarded-Host': 'shop.example, inner.example' };
        expect(await statusFrom({ ...headers, Origin: 'https://shop.example' })).to.equal(200);
        expect(await statusFrom({ ...headers, Origin: 'https://inner.example' })).to.equal(403);
      });

      it('no longer has the origin that the proxy asks for', async () => {
        const { client, url } = await startIt(trustProxy);
        const headers = { ...cookie(tokenOf(manager)), ...forwarded, Origin: url };
        expect((await client.post('/notes').set(headers)).status).to.equal(403);
      });

      it('has the Host header where the proxy forwards nothing', async () => {
        expect(await statusFrom({ Host: 'shop.example', Origin: 'http://shop.example' })).to.equal(200);
      });

      it('comes from nowhere where the host is no host', async () => {
        const headers = { ...forwarded, 'X-Forwarded-Host': 'no host at all', Origin: 'https://shop.example' };
        expect(await statusFrom(headers)).to.equal(403);
      });
    });
  });
});

describe('the cookie of a request', () => {
  onEachFramework((start) => {
    for (const useHeader of [true, false]) {
      it(`is under the rule with useHeader ${useHeader}`, async () => {
        const options: LoginManagerOptions<Account> = { useCookie: true, useHeader };
        const manager = managerOf(options);
        const { client } = await start({ manager, controllers: [Routes] });
        const headers = { ...cookie(tokenOf(manager)), ...foreign, ...bearer('garbage') };
        expect((await client.post('/notes').set(headers)).status).to.equal(useHeader ? 401 : 403);
      });
    }
  });
});
