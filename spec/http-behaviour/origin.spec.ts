import { expect } from 'chai';
import { All, Authorized, JsonController } from 'routing-controllers';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { onEachServer, type RunningServer, sharedServer, trustProxy } from '../support/servers';

@JsonController()
class Routes {
  @Authorized()
  @All('/notes')
  any() {
    return {};
  }
}

type Rows = Record<string, Record<string, string>>;

/** Sent by POST with the cookie to http://app.example.com; https://other.example is the trusted origin. */
const accepted: Rows = {
  'without Origin and Sec-Fetch-Site (curl, mobile clients)': {},
  'that the browser calls same-origin': { 'Sec-Fetch-Site': 'same-origin' },
  "that the browser calls the user's own (none)": { 'Sec-Fetch-Site': 'none' },
  'that the browser calls same-origin, even with another Origin': {
    'Sec-Fetch-Site': 'same-origin',
    Origin: 'http://evil.example',
  },
  'that the browser calls same-origin, even with Origin null': { 'Sec-Fetch-Site': 'same-origin', Origin: 'null' },
  'from a trusted origin': { Origin: 'https://other.example' },
  'from a trusted origin on another site': { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://other.example' },
  'from a trusted origin on the same site': { 'Sec-Fetch-Site': 'same-site', Origin: 'https://other.example' },
  'from its own origin': { Origin: 'http://app.example.com' },
  'from its own origin, if Host has the default port': { Host: 'app.example.com:80', Origin: 'http://app.example.com' },
  'from its own origin, if Host is in capitals': { Host: 'APP.example.com', Origin: 'http://app.example.com' },
  'from its own origin with a port': { Host: 'app.example.com:8080', Origin: 'http://app.example.com:8080' },
  'from its own IPv4 address': { Host: '127.0.0.1:3000', Origin: 'http://127.0.0.1:3000' },
  'from its own IPv6 address': { Host: '[::1]:3000', Origin: 'http://[::1]:3000' },
  'with a foreign Referer, which says nothing': { Referer: 'http://evil.example/' },
};

const refused: Rows = {
  'from another site': foreign,
  'from another site, if the browser sends no Origin': { 'Sec-Fetch-Site': 'cross-site' },
  'from another site, if the browser sends only Origin': { Origin: 'https://evil.example' },
  'from another host of the site': { 'Sec-Fetch-Site': 'same-site' },
  'with an empty Sec-Fetch-Site': { 'Sec-Fetch-Site': '' },
  'with Sec-Fetch-Site in other letters': { 'Sec-Fetch-Site': 'Same-Origin' },
  'with two words in Sec-Fetch-Site': { 'Sec-Fetch-Site': 'same-origin, cross-site' },
  'with a word in Sec-Fetch-Site that begins like a good one': { 'Sec-Fetch-Site': 'same-origins' },
  'with an unknown word in Sec-Fetch-Site': { 'Sec-Fetch-Site': 'something-new' },
  'from its own origin that the browser calls same-site': {
    'Sec-Fetch-Site': 'same-site',
    Origin: 'http://app.example.com',
  },
  'from its own origin that the browser calls cross-site': {
    'Sec-Fetch-Site': 'cross-site',
    Origin: 'http://app.example.com',
  },
  'from another site with Origin null': { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' },
  'with another scheme': { Origin: 'https://app.example.com' },
  'with another port': { Origin: 'http://app.example.com:8080' },
  'with the default port of another scheme': { Host: 'app.example.com:443', Origin: 'http://app.example.com' },
  'from another host': { Origin: 'http://evil.example' },
  'from a subdomain': { Origin: 'http://sub.app.example.com' },
  'from an origin that begins like its own': { Origin: 'http://app.example.com.evil.example' },
  'from an origin that ends like its own': { Origin: 'http://evil.example/app.example.com' },
  'with a slash after the origin': { Origin: 'http://app.example.com/' },
  'with an origin without a scheme': { Origin: 'app.example.com' },
  'with Origin null': { Origin: 'null' },
  'with Origin null, even with its own Referer': { Origin: 'null', Referer: 'http://app.example.com/' },
  'with an empty Origin': { Origin: '' },
  'with the Origin http://undefined': { Origin: 'http://undefined' },
  'with two origins': { Origin: 'http://app.example.com https://evil.example' },
  'from a trusted origin with another scheme': { Origin: 'http://other.example' },
  'from a trusted origin with another port': { Origin: 'https://other.example:444' },
  'from a subdomain of a trusted origin': { Origin: 'https://sub.other.example' },
  'from an origin that begins like a trusted one': { Origin: 'https://other.example.evil.example' },
  'with a trusted origin and its own': { Origin: 'https://other.example, http://app.example.com' },
  'with the scheme of an untrusted proxy': { 'X-Forwarded-Proto': 'https', Origin: 'https://app.example.com' },
  'with the host of an untrusted proxy': { 'X-Forwarded-Host': 'evil.example', Origin: 'http://evil.example' },
  'with the host of a Forwarded header': { Forwarded: 'host=evil.example', Origin: 'http://evil.example' },
};

const forwarded = {
  Host: '10.0.0.1:3000',
  'X-Forwarded-Host': 'app.example.com',
  'X-Forwarded-Proto': 'https',
};

const acceptedBehindProxy: Rows = {
  'from the origin that the proxy was asked for': { ...forwarded, Origin: 'https://app.example.com' },
  'with its default port': {
    ...forwarded,
    'X-Forwarded-Host': 'app.example.com:443',
    Origin: 'https://app.example.com',
  },
  'with its port': {
    ...forwarded,
    'X-Forwarded-Host': 'app.example.com:8443',
    Origin: 'https://app.example.com:8443',
  },
  'with the first host of several proxies': {
    ...forwarded,
    'X-Forwarded-Host': 'app.example.com, 10.0.0.2',
    Origin: 'https://app.example.com',
  },
  'with the Host header, if the proxy forwards only the scheme': {
    'X-Forwarded-Proto': 'https',
    Origin: 'https://app.example.com',
  },
  'with the Host header, if the proxy forwards nothing': { Origin: 'http://app.example.com' },
};

const refusedBehindProxy: Rows = {
  'with another scheme than the proxy was asked for': { ...forwarded, Origin: 'http://app.example.com' },
  'with another scheme, if the proxy forwards only the scheme': {
    'X-Forwarded-Proto': 'https',
    Origin: 'http://app.example.com',
  },
  'from another site': { ...forwarded, Origin: 'https://evil.example' },
  'without the port that the proxy was asked for': {
    ...forwarded,
    'X-Forwarded-Host': 'app.example.com:8443',
    Origin: 'https://app.example.com',
  },
  'with the second host of several proxies': {
    ...forwarded,
    'X-Forwarded-Host': 'app.example.com, inner.example',
    Origin: 'https://inner.example',
  },
  'from the origin that the proxy asks for': { ...forwarded, Origin: 'http://10.0.0.1:3000' },
  'from the host that the proxy asks for': { ...forwarded, Origin: 'https://10.0.0.1:3000' },
  'with a forwarded host that is none': {
    ...forwarded,
    'X-Forwarded-Host': 'no host at all',
    Origin: 'https://app.example.com',
  },
};

describe('the origin check of the cookie', () => {
  onEachServer((start) => {
    const manager = managerOf({ useCookie: true, trustedOrigins: ['https://other.example'] });
    const token = tokenOf(manager);
    const server = sharedServer(() => start({ manager, controllers: [Routes] }));
    const behindProxy = sharedServer(() => start({ manager, controllers: [Routes], before: trustProxy }));

    const verdicts = (rows: Rows, status: 200 | 403, to: () => RunningServer, where = '') => {
      for (const [name, headers] of Object.entries(rows)) {
        it(`${status === 200 ? 'accepts' : 'refuses'} a POST ${name}${where}`, async () => {
          const sent = { Host: 'app.example.com', ...cookie(token), ...headers };
          const response = await to().client.post('/notes').set(sent);
          expect([response.status, response.body.code]).to.deep.equal([
            status,
            status === 200 ? undefined : 'cross_origin',
          ]);
          expect(response.headers).not.to.have.property('www-authenticate');
        });
      }
    };

    verdicts(accepted, 200, server);
    verdicts(refused, 403, server);
    verdicts(acceptedBehindProxy, 200, behindProxy, ', behind a trusted proxy');
    verdicts(refusedBehindProxy, 403, behindProxy, ', behind a trusted proxy');

    for (const method of ['put', 'patch', 'delete'] as const) {
      it(`refuses a foreign ${method.toUpperCase()} and accepts one that is not`, async () => {
        const { client } = server();
        expect((await client[method]('/notes').set({ ...cookie(token), ...foreign })).status).to.equal(403);
        expect((await client[method]('/notes').set(cookie(token))).status).to.equal(200);
      });
    }

    for (const method of ['get', 'head', 'options'] as const) {
      it(`lets a ${method.toUpperCase()} come from anywhere, because it changes nothing`, async () => {
        const { client } = server();
        expect((await client[method]('/notes').set({ ...cookie(token), ...foreign })).status).to.equal(200);
        expect((await client[method]('/notes').set(foreign)).status).to.equal(401);
      });
    }

    const presented: Record<string, [status: number, headers: Record<string, string>]> = {
      '403 if the header has another scheme': [403, { ...cookie(token), Authorization: 'Basic YTpi' }],
      '200 if the token is in the header, which no browser adds by itself': [200, bearer(token)],
      '200 if the token is in both': [200, { ...bearer(token), ...cookie(token) }],
      '401 if there is no token': [401, {}],
      '401 if the token in the cookie is invalid': [401, cookie('garbage')],
      '401 if the token in the header is invalid': [401, { ...cookie(token), ...bearer('garbage') }],
    };

    for (const [name, [status, headers]] of Object.entries(presented)) {
      it(`answers a foreign POST with ${name}`, async () => {
        const { client } = server();
        expect((await client.post('/notes').set({ ...headers, ...foreign })).status).to.equal(status);
      });
    }

    it('refuses a foreign POST with useHeader: false, whatever the header says', async () => {
      const cookieOnly = managerOf({ useCookie: true, useHeader: false });
      const { client } = await start({ manager: cookieOnly, controllers: [Routes] });
      const headers = { ...cookie(tokenOf(cookieOnly)), ...foreign, ...bearer('garbage') };
      expect((await client.post('/notes').set(headers)).status).to.equal(403);
    });
  });
});
