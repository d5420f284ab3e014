import { expect } from 'chai';
import { HttpError, NotFoundError } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { applyException } from '../../src/errors/custom-exceptions';
import { InsufficientScopeError } from '../../src/errors/insufficient-scope-error';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf } from '../support/accounts';
import { noErrors, noHeaders, noStatuses } from '../support/bad-exceptions';
import { rejection, thrownBy } from '../support/rejection';

type Option = LoginManagerOptions<Account>['notAuthenticatedException'];

const missing = new NotAuthenticatedError(undefined, { code: 'token_invalid' });
const thrownWith = (notAuthenticatedException: Option) =>
  rejection<Error & Record<string, unknown>>(
    managerOf(notAuthenticatedException && { notAuthenticatedException }).getCurrentUser('garbage'),
  );

describe('the exception that is thrown', () => {
  it('is the library’s own, where the option says nothing', () => {
    expect(applyException(missing, undefined)).to.equal(missing);
  });

  it('is of the class, with the message and the cause', async () => {
    class LoginFirst extends Error {
      override name = 'LoginFirst';
    }
    const error = await thrownWith(LoginFirst);
    expect(error).to.be.instanceOf(LoginFirst);
    expect(error).to.include({
      message: 'The access token is invalid',
      name: 'LoginFirst',
      httpCode: 401,
      status: 401,
    });
    expect(error.cause).to.be.instanceOf(NotAuthenticatedError).and.include({ code: 'token_invalid' });
  });

  it('may be of the plain class Error', async () => {
    const error = await thrownWith(Error);
    expect(error).to.include({ message: 'The access token is invalid', httpCode: 401 });
    expect(error.cause).to.be.instanceOf(NotAuthenticatedError);
  });

  it('may be of a subclass of NotAuthenticatedError, which keeps the code', async () => {
    class LoginFirst extends NotAuthenticatedError {}
    expect(await thrownWith(LoginFirst))
      .to.be.instanceOf(LoginFirst)
      .and.include({ code: 'token_invalid' });
  });

  it('may be of routing-controllers’ classes, with their own status', async () => {
    const hidden = await thrownWith(NotFoundError as never);
    expect(hidden).to.be.instanceOf(NotFoundError).and.include({ httpCode: 404, status: 404 });
  });

  it('is what the function makes of the error', async () => {
    const error = await thrownWith((cause) => new HttpError(418, `teapot: ${cause.code}`));
    expect(error).to.include({ httpCode: 418, status: 418, message: 'teapot: token_invalid' });
  });

  it('is what the function throws', async () => {
    const error = await thrownWith(() => {
      throw new HttpError(419, 'thrown');
    });
    expect(error).to.include({ httpCode: 419, message: 'thrown' });
  });

  it("has the usual status where the option takes that away from the library's error", () => {
    const error = applyException(new NotAuthenticatedError(), (own) => {
      delete (own as Partial<NotAuthenticatedError>).httpCode;
      return own;
    });
    expect(error).to.include({ httpCode: 401, status: 401 });
  });

  for (const [name, httpCode] of Object.entries(noStatuses)) {
    it(`has the status 401, or 403 for a scope, where its own is ${name}`, () => {
      const own = () => Object.assign(new Error('own'), { httpCode });
      expect(applyException(missing, own).httpCode).to.equal(401);
      expect(applyException(new InsufficientScopeError(['a']), own).httpCode).to.equal(403);
    });
  }

  it('may say its status as Express does', () => {
    expect(applyException(missing, () => Object.assign(new Error('own'), { status: 410 }))).to.include({
      httpCode: 410,
      status: 410,
    });
  });

  it('keeps its own headers', () => {
    const headers = { Location: '/login', 'WWW-Authenticate': 'Digest' };
    expect(applyException(missing, () => Object.assign(new Error('own'), { headers })).headers).to.equal(headers);
  });

  it('has no stack that a server could send', () => {
    expect(applyException(missing, Error).stack).to.equal('');
  });

  it('may be frozen', () => {
    const frozen = Object.freeze(new HttpError(410, 'gone'));
    expect(applyException(missing, () => frozen))
      .to.be.instanceOf(HttpError)
      .and.include({ message: 'gone', httpCode: 410, stack: '' });
  });

  it('is told the action of the request, and none where there is no request', async () => {
    const seen: unknown[] = [];
    const option: Option = (error, action) => {
      seen.push(action);
      return error;
    };
    const action = { request: {}, response: {} };
    applyException(missing, option, action);
    await thrownWith(option);
    expect(seen).to.deep.equal([action, undefined]);
  });

  for (const [name, make] of Object.entries(noErrors)) {
    it(`cannot be ${name}: that is a mistake, and nobody is let in`, () => {
      expect(() => applyException(missing, make as never)).to.throw(
        ConfigurationError,
        /must be an Error class, or a function that returns an Error/,
      );
    });
  }

  it("is not made of a mistake in the function, which is the application's own error", () => {
    const mistaken = (): Error => (undefined as never as { missing: Error }).missing;
    expect(() => applyException(missing, mistaken))
      .to.throw(TypeError)
      .and.not.have.property('httpCode');
  });

  it('has the status that is meant, although it served for another before', () => {
    const shared = new Error('Not you');
    expect(applyException(missing, () => shared).status).to.equal(401);
    expect(applyException(new InsufficientScopeError(['a']), () => shared).status).to.equal(403);
  });

  for (const [name, headers] of Object.entries(noHeaders)) {
    it(`cannot carry headers ${name}`, () => {
      const error = thrownBy(() => applyException(missing, () => Object.assign(new Error('own'), { headers })));
      expect(error).to.be.instanceOf(ConfigurationError);
      expect(error.message).to.match(/headers of an exception must be an object of header names and string values/);
    });
  }
});
