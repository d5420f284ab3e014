import { expect } from 'chai';
import { ForbiddenError, HttpError, UnauthorizedError } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { CrossOriginError } from '../../src/errors/cross-origin-error';
import { InsufficientAuthenticationError } from '../../src/errors/insufficient-authentication-error';
import { InsufficientScopeError } from '../../src/errors/insufficient-scope-error';
import type { LoginHttpError } from '../../src/errors/login-http-error';
import { type NotAuthenticatedCode, NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import {
  InvalidClientError,
  InvalidGrantError,
  InvalidRequestError,
  InvalidScopeError,
  OAuth2Error,
  UnsupportedGrantTypeError,
} from '../../src/errors/oauth2-error';
import { PolicyDeniedError } from '../../src/errors/policy-denied-error';
import { RedirectError } from '../../src/errors/redirect-error';
import { ServiceUnavailableError } from '../../src/errors/service-unavailable-error';
import { TooManyAttemptsError } from '../../src/errors/too-many-attempts-error';

// biome-ignore lint/suspicious/noExplicitAny: the constructors have nothing in common
type ErrorClass = new (...args: any[]) => LoginHttpError;

interface Row {
  make: () => LoginHttpError;
  name: string;
  status: number;
  code: string;
  parents: (abstract new (...args: never[]) => Error)[];
  headers: Record<string, string>;
}

const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };
const oauth2 = (type: ErrorClass, code: string, status = 400, headers = {}): Row => ({
  make: () => new type(),
  name: type.name,
  status,
  code,
  parents: [OAuth2Error],
  headers: { ...NO_STORE, ...headers },
});

const rows: Row[] = [
  {
    make: () => new NotAuthenticatedError(),
    name: 'NotAuthenticatedError',
    status: 401,
    code: 'token_missing',
    parents: [UnauthorizedError],
    headers: { 'WWW-Authenticate': 'Bearer realm="api"' },
  },
  {
    make: () => new InsufficientScopeError(['a', 'b']),
    name: 'InsufficientScopeError',
    status: 403,
    code: 'insufficient_scope',
    parents: [ForbiddenError],
    headers: { 'WWW-Authenticate': 'Bearer realm="api", error="insufficient_scope", scope="a b"' },
  },
  {
    make: () => new PolicyDeniedError(),
    name: 'PolicyDeniedError',
    status: 403,
    code: 'policy_denied',
    parents: [ForbiddenError],
    headers: {},
  },
  {
    make: () => new CrossOriginError(),
    name: 'CrossOriginError',
    status: 403,
    code: 'cross_origin',
    parents: [ForbiddenError],
    headers: {},
  },
  {
    make: () => new OAuth2Error('temporarily_unavailable', 'Later'),
    name: 'OAuth2Error',
    status: 400,
    code: 'temporarily_unavailable',
    parents: [],
    headers: NO_STORE,
  },
  {
    make: () => new InsufficientAuthenticationError(),
    name: 'InsufficientAuthenticationError',
    status: 401,
    code: 'insufficient_user_authentication',
    parents: [UnauthorizedError],
    headers: {
      'WWW-Authenticate':
        'Bearer realm="api", error="insufficient_user_authentication", error_description="A more recent or stronger login is required"',
    },
  },
  {
    make: () => new TooManyAttemptsError(),
    name: 'TooManyAttemptsError',
    status: 429,
    code: 'too_many_attempts',
    parents: [],
    headers: { 'Retry-After': '60' },
  },
  {
    make: () => new ServiceUnavailableError(),
    name: 'ServiceUnavailableError',
    status: 503,
    code: 'service_unavailable',
    parents: [],
    headers: { 'Retry-After': '1' },
  },
  oauth2(InvalidGrantError, 'invalid_grant'),
  oauth2(InvalidRequestError, 'invalid_request'),
  oauth2(InvalidScopeError, 'invalid_scope'),
  oauth2(UnsupportedGrantTypeError, 'unsupported_grant_type'),
  oauth2(InvalidClientError, 'invalid_client', 401, { 'WWW-Authenticate': 'Basic realm="OAuth2 client"' }),
  {
    make: () => new RedirectError('/login', new NotAuthenticatedError()),
    name: 'RedirectError',
    status: 303,
    code: 'token_missing',
    parents: [],
    headers: { Location: '/login' },
  },
];

describe('the HTTP errors', () => {
  for (const { make, name, status, code, parents, headers } of rows) {
    describe(name, () => {
      it(`is an HttpError${parents.map((parent) => `, ${/^[AEIOU]/.test(parent.name) ? 'an' : 'a'} ${parent.name}`).join('')} and an Error`, () => {
        const error = make();
        for (const parent of [Error, HttpError, ...parents]) expect(error).to.be.instanceOf(parent);
        expect(Object.prototype.toString.call(error)).to.equal('[object Error]');
        expect(error.constructor.name).to.equal(name);
        expect(error.name).to.equal(name);
      });

      it(`has the status ${status} and the code ${code}`, () => {
        expect(make()).to.include({ httpCode: status, status, code });
      });

      it('has its headers', () => {
        expect(make().headers).to.deep.equal(headers);
      });

      it('has a message, and as JSON neither stack nor headers', () => {
        const error = make();
        const shown = JSON.parse(JSON.stringify(error));
        expect(error.message).to.be.a('string').that.is.not.empty;
        if (error instanceof OAuth2Error)
          expect(shown).to.deep.equal({ error: code, error_description: error.message });
        else expect(shown).to.deep.equal({ name, message: error.message, code });
      });

      it('has no stack that a server could send', () => {
        expect(make().stack).to.equal('');
      });

      it('can be extended, and is then of both classes', () => {
        const type = make().constructor as ErrorClass;
        class Own extends type {
          override name = 'Own';
          extra() {
            return 'mine';
          }
        }
        const args =
          type === (InsufficientScopeError as unknown)
            ? [['a']]
            : type === (RedirectError as unknown)
              ? ['/x', new NotAuthenticatedError()]
              : type === (OAuth2Error as unknown)
                ? ['own']
                : [];
        const error = new Own(...args);
        expect(error).to.be.instanceOf(Own).and.instanceOf(type).and.instanceOf(HttpError);
        expect(error.extra()).to.equal('mine');
        expect(error.status).to.equal(status);
        expect(error.name).to.equal('Own');
      });
    });
  }
});

describe('NotAuthenticatedError', () => {
  it('has the challenge of an invalid token for a code of the application', () => {
    const error = new NotAuthenticatedError('Locked', { code: 'account_locked' as never });
    expect(error).to.include({ httpCode: 401, code: 'account_locked', message: 'Locked' });
    expect(error.headers?.['WWW-Authenticate']).to.contain('error="invalid_token"');
  });

  const challenges: Record<NotAuthenticatedCode, string> = {
    token_missing: 'Bearer realm="api"',
    token_expired: 'Bearer realm="api", error="invalid_token", error_description="The access token expired"',
    token_invalid: 'Bearer realm="api", error="invalid_token", error_description="The access token is invalid"',
    token_revoked: 'Bearer realm="api", error="invalid_token", error_description="The access token was revoked"',
    user_unknown: 'Bearer realm="api", error="invalid_token", error_description="The access token is invalid"',
    credential_invalid: 'Bearer realm="api"',
  };

  for (const [code, challenge] of Object.entries(challenges) as [NotAuthenticatedCode, string][]) {
    it(`has the challenge ${challenge} where its code is ${code}`, () => {
      expect(new NotAuthenticatedError(undefined, { code })).to.deep.include({
        code,
        headers: { 'WWW-Authenticate': challenge },
      });
    });
  }

  it('takes the code of the NotAuthenticatedError that caused it', () => {
    const cause = new NotAuthenticatedError(undefined, { code: 'token_expired' });
    const error = new NotAuthenticatedError('Please log in again', { cause });
    expect(error).to.include({ message: 'Please log in again', code: 'token_expired', cause });
    expect(error.headers['WWW-Authenticate']).to.include('The access token expired');
  });

  it('keeps another cause to itself', () => {
    const cause = new Error('the password of the database');
    const error = new NotAuthenticatedError(undefined, { cause });
    expect(error.cause).to.equal(cause);
    expect(error.code).to.equal('token_missing');
    expect(JSON.stringify(error) + JSON.stringify(error.headers)).not.to.include('password');
    expect(Object.keys(error)).not.to.include('cause');
  });

  it('never puts its message into the challenge', () => {
    const error = new NotAuthenticatedError('no"\r\nSet-Cookie: a=b', { code: 'token_invalid' });
    expect(error.headers['WWW-Authenticate']).to.equal(challenges.token_invalid);
  });

  it('has the usual message where it is given an empty one', () => {
    expect(new NotAuthenticatedError('').message).to.equal('Authentication is required');
  });
});

describe('InsufficientScopeError', () => {
  it('names the scopes that are required', () => {
    const scopes = ['a', 'b'];
    const error = new InsufficientScopeError(scopes);
    scopes.push('c');
    expect(error.scopes).to.deep.equal(['a', 'b']).and.be.frozen;
  });

  it('has headers of its own, also where its scopes are the same list as before', () => {
    const scopes = Object.freeze(['a', 'b']);
    const [first, second] = [new InsufficientScopeError(scopes), new InsufficientScopeError(scopes)];
    expect(second.headers).to.deep.equal({
      'WWW-Authenticate': 'Bearer realm="api", error="insufficient_scope", scope="a b"',
    });
    expect(second.headers).not.to.equal(first.headers);
  });

  it('cannot be broken out of by a scope (header injection)', () => {
    const error = new InsufficientScopeError(['a"', 'b\r\nSet-Cookie: x=y', 'c\\', '", error="none']);
    expect(error.headers['WWW-Authenticate']).to.equal(
      'Bearer realm="api", error="insufficient_scope", scope="a bSet-Cookie: x=y c , error=none"',
    );
  });

  it('keeps its cause', () => {
    const cause = new Error('why');
    expect(new InsufficientScopeError([], { cause }).cause).to.equal(cause);
  });
});

describe('InvalidClientError', () => {
  it('has its own status where none is given', () => {
    expect(new InvalidClientError('Unknown', { status: undefined } as object)).to.include({ httpCode: 401 });
    expect(new InvalidClientError('Unknown', { status: 400 })).to.include({ httpCode: 400 });
  });
});

describe('OAuth2Error', () => {
  it('has a body without a description where it is given none', () => {
    expect(JSON.parse(JSON.stringify(new OAuth2Error('slow_down')))).to.deep.equal({ error: 'slow_down' });
  });

  it('may have another status and further headers', () => {
    const error = new InvalidGrantError('Too many attempts', { status: 429, headers: { 'Retry-After': '60' } });
    expect(error).to.include({ status: 429, httpCode: 429, code: 'invalid_grant', message: 'Too many attempts' });
    expect(error.headers).to.deep.equal({ ...NO_STORE, 'Retry-After': '60' });
  });

  it('keeps its cause to itself', () => {
    const cause = new Error('duplicate key ada@example.com');
    const error = new InvalidRequestError(undefined, { cause });
    expect(error.cause).to.equal(cause);
    expect(JSON.stringify(error)).not.to.include('ada');
  });

  it('cannot have a header that no response can have', () => {
    const impossible: Record<string, string>[] = [
      { 'X-Note': 'a\r\nSet-Cookie: b=c' },
      { 'Bad Name': 'x' },
      { 'X-Note': undefined as never },
    ];
    for (const headers of impossible) {
      expect(() => new InvalidGrantError('x', { headers })).to.throw(
        ConfigurationError,
        /headers of an exception must be/,
      );
    }
  });
});

describe('ConfigurationError', () => {
  it('is not an HTTP error: it is the programmer’s mistake, and has a stack to find it by', () => {
    const error = new ConfigurationError('Do this');
    expect(error).to.be.instanceOf(Error).and.not.instanceOf(HttpError);
    expect(error).to.include({ name: 'ConfigurationError', code: 'configuration_error' });
    expect(error).not.to.have.any.keys('httpCode', 'status');
    expect(error.stack).to.include('errors.spec');
  });
});
