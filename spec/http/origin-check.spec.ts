import { expect } from 'chai';
import { CrossOriginError } from '../../src/errors/cross-origin-error';
import { OriginCheck, type OriginCheckMode } from '../../src/http/origin-check';
import { RequestContext } from '../../src/http/request-context';
import type { TokenLocation } from '../../src/http/token-extractor';
import { thrownBy } from '../support/rejection';

interface Sent {
  method?: string | undefined;
  secure?: boolean;
  headers?: Record<string, string>;
}

function contextOf({ method = 'POST', secure = true, headers = {} }: Sent): RequestContext {
  return RequestContext.fromRequest({ method, secure, headers: { host: 'app.example.com', ...headers } } as never);
}

const OWN = { origin: 'https://app.example.com' };
const FOREIGN = { origin: 'https://evil.example' };

describe('a request that the cookie authenticates', () => {
  const check = new OriginCheck(['https://friend.example']);
  const verdict = (sent: Sent, location: TokenLocation | undefined = 'cookie') =>
    check.refuses(contextOf(sent), location) ? 'refused' : 'accepted';

  for (const [name, sent, expected] of [
    ['from a page of the application', { headers: OWN }, 'accepted'],
    ['from a trusted origin', { headers: { origin: 'https://friend.example' } }, 'accepted'],
    [
      'from a trusted origin that the browser calls cross-site',
      { headers: { origin: 'https://friend.example', 'sec-fetch-site': 'cross-site' } },
      'accepted',
    ],
    ['from a foreign page', { headers: FOREIGN }, 'refused'],
    ['from a page of another scheme', { headers: { origin: 'http://app.example.com' } }, 'refused'],
    ['from a page of another port', { headers: { origin: 'https://app.example.com:8443' } }, 'refused'],
    ['from a sandboxed page', { headers: { origin: 'null' } }, 'refused'],
    ['without any of the headers, as of a program', {}, 'accepted'],
    ['that the browser calls of the same origin', { headers: { 'sec-fetch-site': 'same-origin' } }, 'accepted'],
    ['that the user began', { headers: { 'sec-fetch-site': 'none' } }, 'accepted'],
    ['that the browser calls of the same site', { headers: { 'sec-fetch-site': 'same-site' } }, 'refused'],
    ['that the browser calls cross-site', { headers: { 'sec-fetch-site': 'cross-site' } }, 'refused'],
    [
      'that the browser calls cross-site, with an origin like the own',
      { headers: { ...OWN, 'sec-fetch-site': 'cross-site' } },
      'refused',
    ],
    [
      'that the browser calls of the same origin, behind a proxy that is not trusted',
      { secure: false, headers: { ...OWN, 'sec-fetch-site': 'same-origin' } },
      'accepted',
    ],
  ] as [string, Sent, string][]) {
    it(`is ${expected} ${name}`, () => {
      expect(verdict(sent)).to.equal(expected);
    });
  }

  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    it(`is accepted from anywhere with ${method}, which changes nothing`, () => {
      expect(verdict({ method, headers: FOREIGN })).to.equal('accepted');
    });
  }

  for (const method of ['PUT', 'PATCH', 'DELETE', 'get', '', undefined]) {
    it(`is refused from a foreign page with ${method === '' ? 'an empty method' : method}`, () => {
      const context = RequestContext.fromRequest({ method, headers: { ...FOREIGN, host: 'a' } } as never);
      expect(check.refuses(context, 'cookie')).to.equal(true);
    });
  }

  for (const upgrade of ['websocket', 'WebSocket', 'h2c, websocket']) {
    it(`is refused from a foreign page that opens a connection with ${upgrade}`, () => {
      const ask = (headers: Record<string, string>) => verdict({ method: 'GET', headers: { upgrade, ...headers } });
      expect(ask(FOREIGN)).to.equal('refused');
      expect(ask(OWN)).to.equal('accepted');
    });
  }

  it('is accepted from a foreign page that asks for another protocol', () => {
    expect(verdict({ method: 'GET', headers: { upgrade: 'h2c', ...FOREIGN } })).to.equal('accepted');
  });
});

describe('a request that no cookie authenticates', () => {
  it('is accepted from anywhere', () => {
    const check = new OriginCheck([]);
    for (const location of ['header', 'request', undefined] as const)
      expect(check.refuses(contextOf({ headers: FOREIGN }), location)).to.equal(false);
  });
});

describe('with originCheck: always', () => {
  const check = new OriginCheck(['https://friend.example'], 'always', 'https://api.example.com/v1');
  const refuses = (headers: Record<string, string>, location?: TokenLocation) =>
    check.refuses(contextOf({ method: 'GET', headers }), location);

  it('a request is refused from any origin but that of the resource and the trusted ones, whatever host it names', () => {
    expect(refuses({ origin: 'https://api.example.com' })).to.equal(false);
    expect(refuses({ origin: 'https://friend.example' })).to.equal(false);
    for (const headers of [
      OWN,
      FOREIGN,
      { origin: 'null' },
      { ...OWN, 'sec-fetch-site': 'same-origin' },
      { ...FOREIGN, host: 'evil.example' },
    ])
      for (const location of [undefined, 'header', 'cookie'] as const)
        expect(refuses(headers, location), `${headers.origin} ${location}`).to.equal(true);
  });

  it('a request without an origin is accepted, unless the cookie of a foreign page authenticates it', () => {
    expect(refuses({})).to.equal(false);
    expect(refuses({ 'sec-fetch-site': 'cross-site' }, 'header')).to.equal(false);
    const post = contextOf({ headers: { 'sec-fetch-site': 'cross-site' } });
    expect(check.refuses(post, 'cookie')).to.equal(true);
    expect(check.refuses(contextOf({}), 'cookie')).to.equal(false);
  });

  it('the own origin is that of the request, if no resource is named', () => {
    const own = new OriginCheck([], 'always');
    expect(own.refuses(contextOf({ headers: OWN }), undefined)).to.equal(false);
    expect(own.refuses(contextOf({ headers: FOREIGN }), undefined)).to.equal(true);
  });
});

it('a resource does not change what the cookie needs', () => {
  const check = new OriginCheck([], 'cookie', 'https://api.example.com');
  expect(check.refuses(contextOf({ headers: OWN }), 'cookie')).to.equal(false);
  expect(check.refuses(contextOf({ headers: { origin: 'https://api.example.com' } }), 'cookie')).to.equal(true);
});

describe('a request that is checked before there is a login', () => {
  it('is refused with an error, of which the manager learns', () => {
    const refused: unknown[] = [];
    const check = new OriginCheck([], 'cookie', undefined, (error, context) => refused.push(error, context));
    const context = contextOf({ headers: FOREIGN });
    const error = thrownBy(() => check.assertSameOrigin(context));
    expect(error).to.be.instanceOf(CrossOriginError);
    expect(refused[0]).to.equal(error);
    expect(refused[1]).to.equal(context);
  });

  it('is refused though nobody wants to learn of it', () => {
    expect(() => new OriginCheck([]).assertSameOrigin(contextOf({ headers: FOREIGN }))).to.throw(CrossOriginError);
  });

  it('passes from a page of the application, and with a token that no browser adds', () => {
    const check = new OriginCheck([]);
    check.assertSameOrigin(contextOf({ headers: OWN }));
    check.assertSameOrigin(contextOf({ headers: FOREIGN }), 'header');
  });
});

describe('the cause of a refusal', () => {
  const causeOf = (sent: Sent, resource?: string, mode?: OriginCheckMode) =>
    (new OriginCheck([], mode, resource).createError(contextOf(sent)).cause as Error).message;

  it('has what was compared', () => {
    expect(causeOf({ headers: { ...FOREIGN, 'sec-fetch-site': 'cross-site' } })).to.include(
      `Origin is "https://evil.example", Sec-Fetch-Site is "cross-site", the request's own origin is "https://app.example.com"`,
    );
    expect(causeOf({})).to.include('Origin is missing, Sec-Fetch-Site is missing, the');
    expect(causeOf({ headers: { host: '' } })).to.include("the request's own origin is missing");
    expect(causeOf({ headers: OWN }, 'https://api.example.com', 'always')).to.include(
      'own origin is "https://api.example.com"',
    );
  });

  it('has at most two hundred characters of a header', () => {
    expect(causeOf({ headers: { origin: 'x'.repeat(300) } })).to.include(`Origin is "${'x'.repeat(200)}", Sec`);
  });

  for (const [name, sent, advice] of [
    ['a proxy that changes the scheme', { secure: false, headers: OWN }, 'if a proxy is in front of the application'],
    [
      'a proxy that changes the host',
      { headers: { host: 'inner:3000', ...OWN, 'x-forwarded-host': 'app.example.com' } },
      'if a proxy is in front of the application',
    ],
    [
      'two names of the machine',
      { secure: false, headers: { host: '127.0.0.1:3000', origin: 'http://localhost:3000' } },
      'localhost, 127.0.0.1 and [::1] are different origins',
    ],
    [
      'two ports of the machine',
      { secure: false, headers: { host: '127.0.0.1:3000', origin: 'http://localhost:4000' } },
      'if a page of http://localhost:4000 may send this request, add it to trustedOrigins',
    ],
    [
      'the machine and another',
      { headers: { host: 'localhost', origin: 'https://evil.example' } },
      'if a page of https://evil.example may send this request',
    ],
    ['a foreign page', { headers: FOREIGN }, 'if a page of https://evil.example may send this request'],
    ['a page without an origin', { headers: { origin: 'null' } }, 'send the request from a page of the application'],
    ['no origin', { headers: { 'sec-fetch-site': 'cross-site' } }, 'send the request from a page of the application'],
    [
      'the own origin, which the browser calls cross-site',
      { headers: { ...OWN, 'sec-fetch-site': 'cross-site' } },
      'send the request from a page of the application',
    ],
  ] as [string, Sent, string][]) {
    it(`advises what to do about ${name}`, () => {
      expect(causeOf(sent)).to.include(advice);
    });
  }
});
