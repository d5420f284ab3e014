import { connect, createServer, type Http2Server, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import serverlessExpress from '@codegenie/serverless-express';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { expect } from 'chai';
import Koa from 'koa';
import {
  Authorized,
  BodyParam,
  CurrentUser,
  createParamDecorator,
  Get,
  JsonController,
  Post,
} from 'routing-controllers';
import serverless from 'serverless-http';
import type { LoginManager } from '../../src/manager/login-manager';
import { PasswordForm } from '../../src/oauth2/password-form';
import type { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import {
  type App,
  createApp,
  type Framework,
  frameworks,
  register,
  registerSecurely,
  type ServerKind,
} from '../support/servers';

const ContextOrResponse = () => createParamDecorator({ value: ({ context, response }) => context ?? response });

let manager: LoginManager<Account>;

@JsonController()
class Routes {
  @Post('/login')
  login(
    @PasswordForm() form: OAuth2PasswordRequestForm,
    @BodyParam('remember') remember: string,
    @ContextOrResponse() response: App,
  ) {
    manager.setCookie(response, tokenOf(manager, form.username));
    return { username: form.username, remember };
  }

  @Authorized()
  @Get('/me')
  me(@CurrentUser() account: Account) {
    return { email: account.email };
  }

  @Authorized()
  @Post('/me')
  change() {
    return {};
  }
}

interface Sent {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Record<string, unknown>;
}

/** Sends a request to an application, on whatever carries it. */
type Carrier = (app: App, request: Sent) => Promise<Answer>;

const firstOf = (value: unknown) => (Array.isArray(value) ? value[0] : value) as string | undefined;

function answerOf(result: {
  statusCode?: number;
  headers?: object;
  multiValueHeaders?: object;
  body?: string;
}): Answer {
  const entries = Object.entries({ ...result.headers, ...result.multiValueHeaders });
  const headers = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), firstOf(value)]));
  return { status: result.statusCode as number, headers, body: JSON.parse(result.body as string) };
}

/** What API Gateway hands to a function on Lambda. */
function eventOf({ method, path, headers = {}, body }: Sent, encoded: boolean): APIGatewayProxyEvent {
  const all = { Host: 'app.example.com', 'X-Forwarded-Proto': 'https', ...headers };
  return {
    httpMethod: method,
    path,
    resource: path,
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {} as APIGatewayProxyEvent['requestContext'],
    body: body === undefined ? null : encoded ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: encoded && body !== undefined,
  };
}

const serverlessHttp =
  (encoded: boolean): Carrier =>
  async (app, request) =>
    answerOf((await serverless(app)(eventOf(request, encoded), {})) as APIGatewayProxyResult);

const codegenie =
  (encoded: boolean): Carrier =>
  async (app, request) => {
    const handler = serverlessExpress({ app: app.callback?.() ?? app }) as unknown as (
      event: APIGatewayProxyEvent,
      context: Context,
    ) => Promise<APIGatewayProxyResult>;
    return answerOf(await handler(eventOf(request, encoded), {} as Context));
  };

const http2: Carrier = async (app: Koa, { method, path, headers = {}, body }) => {
  const server: Http2Server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const stream = session.request({ ':method': method, ':path': path, ...headers });
    stream.end(body);
    const answered = new Promise<IncomingHttpHeaders>((resolve, reject) => {
      stream.on('response', resolve).on('error', reject);
    });
    let text = '';
    stream.setEncoding('utf-8').on('data', (chunk) => {
      text += chunk;
    });
    await new Promise((resolve) => stream.on('close', resolve));
    const { ':status': statusCode, ...received } = await answered;
    return answerOf({ ...(statusCode && { statusCode: Number(statusCode) }), headers: received, body: text });
  } finally {
    session.close();
    server.close();
  }
};

const carriers: Record<string, [Carrier, readonly Framework[]]> = {
  'serverless-http': [serverlessHttp(false), frameworks],
  'serverless-http, with a body in base64': [serverlessHttp(true), frameworks],
  '@codegenie/serverless-express': [codegenie(false), frameworks],
  '@codegenie/serverless-express, with a body in base64': [codegenie(true), frameworks],
  'HTTP/2': [http2, ['Koa']],
};

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'Content-Type': 'application/json' };
const fields = { username: 'ada@example.com', password: 'p', remember: 'yes' };

for (const [carrier, [send, supported]] of Object.entries(carriers)) {
  describe(`on ${carrier}`, () => {
    for (const framework of supported) {
      for (const kind of ['own', 'secure'] as ServerKind[]) {
        describe(`${framework}, ${kind === 'own' ? "routing-controllers' server" : "the manager's server"}`, () => {
          let app: App;

          beforeEach(() => {
            manager = managerOf({ useCookie: true });
            app = createApp(framework);
            (kind === 'own' ? register : registerSecurely)(app, { manager, controllers: [Routes] });
          });

          for (const [name, headers, body] of [
            ['a form', FORM, new URLSearchParams(fields).toString()],
            ['JSON', JSON_BODY, JSON.stringify(fields)],
          ] as const) {
            it(`logs a user in by ${name}, whose further fields are there`, async () => {
              const answer = await send(app, { method: 'POST', path: '/login', headers: { ...headers }, body });
              expect([answer.status, answer.body]).to.deep.equal([
                200,
                { username: 'ada@example.com', remember: 'yes' },
              ]);
              expect(answer.headers['set-cookie']).to.match(/^access-token=ey/);
              expect(answer.headers['cache-control']).to.equal('no-store');
              expect(answer.headers.pragma).to.equal('no-cache');
            });
          }

          it('refuses a form without a password as RFC 6749 §5.2 says', async () => {
            const answer = await send(app, { method: 'POST', path: '/login', headers: FORM, body: 'username=ada' });
            expect([answer.status, answer.body.error]).to.deep.equal([400, 'invalid_request']);
          });

          // There koa-bodyparser has read it before, with a limit of its own.
          const hasOwnLimit = framework === 'Koa' && kind === 'own' && carrier !== 'HTTP/2';
          if (!hasOwnLimit) {
            it('refuses a form that is too large: 413', async () => {
              const body = `username=ada&password=${'x'.repeat(17 * 1024)}`;
              const answer = await send(app, { method: 'POST', path: '/login', headers: FORM, body });
              expect([answer.status, answer.body.error]).to.deep.equal([413, 'invalid_request']);
            });
          }

          it('authenticates by the header and by the cookie', async () => {
            for (const headers of [bearer(tokenOf(manager)), { Cookie: `access-token=${tokenOf(manager)}` }]) {
              const answer = await send(app, { method: 'GET', path: '/me', headers });
              expect([answer.status, answer.body]).to.deep.equal([200, { email: 'ada@example.com' }]);
            }
          });

          it('marks what the cookie authenticated as private', async () => {
            const headers = { Cookie: `access-token=${tokenOf(manager)}` };
            const answer = await send(app, { method: 'GET', path: '/me', headers });
            expect(answer.headers['cache-control']).to.equal('private, no-cache');
            expect(answer.headers.vary).to.match(/\bCookie\b/);
          });

          it('answers 401 with a challenge', async () => {
            const answer = await send(app, { method: 'GET', path: '/me' });
            expect([answer.status, answer.body.code]).to.deep.equal([401, 'token_missing']);
            expect(answer.headers['www-authenticate']).to.match(/^Bearer/);
          });

          it('holds the cookie to the origin check', async () => {
            const headers = { Cookie: `access-token=${tokenOf(manager)}`, Origin: 'https://evil.example' };
            const answer = await send(app, { method: 'POST', path: '/me', headers });
            expect([answer.status, answer.body.code]).to.deep.equal([403, 'cross_origin']);
          });
        });
      }
    }
  });
}

describe('the own origin of a request over HTTP/2', () => {
  it('is that of :authority', async () => {
    manager = managerOf({ useCookie: true });
    const app = createApp('Koa');
    registerSecurely(app, { manager, controllers: [Routes] });
    const headers = { Cookie: `access-token=${tokenOf(manager)}`, ':authority': 'app.example.com' };
    const from = async (Origin: string) =>
      (await http2(app, { method: 'POST', path: '/me', headers: { ...headers, Origin } })).status;
    expect(await from('http://app.example.com')).to.equal(200);
    expect(await from('http://evil.example')).to.equal(403);
  });

  it('is that of :authority for a handler that no framework serves', async () => {
    manager = managerOf({ useCookie: true });
    const server = createServer(async (request, response) => {
      const authentication = manager.authenticate(request as never);
      response.end(await authentication.then(({ user }) => user.email).catch(({ code }) => code));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const from = (Origin: string) =>
      new Promise<string>((resolve) => {
        const headers = { Cookie: `access-token=${tokenOf(manager)}`, ':authority': 'app.example.com', Origin };
        const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
        stream.setEncoding('utf-8').on('data', resolve);
        stream.end();
      });
    expect(await from('http://app.example.com')).to.equal('ada@example.com');
    expect(await from('http://evil.example')).to.equal('cross_origin');
    session.close();
    server.close();
  });
});
