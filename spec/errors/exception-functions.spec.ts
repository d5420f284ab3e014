import { expect } from 'chai';
import { Authorized, Get, JsonController } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { applyException } from '../../src/errors/custom-exceptions';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { thrownBy } from '../support/rejection';
import { onEachServer } from '../support/servers';

const values: [string, () => unknown][] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['0', () => 0],
  ['the empty string', () => ''],
  ['false', () => false],
  ['true', () => true],
  ["'route'", () => 'route'],
  ['a symbol', () => Symbol('x')],
  ['an object', () => ({ httpCode: 200 })],
  ['a promise', () => Promise.resolve(new Error('late'))],
  ['a rejected promise', () => Promise.reject(new Error('late'))],
  ['a promise that rejects with nothing', () => Promise.reject()],
];

describe('an exception function', () => {
  const error = new NotAuthenticatedError();

  for (const [name, value] of values) {
    it(`is a mistake if it returns ${name}`, () => {
      expect(() => applyException(error, (() => value()) as never)).to.throw(
        ConfigurationError,
        /must be an Error class/,
      );
    });

    it(`throws an Error if it throws ${name}`, () => {
      let reason: unknown;
      const thrown = thrownBy(() =>
        applyException(error, () => {
          reason = value();
          (reason as Promise<unknown> | undefined)?.catch?.(() => undefined);
          throw reason;
        }),
      );
      expect(thrown).to.be.instanceOf(Error);
      expect(Object.is((thrown as Error).cause, reason)).to.equal(true);
    });
  }

  it('may return a frozen error', () => {
    const frozen = Object.freeze(new Error('closed'));
    const answered = applyException(error, () => frozen);
    expect(answered).to.include({ message: 'closed', httpCode: 401, status: 401, stack: '' });
  });

  it('may return an error that shows its cause: it is hidden', () => {
    class Loud extends Error {
      constructor(message: string, options: { cause: unknown }) {
        super(message);
        this.cause = options.cause;
      }
    }
    expect(Object.keys(new Loud('x', { cause: 1 }))).to.include('cause');
    const answered = applyException(error, Loud);
    expect(Object.keys(answered)).not.to.include('cause');
    expect(answered.cause).to.equal(error);
  });

  it('does not get its status from a polluted Object.prototype', () => {
    Object.assign(Object.prototype, { httpCode: 200, status: 200, headers: { 'X-Polluted': 'yes' } });
    try {
      expect(applyException(error, () => new Error('closed')).httpCode).to.equal(401);
    } finally {
      for (const name of ['httpCode', 'status', 'headers']) delete (Object.prototype as Record<string, unknown>)[name];
    }
  });

  onEachServer((start) => {
    for (const [name, value] of values) {
      it(`lets nobody in if it returns ${name}`, async () => {
        let calls = 0;
        @JsonController()
        class Routes {
          @Authorized('admin')
          @Get('/admin')
          admin() {
            calls++;
            return {};
          }
        }
        const exception = (() => value()) as never;
        const manager = managerOf({ notAuthenticatedException: exception, outOfScopeException: exception });
        const { client } = await start({ manager, controllers: [Routes] });
        for (const headers of [{}, bearer('a.b.c'), bearer(tokenOf(manager))]) {
          expect((await client.get('/admin').set(headers)).status).to.equal(500);
        }
        expect(calls).to.equal(0);
      });
    }
  });
});
