import { expect } from 'chai';
import express from 'express';
import {
  Authorized,
  Body,
  Controller,
  CurrentUser,
  Get,
  Header,
  HttpCode,
  JsonController,
  Middleware,
  OnNull,
  Post,
  Res,
  UnauthorizedError,
  UseBefore,
} from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { InvalidClientError } from '../../src/errors/oauth2-error';
import { redirectTo } from '../../src/errors/redirect-to';
import { UserLoader } from '../../src/users/user-loader';
import { type Account, Accounts, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { type Call, KeepAliveClient } from '../support/keep-alive';
import { type App, nothingElse, onEachSecureServer, ownErrorHandling } from '../support/servers';
import { capturingStderr, silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const deny = async () => false;

class SlowAccounts {
  @UserLoader()
  async find(email: string) {
    return { email, admin: false };
  }
}

class Base {
  @Authorized()
  @Get('/login')
  login() {
    return { secret: true };
  }

  @Authorized('write')
  @Get('/scope')
  scope() {
    return { secret: true };
  }

  @Authorized(deny)
  @Get('/policy')
  policy() {
    return { secret: true };
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return account;
  }
}

@JsonController('/json')
class JsonRoutes extends Base {}

@Controller('/text')
class TextRoutes extends Base {}

class NotYou extends UnauthorizedError {
  constructor() {
    super('not you');
  }
}

function refusingClass(): App {
  return class {
    use(): void {
      throw new UnauthorizedError('not you');
    }
  };
}

@JsonController('/public')
class PublicRoutes {
  @Get('/error')
  error() {
    throw new UnauthorizedError('wrong password');
  }

  @Get('/status')
  status() {
    throw Object.assign(new Error('wrong password'), { status: 401 });
  }

  @Get('/rejection')
  async rejection() {
    throw new UnauthorizedError('wrong password');
  }

  @OnNull(NotYou)
  @Get('/null')
  null() {
    return null;
  }

  @UseBefore(refusingClass())
  @Get('/own')
  own() {
    return {};
  }

  @Public()
  @HttpCode(401)
  @Get('/code')
  code() {
    return {};
  }

  @Get('/client')
  client() {
    throw new InvalidClientError();
  }

  @Get('/response')
  response(@Res() response: App) {
    if (typeof response.status === 'function') response.status(401);
    else response.status = 401;
    return {};
  }
}

@JsonController('/header')
class WithHeader {
  @Authorized()
  @Header('X-Route', 'header')
  @Get()
  get() {
    return {};
  }
}

class WritingBase {
  @Authorized()
  @Post()
  write(@Body() body: object) {
    return body;
  }
}

@JsonController('/writing')
class Writing extends WritingBase {}

const heard: unknown[] = [];

@Middleware({ type: 'after' })
class Hearing {
  error(error: unknown, _request: App, _response: App, next: (error: unknown) => void): void {
    heard.push(error);
    next(error);
  }
}

interface Refused extends Call {
  name: string;
  status: number;
  code: string;
  challenge?: string;
}

describe('refusals of the secure servers', () => {
  const manager = managerOf();
  const headers = bearer(tokenOf(manager, 'ada@example.com', ['read']));
  const scope = 'Bearer error="insufficient_scope", scope="write"';
  const invalid = 'Bearer error="invalid_token"';
  const refusedRequests = (prefix: string): Refused[] => [
    { name: 'no token', path: `${prefix}/login`, status: 401, code: 'token_missing', challenge: 'Bearer' },
    {
      name: 'a bad token',
      path: `${prefix}/login`,
      headers: bearer('garbage'),
      status: 401,
      code: 'token_invalid',
      challenge: invalid,
    },
    {
      name: 'a missing scope',
      path: `${prefix}/scope`,
      headers,
      status: 403,
      code: 'insufficient_scope',
      challenge: scope,
    },
    { name: 'a policy', path: `${prefix}/policy`, headers, status: 403, code: 'policy_denied' },
    { name: 'a required user', path: `${prefix}/required`, status: 401, code: 'token_missing', challenge: 'Bearer' },
  ];
  const controllers = [JsonRoutes, TextRoutes, PublicRoutes];

  onEachSecureServer((start, framework) => {
    for (const { name, path, headers: sent = {}, status, code, challenge } of refusedRequests('/json')) {
      it(`${name} is answered as JSON with status, code and challenge`, async () => {
        const { client } = await start({ manager, controllers });
        const answer = await client.get(path).set(sent as Record<string, string>);
        expect(answer.status).to.equal(status);
        expect(answer.body).to.have.all.keys('name', 'message', 'code');
        expect(answer.body.code).to.equal(code);
        if (challenge)
          expect(answer.headers['www-authenticate']).to.satisfy((found: string) => found.startsWith(challenge));
        else expect(answer.headers).not.to.have.property('www-authenticate');
      });

      it(`${name} is answered as text without a trace`, async () => {
        const { client } = await start({ manager, controllers, development: true });
        const answer = await client.get(path.replace('json', 'text')).set(sent as Record<string, string>);
        expect(answer.status).to.equal(status);
        expect(answer.text).not.to.match(/\bat .*:\d+:\d+|node_modules|secret/);
      });

      it(`${name} goes to the application's own error handling where the default handler is off`, async () => {
        const errors: App[] = [];
        const { client } = await start({
          manager,
          controllers,
          defaultErrorHandler: false,
          ...ownErrorHandling(framework, (error) => {
            errors.push(error);
            return { status: error.status, body: { answered: 'by the application' } };
          }),
        });
        const answer = await client.get(path).set(sent as Record<string, string>);
        expect([answer.status, answer.body]).to.deep.equal([status, { answered: 'by the application' }]);
        expect(errors.map((error) => error.code)).to.deep.equal([code]);
        expect(answer.headers['www-authenticate']?.startsWith(challenge ?? '')).to.equal(challenge ? true : undefined);
      });
    }

    for (const defaultErrorHandler of [true, false]) {
      for (const request of [...refusedRequests('/json'), ...refusedRequests('/text')]) {
        it(`${request.name} at ${request.path} costs no connection, defaultErrorHandler ${defaultErrorHandler}`, async () => {
          const { url } = await start({ manager, controllers, defaultErrorHandler });
          const client = new KeepAliveClient(url);
          const statuses = new Set<number>();
          const written = await capturingStderr(async () => {
            for (let sent = 0; sent < 100; sent += 1) statuses.add((await client.send(request)).status);
          });
          client.close();
          expect([...statuses]).to.deep.equal([request.status]);
          expect(client.connections).to.equal(1);
          expect(written).to.equal('');
        });
      }

      it(`500 refusals cost no connection, and print nothing, defaultErrorHandler ${defaultErrorHandler}`, async () => {
        const { url } = await start({ manager, controllers, defaultErrorHandler });
        const client = new KeepAliveClient(url);
        let refused = 0;
        const written = await capturingStderr(async () => {
          for (let sent = 0; sent < 500; sent += 1) {
            if ((await client.send({ path: '/json/login' })).status === 401) refused += 1;
          }
        });
        client.close();
        expect([refused, client.connections, written]).to.deep.equal([500, 1, '']);
      });
    }

    if (framework !== 'Koa') {
      it('the "after" error middleware hears of each once', async () => {
        const { client } = await start({ manager, controllers, middlewares: [Hearing] });
        for (const { path, headers: sent = {}, code, status } of refusedRequests('/json')) {
          heard.length = 0;
          expect((await client.get(path).set(sent as Record<string, string>)).status).to.equal(status);
          expect(heard.map((error) => (error as { code: string }).code)).to.deep.equal([code]);
        }
      });
    }

    it("an OAuth 2 error of a public route's handler carries its own headers", async () => {
      const { client } = await start({ manager, controllers });
      const answer = await client.get('/public/client');
      expect(answer.status).to.equal(401);
      expect(answer.headers['www-authenticate']).to.match(/^Basic /);
      expect(answer.headers['cache-control']).to.equal('no-store');
      expect(answer.body.error).to.equal('invalid_client');
    });

    describe('a 401 of a public route has a challenge:', () => {
      silencingStderr();

      for (const [name, path] of [
        ['an UnauthorizedError that its handler throws', '/error'],
        ['one with which it rejects', '/rejection'],
        ['an error that @OnNull throws', '/null'],
        ['one that its own middleware throws', '/own'],
      ] as const) {
        it(name, async () => {
          const { client } = await start({ manager, controllers });
          const answer = await client.get(`/public${path}`);
          expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([401, 'Bearer']);
        });
      }

      it('an error with such a status, where the application answers', async () => {
        const { client } = await start({
          manager,
          controllers,
          defaultErrorHandler: false,
          ...ownErrorHandling(framework, ({ status }) => ({ status })),
        });
        const answer = await client.get('/public/status');
        expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([401, 'Bearer']);
      });

      for (const [name, path] of [
        ['a code that is no error', '/code'],
        ['a response whose status its handler sets', '/response'],
      ] as const) {
        it(name, async () => {
          const { client } = await start({ manager, controllers });
          const answer = await client.get(`/public${path}`);
          expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([401, 'Bearer']);
        });
      }
    });

    describe("the manager's exceptions", () => {
      class Locked extends Error {
        headers = { 'X-Lock': 'yes' };
      }

      it('may be errors of any class', async () => {
        const own = managerOf({ notAuthenticatedException: Locked, outOfScopeException: () => new Locked('no') });
        const { client } = await start({ manager: own, controllers });
        const refused = await client.get('/json/login');
        expect([refused.status, refused.headers['x-lock']]).to.deep.equal([401, 'yes']);
        expect((await client.get('/json/scope').set(bearer(tokenOf(own)))).status).to.equal(403);
      });

      for (const userLoader of [Accounts, SlowAccounts]) {
        it(`let nobody in, and are answered, where they cannot be shown: ${userLoader.name}`, async () => {
          const toJSON = () => {
            throw new Error('cannot be shown');
          };
          const own = managerOf({ userLoader, outOfScopeException: () => Object.assign(new Error('no'), { toJSON }) });
          const { client } = await start({ manager: own, controllers });
          const { status, text } = await client.get('/json/scope').set(bearer(tokenOf(own)));
          expect(status).to.be.at.least(400);
          expect(text).not.to.contain('secret');
        });
      }

      it('may send a browser to the login page', async () => {
        const own = managerOf({ notAuthenticatedException: redirectTo('/login') });
        const { client } = await start({ manager: own, controllers });
        const { status, headers: answered } = await client.get('/text/login');
        expect([status, answered.location]).to.deep.equal([303, '/login']);
      });
    });

    it('a foreign page is refused before its body is read', async () => {
      const own = managerOf({ useCookie: true });
      const { client } = await start({ manager: own, controllers: [Writing] });
      const sent = client.post('/writing').set({ ...cookie(tokenOf(own)), ...foreign });
      const { status, body } = await sent.type('json').send('{bad');
      expect([status, body.name]).to.deep.equal([403, 'CrossOriginError']);
    });

    if (framework !== 'Koa') {
      it('cost no connection in a router of an application, either', async () => {
        const router = express.Router();
        manager.useExpressServer(router, { ...nothingElse, controllers });
        const { url } = await start({
          manager,
          controllers: [WithHeader],
          before: (app) => app.use('/router', router),
        });
        const client = new KeepAliveClient(url);
        const written = await capturingStderr(async () => {
          for (let sent = 0; sent < 20; sent += 1) await client.send({ path: '/router/json/login' });
        });
        client.close();
        expect([client.connections, written]).to.deep.equal([1, '']);
      });
    }

    it('a refusal carries the headers of its route, as every error does', async () => {
      const { client } = await start({ manager, controllers: [WithHeader] });
      const { status, headers: answered } = await client.get('/header');
      expect([status, answered['x-route']]).to.deep.equal([401, 'header']);
    });
  });
});
