import { expect } from 'chai';
import type { Application } from 'express';
import type Koa from 'koa';
import { managerOf, tokenOf } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { bearer, cookie } from '../support/http';
import { type App, type Framework, onEachFramework } from '../support/servers';

type Case = [verdict: 'own' | 'foreign', headers: Record<string, string>];

/** Sent with the cookie and POST, to app.example.com on http; other.example is the trusted origin. */
const cases: Case[] = [
  // curl, mobile clients
  ['own', {}],
  // browsers that say where the page is
  ['own', { 'Sec-Fetch-Site': 'same-origin' }],
  ['own', { 'Sec-Fetch-Site': 'none' }],
  ['foreign', { 'Sec-Fetch-Site': 'same-site' }],
  ['foreign', { 'Sec-Fetch-Site': 'cross-site' }],
  ['foreign', { 'Sec-Fetch-Site': '' }],
  ['foreign', { 'Sec-Fetch-Site': 'Same-Origin' }],
  ['foreign', { 'Sec-Fetch-Site': 'same-origin, cross-site' }],
  ['foreign', { 'Sec-Fetch-Site': 'something-new' }],
  // their word holds, whatever Origin says
  ['own', { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://evil.example' }],
  ['own', { 'Sec-Fetch-Site': 'same-origin', Origin: 'null' }],
  ['foreign', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://app.example.com' }],
  ['foreign', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://app.example.com' }],
  ['foreign', { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' }],
  // but for an origin that is trusted
  ['own', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://other.example' }],
  ['own', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://other.example' }],
  ['own', { Origin: 'https://other.example' }],
  ['foreign', { Origin: 'http://other.example' }],
  ['foreign', { Origin: 'https://other.example:444' }],
  ['foreign', { Origin: 'https://sub.other.example' }],
  ['foreign', { Origin: 'https://other.example.evil.example' }],
  ['foreign', { Origin: 'https://other.example, http://app.example.com' }],
  // browsers that do not
  ['own', { Origin: 'http://app.example.com' }],
  ['foreign', { Origin: 'https://app.example.com' }],
  ['foreign', { Origin: 'http://app.example.com:8080' }],
  ['foreign', { Origin: 'http://evil.example' }],
  ['foreign', { Origin: 'http://sub.app.example.com' }],
  ['foreign', { Origin: 'http://app.example.com.evil.example' }],
  ['foreign', { Origin: 'http://app.example.com/' }],
  ['foreign', { Origin: 'app.example.com' }],
  ['foreign', { Origin: 'null' }],
  ['foreign', { Origin: '' }],
  ['foreign', { Origin: 'http://undefined' }],
  // the Referer says nothing
  ['foreign', { Origin: 'null', Referer: 'http://app.example.com/' }],
  ['own', { Referer: 'http://evil.example/' }],
  // default ports, capitals, and other ports
  ['own', { Host: 'app.example.com:80', Origin: 'http://app.example.com' }],
  ['own', { Host: 'APP.example.com', Origin: 'http://app.example.com' }],
  ['own', { Host: 'app.example.com:8080', Origin: 'http://app.example.com:8080' }],
  ['foreign', { Host: 'app.example.com:443', Origin: 'http://app.example.com' }],
  ['own', { Host: '[::1]:3000', Origin: 'http://[::1]:3000' }],
  // what no trusted proxy says
  ['foreign', { 'X-Forwarded-Proto': 'https', Origin: 'https://app.example.com' }],
  ['foreign', { 'X-Forwarded-Host': 'evil.example', Origin: 'http://evil.example' }],
  ['foreign', { Forwarded: 'host=evil.example', Origin: 'http://evil.example' }],
];

/** To an application behind a proxy that it trusts; the public name is app.example.com on https. */
const behindProxy: Case[] = [
  [
    'own',
    {
      Host: '10.0.0.1:3000',
      'X-Forwarded-Host': 'app.example.com',
      'X-Forwarded-Proto': 'https',
      Origin: 'https://app.example.com',
    },
  ],
  [
    'own',
    {
      Host: '10.0.0.1:3000',
      'X-Forwarded-Host': 'app.example.com:443',
      'X-Forwarded-Proto': 'https',
      Origin: 'https://app.example.com',
    },
  ],
  [
    'own',
    {
      Host: '10.0.0.1:3000',
      'X-Forwarded-Host': 'app.example.com:8443',
      'X-Forwarded-Proto': 'https',
      Origin: 'https://app.example.com:8443',
    },
  ],
  ['own', { Host: 'app.example.com', 'X-Forwarded-Proto': 'https', Origin: 'https://app.example.com' }],
  [
    'own',
    {
      'X-Forwarded-Host': 'app.example.com, 10.0.0.2',
      'X-Forwarded-Proto': 'https',
      Origin: 'https://app.example.com',
    },
  ],
  ['foreign', { Host: 'app.example.com', 'X-Forwarded-Proto': 'https', Origin: 'http://app.example.com' }],
  [
    'foreign',
    {
      Host: '10.0.0.1:3000',
      'X-Forwarded-Host': 'app.example.com',
      'X-Forwarded-Proto': 'https',
      Origin: 'https://10.0.0.1:3000',
    },
  ],
  [
    'foreign',
    {
      Host: '10.0.0.1:3000',
      'X-Forwarded-Host': 'app.example.com',
      'X-Forwarded-Proto': 'https',
      Origin: 'https://evil.example',
    },
  ],
];

function trustProxy(framework: Framework): (app: App) => void {
  return (app) => {
    if (framework === 'Koa') (app as Koa).proxy = true;
    else (app as Application).set('trust proxy', true);
  };
}

const describeCase = ([verdict, headers]: Case) =>
  `takes ${JSON.stringify(headers)} for ${verdict === 'own' ? 'its own' : 'foreign'}`;

describe('an unsafe request with the cookie', () => {
  onEachFramework((start, framework) => {
    const manager = managerOf({ useCookie: true, trustedOrigins: ['https://other.example'] });
    const token = tokenOf(manager);

    for (const [verdict, headers] of cases) {
      it(describeCase([verdict, headers]), async () => {
        const { client } = await start({ manager, controllers: [GuardedRoute] });
        const response = await client.post('/me').set({ Host: 'app.example.com', ...cookie(token), ...headers });
        expect([response.status, response.body.code]).to.deep.equal(
          verdict === 'own' ? [200, undefined] : [403, 'cross_origin'],
        );
        expect(response.headers).not.to.have.property('www-authenticate');
      });
    }

    for (const [verdict, headers] of behindProxy) {
      it(`behind a trusted proxy ${describeCase([verdict, headers])}`, async () => {
        const { client } = await start({ manager, controllers: [GuardedRoute], before: trustProxy(framework) });
        const response = await client.post('/me').set({ Host: 'app.example.com', ...cookie(token), ...headers });
        expect(response.status).to.equal(verdict === 'own' ? 200 : 403);
      });
    }

    const foreign = { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' };

    it('is judged only where the cookie authenticates it', async () => {
      const { client } = await start({ manager, controllers: [GuardedRoute] });
      expect((await client.post('/me').set({ ...bearer(token), ...foreign })).status, 'header').to.equal(200);
      expect(
        (await client.post('/me').set({ ...bearer(token), ...cookie(token), ...foreign })).status,
        'both',
      ).to.equal(200);
      expect((await client.post('/me').set(foreign)).status, 'neither').to.equal(401);
    });

    it('with an invalid token is 401: whoever sent it, nobody is logged in', async () => {
      const { client } = await start({ manager, controllers: [GuardedRoute] });
      expect((await client.post('/me').set({ ...cookie('garbage'), ...foreign })).status).to.equal(401);
    });

    it('is another matter than a safe one', async () => {
      const { client } = await start({ manager, controllers: [GuardedRoute] });
      expect((await client.get('/me').set({ ...cookie(token), ...foreign })).status, 'GET').to.equal(200);
      expect((await client.head('/me').set({ ...cookie(token), ...foreign })).status, 'HEAD').to.equal(200);
    });
  });
});
