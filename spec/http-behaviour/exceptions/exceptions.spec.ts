import { expect } from 'chai';
import { type Action, HttpError } from 'routing-controllers';
import { InsufficientScopeError } from '../../../src/errors/insufficient-scope-error';
import type { LoginHttpError } from '../../../src/errors/login-http-error';
import { NotAuthenticatedError } from '../../../src/errors/not-authenticated-error';
import { tokenOf } from '../../support/accounts';
import { badTokens } from '../../support/bad-tokens';
import { bearer, cookie, foreign } from '../../support/http';
import { KeepAliveClient } from '../../support/keep-alive';
import { type App, onEachServer, ownErrorHandling } from '../../support/servers';
import { capturingStderr, silencingStderr } from '../../support/stderr';
import {
  answering,
  controllers,
  type Exception,
  guarded,
  managerWith,
  type Refused,
  refused,
  withoutScope,
} from './refusing-routes';

/** An exception of the application. */
class PleaseLogIn extends Error {
  static made: [message: string, options: { cause: App }][] = [];

  constructor(...args: [string, { cause: Error }]) {
    super(...args);
    PleaseLogIn.made.push(args);
  }
}

/** One with a status and headers of its own, as routing-controllers' errors have them. */
class OutOfTea extends HttpError {
  headers = { 'X-Tea': 'none', 'Retry-After': '60' };

  constructor(message: string) {
    super(418, message);
    Object.setPrototypeOf(this, OutOfTea.prototype);
  }
}

/** The same, as a plain error. */
class PlainOutOfTea extends Error {
  httpCode = 418;
  headers = { 'X-Tea': 'none', 'Retry-After': '60' };
}

/** One whose status is that of no error. */
class TeaLater extends PlainOutOfTea {
  override httpCode = 202;
}

describe('notAuthenticatedException and outOfScopeException', () => {
  silencingStderr();
  beforeEach(() => {
    PleaseLogIn.made = [];
  });

  onEachServer((start, framework) => {
    const { startWith, checkAnswers } = answering(start);

    it('are constructed with the message and the reason, once for each refusal', async () => {
      await checkAnswers(PleaseLogIn, () => undefined);
      expect(PleaseLogIn.made.map(([message, { cause }]) => [message, cause.code])).to.deep.equal(
        refused.map(({ message, code }) => [message, code]),
      );
      const [first, second, third] = PleaseLogIn.made.map(([, { cause }]) => cause);
      expect(first).to.be.instanceOf(NotAuthenticatedError);
      expect(second).to.be.instanceOf(NotAuthenticatedError);
      expect(third).to.be.instanceOf(InsufficientScopeError);
      expect(third.scopes).to.deep.equal(['admin']);
    });

    for (const [name, { token, code }] of Object.entries(badTokens)) {
      it(`are constructed with the reason of ${name}, once for each refusal`, async () => {
        const { client } = await startWith(PleaseLogIn);
        for (const path of guarded) await client.get(path).set(bearer(token));
        const causes = PleaseLogIn.made.map(([, { cause }]) => cause);
        expect(causes.map((cause) => [cause instanceof NotAuthenticatedError, cause.code])).to.deep.equal(
          guarded.map(() => [true, code]),
        );
      });
    }

    it('are answered by the default handler, over a connection that is kept, and nothing is printed', async () => {
      const { url } = await startWith(PleaseLogIn);
      const keepAlive = new KeepAliveClient(url);
      const written = await capturingStderr(async () => {
        for (const { path, headers: sent = {}, status: expected, message, challenge } of refused) {
          for (let times = 0; times < 10; times += 1) {
            const { status, headers, body } = await keepAlive.send({ path, headers: sent });
            expect([status, headers['www-authenticate']]).to.deep.equal([expected, challenge]);
            expect(JSON.parse(body)).to.deep.equal({ name: 'PleaseLogIn', message });
          }
        }
      });
      keepAlive.close();
      expect(keepAlive.connections).to.equal(1);
      expect(written).to.equal('');
    });

    it("reach the application's own error handling, which redirects", async () => {
      const own = ownErrorHandling(framework, (error) => {
        return error instanceof PleaseLogIn ? { status: 302, location: '/login' } : { status: 500 };
      });
      const redirected = ({ status, headers }: App) =>
        expect([status, headers.location]).to.deep.equal([302, '/login']);
      await checkAnswers(PleaseLogIn, redirected, { defaultErrorHandler: false, ...own });
    });

    it('show their message, and no stack, on a controller of text', async () => {
      const { client } = await startWith(PleaseLogIn);
      for (const { path, headers = {}, status, message } of refused.filter((one) => one.path !== '/required')) {
        const answer = await client.get(`/text${path}`).set(headers);
        expect(answer.status).to.equal(status);
        expect(answer.text)
          .to.contain(message)
          .and.not.match(/\bat .*:\d+/);
      }
    });

    it('are not for a foreign page, whose visitor is logged in: 403', async () => {
      const manager = managerWith({ notAuthenticatedException: PleaseLogIn, useCookie: true });
      const { client } = await start({ manager, controllers });
      const answer = await client.post('/authorized').set({ ...cookie(tokenOf(manager)), ...foreign });
      expect([answer.status, answer.body.code]).to.deep.equal([403, 'cross_origin']);
      expect(PleaseLogIn.made).to.be.empty;
    });

    it('do not stand in for each other', async () => {
      const manager = managerWith({ outOfScopeException: PleaseLogIn });
      const { client } = await start({ manager, controllers });
      expect((await client.get('/admin')).body.name).to.equal('NotAuthenticatedError');
      expect(PleaseLogIn.made).to.be.empty;
    });

    it('as functions get the error and the action', async () => {
      const calls: [LoginHttpError, Action][] = [];
      const noting: Exception = (error, action) => {
        calls.push([error, action as Action]);
        return new PleaseLogIn(error.message, { cause: error });
      };
      const { client } = await startWith(noting);
      for (const path of guarded) expect((await client.get(path).set(bearer('garbage'))).status).to.equal(401);
      expect((await client.get('/admin').set(withoutScope)).status).to.equal(403);
      expect(calls.map(([{ code }, { request }]) => [code, request.url])).to.deep.equal([
        ['token_invalid', '/authorized'],
        ['token_invalid', '/required'],
        ['insufficient_scope', '/admin'],
      ]);
    });

    it('as functions may put what the error says in their own words', async () => {
      const outOfScopeException = ({ scopes }: InsufficientScopeError) => new Error(`It takes ${scopes.join()}`);
      const { client } = await start({ manager: managerWith({ outOfScopeException }), controllers });
      const { status, body } = await client.get('/admin').set(withoutScope);
      expect([status, body]).to.deep.equal([403, { name: 'Error', message: 'It takes admin' }]);
    });

    it('as functions may return the error they got', async () => {
      const returning: Exception = (error) => error;
      await checkAnswers(returning, (answer, { status, code }) => {
        expect([answer.status, answer.body.code]).to.deep.equal([status, code]);
      });
      const { client } = await startWith(returning);
      expect((await client.get('/authorized').set(bearer('garbage'))).body.code).to.equal('token_invalid');
    });

    it('as functions may throw their error', async () => {
      const throwing = (): never => {
        throw new OutOfTea('thrown');
      };
      await checkAnswers(throwing, ({ status, body }) => {
        expect([status, body.message]).to.deep.equal([418, 'thrown']);
      });
    });

    it('may be frozen', async () => {
      const frozen = () => Object.freeze(new PleaseLogIn('Frozen', { cause: new Error() }));
      await checkAnswers(frozen, ({ status, headers, body }, request) => {
        expect([status, headers['www-authenticate']]).to.deep.equal([request.status, request.challenge]);
        expect(body).to.deep.equal({ name: 'PleaseLogIn', message: 'Frozen' });
      });
    });

    it('may be the same error each time', async () => {
      const always = new PleaseLogIn('As ever', { cause: new Error() });
      const { client } = await startWith(() => always);
      for (const { path, headers = {}, status } of [...refused, ...refused]) {
        const answer = await client.get(path).set(headers);
        expect([answer.status, answer.body.message]).to.deep.equal([status, 'As ever']);
      }
    });

    for (const [kind, Exception, expected] of [
      ["routing-controllers'", OutOfTea, 418],
      ['a plain one', PlainOutOfTea, 418],
      ['a plain one, with the status of no error', TeaLater, 202],
    ] as const) {
      for (const defaultErrorHandler of [true, false]) {
        it(`have the status and headers their class asks for: ${kind}, defaultErrorHandler ${defaultErrorHandler}`, async () => {
          const askedFor = ({ status, headers }: App, { path }: Refused) => {
            expect(status, path).to.equal(expected);
            expect(headers, path).to.include({ 'x-tea': 'none', 'retry-after': '60' });
            expect(headers, path).not.to.have.property('www-authenticate');
          };
          await checkAnswers(Exception, askedFor, { defaultErrorHandler });
        });
      }
    }

    it('have the headers of a class that asks for no status, beside the usual one', async () => {
      class Locked extends Error {
        headers = { 'X-Lock': 'yes' };
      }
      await checkAnswers(Locked, ({ status, headers }, request) => {
        expect([status, headers['x-lock']]).to.deep.equal([request.status, 'yes']);
      });
    });

    it('keep their own challenge', async () => {
      const headers = { 'www-authenticate': 'DPoP algs="ES256"' };
      const proving = () => Object.assign(new Error('Prove it'), { headers });
      await checkAnswers(proving, (answer, { status }) => {
        expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([status, 'DPoP algs="ES256"']);
      });
    });
  });
});
