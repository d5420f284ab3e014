import { expect } from 'chai';
import {
  type Action,
  Authorized,
  Controller,
  CurrentUser,
  Get,
  HttpError,
  JsonController,
  Post,
} from 'routing-controllers';
import { InsufficientScopeError } from '../../src/errors/insufficient-scope-error';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { redirectTo } from '../../src/errors/redirect-to';
import type { LoginManagerOptions } from '../../src/options';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { badTokens, clock } from '../support/bad-tokens';
import { bearer, cookie, foreign } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { onEachFramework, ownErrorHandling } from '../support/servers';
import { capturingStderr, silencingStderr } from '../support/stderr';

@JsonController()
class Routes {
  @Authorized()
  @Get('/authorized')
  authorized() {
    return {};
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @Authorized()
  @Post('/authorized')
  write() {
    return {};
  }

  @Authorized('notes:read')
  @Get('/scope')
  scope() {
    return {};
  }

  @Authorized('admin')
  @Get('/admin')
  admin() {
    return {};
  }
}

@Controller('/text')
class TextRoutes {
  @Authorized()
  @Get('/authorized')
  authorized() {
    return '';
  }
}

const controllers = [Routes, TextRoutes];
const guarded = ['/authorized', '/required'];

/** An exception of the application's, as a class. */
class PleaseLogIn extends Error {
  static made: unknown[][] = [];

  constructor(...args: [string, { cause: Error }]) {
    super(...args);
    PleaseLogIn.made.push(args);
  }
}

class NotForYou extends Error {}

/** The same, with a status and headers of its own, as routing-controllers' errors have them or as a plain one. */
class OutOfTea extends HttpError {
  headers = { 'X-Tea': 'none', 'Retry-After': '60' };

  constructor(message: string) {
    super(418, message);
    Object.setPrototypeOf(this, OutOfTea.prototype);
  }
}

class PlainOutOfTea extends Error {
  httpCode = 418;
  headers = { 'X-Tea': 'none', 'Retry-After': '60' };
}

/** And one whose status is that of no error. */
class TeaLater extends PlainOutOfTea {
  override httpCode = 202;
}

const managerWith = (options: LoginManagerOptions<Account>) => managerOf({ clock: clock.tell, ...options });

describe('notAuthenticatedException', () => {
  silencingStderr();
  beforeEach(() => {
    PleaseLogIn.made = [];
  });

  onEachFramework((start, framework) => {
    describe('as a class', () => {
      const manager = managerWith({ notAuthenticatedException: PleaseLogIn });

      for (const path of guarded) {
        it(`is constructed with the message and the reason where there is no token: ${path}`, async () => {
          const { client } = await start({ manager, controllers });
          await client.get(path);
          expect(PleaseLogIn.made).to.have.length(1);
          const [message, { cause }] = PleaseLogIn.made[0] as [string, { cause: NotAuthenticatedError }];
          expect(message).to.equal('Authentication is required');
          expect(cause).to.be.instanceOf(NotAuthenticatedError);
          expect(cause.code).to.equal('token_missing');
        });

        for (const [name, { token, code }] of Object.entries(badTokens)) {
          it(`is constructed with the reason of ${name}: ${path}`, async () => {
            const { client } = await start({ manager, controllers });
            await client.get(path).set(bearer(token));
            expect(PleaseLogIn.made).to.have.length(1);
            const [, { cause }] = PleaseLogIn.made[0] as [string, { cause: NotAuthenticatedError }];
            expect(cause).to.be.instanceOf(NotAuthenticatedError);
            expect(cause.code).to.equal(code);
          });
        }

        it(`is answered once, as 401, by the default handler: ${path}`, async () => {
          const { url } = await start({ manager, controllers });
          const keepAlive = new KeepAliveClient(url);
          const written = await capturingStderr(async () => {
            for (let sent = 0; sent < 10; sent += 1) {
              const { status, headers, body } = await keepAlive.send({ path });
              expect(status).to.equal(401);
              expect(headers['www-authenticate']).to.equal('Bearer');
              expect(JSON.parse(body)).to.deep.equal({ name: 'PleaseLogIn', message: 'Authentication is required' });
            }
          });
          keepAlive.close();
          expect(keepAlive.connections).to.equal(1);
          expect(written).to.equal('');
        });

        it(`reaches the application's own error handling, which redirects: ${path}`, async () => {
          const own = ownErrorHandling(framework, (error) => {
            return error instanceof PleaseLogIn ? { status: 302, location: '/login' } : { status: 500 };
          });
          const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
          const response = await client.get(path);
          expect(response.status).to.equal(302);
          expect(response.headers.location).to.equal('/login');
        });
      }

      it('shows its message, and no stack, on a controller of text', async () => {
        const { client } = await start({ manager, controllers });
        const response = await client.get('/text/authorized');
        expect(response.status).to.equal(401);
        expect(response.text)
          .to.contain('Authentication is required')
          .and.not.match(/\bat .*:\d+/);
      });

      it('is not for a foreign page, whose visitor is logged in: 403', async () => {
        const withCookie = managerWith({ notAuthenticatedException: PleaseLogIn, useCookie: true });
        const { client } = await start({ manager: withCookie, controllers });
        const headers = { ...cookie(tokenOf(withCookie)), ...foreign };
        const response = await client.post('/authorized').set(headers);
        expect(response.status).to.equal(403);
        expect(response.body.code).to.equal('cross_origin');
        expect(PleaseLogIn.made).to.be.empty;
      });
    });

    describe('as a function', () => {
      it('gets the error and the action', async () => {
        const calls: [NotAuthenticatedError, Action][] = [];
        const manager = managerWith({
          notAuthenticatedException: (error, action) => {
            calls.push([error, action as Action]);
            return new PleaseLogIn(error.message, { cause: error });
          },
        });
        const { client } = await start({ manager, controllers });
        for (const path of guarded) expect((await client.get(path).set(bearer('garbage'))).status).to.equal(401);
        expect(calls.map(([error]) => error.code)).to.deep.equal(['token_invalid', 'token_invalid']);
        expect(calls.map(([, { request }]) => request.url)).to.deep.equal(guarded);
      });

      it('may return the error it got', async () => {
        const { client } = await start({
          manager: managerWith({ notAuthenticatedException: (error) => error }),
          controllers,
        });
        const response = await client.get('/authorized').set(bearer('garbage'));
        expect(response.status).to.equal(401);
        expect(response.body.code).to.equal('token_invalid');
      });

      it('may throw its error', async () => {
        const throwing = (): never => {
          throw new OutOfTea('thrown');
        };
        const { client } = await start({ manager: managerWith({ notAuthenticatedException: throwing }), controllers });
        const response = await client.get('/authorized');
        expect(response.status).to.equal(418);
        expect(response.body.message).to.equal('thrown');
      });

      for (const [name, result] of Object.entries({
        nothing: undefined,
        text: 'Log in!',
        'an object': { httpCode: 200 },
        'a promise': Promise.resolve(new Error('later')),
      })) {
        it(`lets nobody in where it returns ${name}: 500`, async () => {
          const manager = managerWith({ notAuthenticatedException: () => result as never });
          const { client } = await start({ manager, controllers });
          for (const path of guarded) {
            const response = await client.get(path);
            expect(response.status).to.equal(500);
            expect(response.body.name).to.equal('ConfigurationError');
          }
        });
      }

      it('lets nobody in where it is asynchronous and fails: 500, and the process lives on', async () => {
        const unhandled: unknown[] = [];
        const note = (reason: unknown) => unhandled.push(reason);
        process.on('unhandledRejection', note);
        const manager = managerWith({
          notAuthenticatedException: (async () => Promise.reject(new Error('no'))) as never,
        });
        const { client } = await start({ manager, controllers });
        expect((await client.get('/authorized')).status).to.equal(500);
        process.off('unhandledRejection', note);
        expect(unhandled).to.be.empty;
      });

      it('may return a frozen error', async () => {
        const notAuthenticatedException = () => Object.freeze(new PleaseLogIn('Frozen', { cause: new Error() }));
        const { client } = await start({ manager: managerWith({ notAuthenticatedException }), controllers });
        for (const path of guarded) {
          const response = await client.get(path);
          expect(response.status).to.equal(401);
          expect(response.headers['www-authenticate']).to.equal('Bearer');
          expect(response.body).to.deep.equal({ name: 'PleaseLogIn', message: 'Frozen' });
        }
      });

      it('may return the same error each time', async () => {
        const always = new PleaseLogIn('As ever', { cause: new Error() });
        const { client } = await start({
          manager: managerWith({ notAuthenticatedException: () => always }),
          controllers,
        });
        for (const path of [...guarded, ...guarded]) {
          const response = await client.get(path);
          expect(response.status).to.equal(401);
          expect(response.body.message).to.equal('As ever');
        }
      });
    });

    for (const [Exception, status] of [
      [OutOfTea, 418],
      [PlainOutOfTea, 418],
      [TeaLater, 202],
    ] as const) {
      for (const defaultErrorHandler of [true, false]) {
        it(`has the status and headers it asks for: ${Exception.name}, defaultErrorHandler ${defaultErrorHandler}`, async () => {
          const manager = managerWith({ notAuthenticatedException: Exception });
          const { client } = await start({ manager, controllers, defaultErrorHandler });
          for (const path of guarded) {
            const response = await client.get(path);
            expect(response.status, path).to.equal(status);
            expect(response.headers, path).to.include({ 'x-tea': 'none', 'retry-after': '60' });
            expect(response.headers, path).not.to.have.property('www-authenticate');
          }
        });
      }
    }

    it('keeps its own challenge', async () => {
      const headers = { 'www-authenticate': 'DPoP algs="ES256"' };
      const notAuthenticatedException = () => Object.assign(new Error('Prove it'), { headers });
      const { client } = await start({ manager: managerWith({ notAuthenticatedException }), controllers });
      const response = await client.get('/authorized');
      expect(response.status).to.equal(401);
      expect(response.headers['www-authenticate']).to.equal('DPoP algs="ES256"');
    });

    for (const httpCode of [0, 99, 199, 600, 1000, 401.5, Number.NaN, '401', null]) {
      it(`is a 401 where its httpCode is ${JSON.stringify(httpCode)}, which is none`, async () => {
        const notAuthenticatedException = () => Object.assign(new Error('No'), { httpCode });
        const { client } = await start({ manager: managerWith({ notAuthenticatedException }), controllers });
        expect((await client.get('/authorized')).status).to.equal(401);
      });
    }

    for (const [name, headers] of Object.entries({
      'with a line break in a value': { 'X-Reason': 'a\r\nSet-Cookie: b=c' },
      'with a character no value can have': { 'X-Reason': 'Ł' },
      'with a space in a name': { 'X Reason': 'a' },
      'without a value': { 'X-Reason': undefined },
      'that are text': 'X-Reason: a',
      'that are a list': ['X-Reason: a'],
      'that are a Map': new Map([['X-Reason', 'a']]),
      'that are null': null,
    })) {
      it(`is a 500 with headers ${name}, and the process lives on`, async () => {
        const notAuthenticatedException = () => Object.assign(new Error('No'), { headers });
        const { client } = await start({ manager: managerWith({ notAuthenticatedException }), controllers });
        for (const path of guarded) {
          const response = await client.get(path);
          expect(response.status).to.equal(500);
          expect(response.body.name).to.equal('ConfigurationError');
          expect(response.headers).not.to.have.any.keys('set-cookie', 'x-reason');
        }
      });
    }
  });
});

describe('outOfScopeException', () => {
  silencingStderr();
  beforeEach(() => {
    PleaseLogIn.made = [];
  });

  onEachFramework((start, framework) => {
    it('is constructed with the message and the InsufficientScopeError, which names the scopes', async () => {
      const manager = managerWith({ outOfScopeException: PleaseLogIn });
      const { client } = await start({ manager, controllers });
      await client.get('/admin').set(bearer(tokenOf(manager, 'ada@example.com', ['notes:read'])));
      const [message, { cause }] = PleaseLogIn.made[0] as [string, { cause: InsufficientScopeError }];
      expect(message).to.equal('The access token lacks a required scope');
      expect(cause).to.be.instanceOf(InsufficientScopeError);
      expect(cause.scopes).to.deep.equal(['admin']);
    });

    it('may be a function of the error', async () => {
      const outOfScopeException = ({ scopes }: InsufficientScopeError) => new NotForYou(`It takes ${scopes.join()}`);
      const manager = managerWith({ outOfScopeException });
      const { client } = await start({ manager, controllers });
      const response = await client.get('/admin').set(bearer(tokenOf(manager)));
      expect(response.status).to.equal(403);
      expect(response.body).to.deep.equal({ name: 'NotForYou', message: 'It takes admin' });
    });

    it('is not for a request without a token', async () => {
      const { client } = await start({ manager: managerWith({ outOfScopeException: PleaseLogIn }), controllers });
      expect((await client.get('/admin')).body.name).to.equal('NotAuthenticatedError');
      expect(PleaseLogIn.made).to.be.empty;
    });

    for (const [Exception, status] of [
      [OutOfTea, 418],
      [PlainOutOfTea, 418],
      [TeaLater, 202],
    ] as const) {
      it(`has the status and headers it asks for: ${Exception.name}`, async () => {
        const manager = managerWith({ outOfScopeException: Exception });
        const { client } = await start({ manager, controllers });
        const response = await client.get('/admin').set(bearer(tokenOf(manager)));
        expect(response.status).to.equal(status);
        expect(response.headers).to.include({ 'x-tea': 'none', 'retry-after': '60' });
      });
    }

    it("reaches the application's own error handling", async () => {
      const manager = managerWith({ outOfScopeException: NotForYou });
      const own = ownErrorHandling(framework, (error) => {
        return error instanceof NotForYou ? { status: 302, location: '/upgrade' } : { status: 500 };
      });
      const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
      const response = await client.get('/admin').set(bearer(tokenOf(manager)));
      expect(response.status).to.equal(302);
      expect(response.headers.location).to.equal('/upgrade');
    });

    it('lets nobody in where it makes no error: 500', async () => {
      const manager = managerWith({ outOfScopeException: () => undefined as never });
      const { client } = await start({ manager, controllers });
      expect((await client.get('/admin').set(bearer(tokenOf(manager)))).status).to.equal(500);
    });
  });
});

describe('redirectTo', () => {
  onEachFramework((start) => {
    for (const defaultErrorHandler of [true, false]) {
      describe(`with defaultErrorHandler ${defaultErrorHandler}`, () => {
        const startWith = async (
          notAuthenticatedException: LoginManagerOptions<Account>['notAuthenticatedException'],
        ) => {
          const manager = managerWith({ notAuthenticatedException });
          return (await start({ manager, controllers, defaultErrorHandler })).client;
        };

        for (const path of guarded) {
          it(`sends visitors to the login page: ${path}`, async () => {
            const client = await startWith(redirectTo('/login'));
            for (const headers of [{}, bearer('garbage')]) {
              const response = await client.get(path).set(headers);
              expect(response.status).to.equal(303);
              expect(response.headers.location).to.equal('/login');
              expect(response.headers).not.to.have.property('www-authenticate');
            }
          });
        }

        it('tells the login page where the visitor wanted to go', async () => {
          const client = await startWith(redirectTo('/login', { returnTo: 'next' }));
          const response = await client.get('/authorized?page=2&q=a b');
          expect(response.status).to.equal(303);
          const { pathname, searchParams } = new URL(response.headers.location as string, 'http://localhost');
          expect(pathname).to.equal('/login');
          expect([...searchParams]).to.deep.equal([['next', '/authorized?page=2&q=a%20b']]);
        });

        it('adds that to the query of the login page, and before its fragment', async () => {
          const client = await startWith(redirectTo('/login?lang=de#form', { returnTo: 'next' }));
          const { headers } = await client.get('/authorized');
          expect(headers.location).to.equal('/login?lang=de&next=%2Fauthorized#form');
        });

        it('does not send anybody back to what was posted', async () => {
          const client = await startWith(redirectTo('/login', { returnTo: 'next' }));
          const response = await client.post('/authorized');
          expect(response.status).to.equal(303);
          expect(response.headers.location).to.equal('/login');
        });
      });
    }

    it('costs nothing', async () => {
      const { url } = await start({
        manager: managerWith({ notAuthenticatedException: redirectTo('/login') }),
        controllers,
      });
      const keepAlive = new KeepAliveClient(url);
      const written = await capturingStderr(async () => {
        for (let sent = 0; sent < 50; sent += 1) {
          expect((await keepAlive.send({ path: '/authorized' })).status).to.equal(303);
        }
      });
      keepAlive.close();
      expect(keepAlive.connections).to.equal(1);
      expect(written).to.equal('');
    });
  });
});
