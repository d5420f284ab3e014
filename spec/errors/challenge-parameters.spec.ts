import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { InsufficientAuthenticationError } from '../../src/errors/insufficient-authentication-error';
import { InsufficientScopeError } from '../../src/errors/insufficient-scope-error';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { TooManyAttemptsError } from '../../src/errors/too-many-attempts-error';
import type { ChallengeParameters } from '../../src/errors/www-authenticate';

const challengeOf = ({ headers }: { headers: Readonly<Record<string, string>> }) => headers['WWW-Authenticate'];

const errors: Record<string, (challenge?: ChallengeParameters) => { headers: Readonly<Record<string, string>> }> = {
  'a missing token': (challenge) => new NotAuthenticatedError(undefined, { ...(challenge && { challenge }) }),
  'an invalid token': (challenge) =>
    new NotAuthenticatedError(undefined, { code: 'token_invalid', ...(challenge && { challenge }) }),
  'a credential that is no token': (challenge) =>
    new NotAuthenticatedError(undefined, { code: 'credential_invalid', ...(challenge && { challenge }) }),
  'a missing scope': (challenge) => new InsufficientScopeError(['a'], { ...(challenge && { challenge }) }),
  'a missing scope of a route': (challenge) =>
    new InsufficientScopeError(Object.freeze(['a']), { ...(challenge && { challenge }) }),
  'a login that is too old': (challenge) =>
    new InsufficientAuthenticationError({ maxAge: 5, ...(challenge && { challenge }) }),
};

describe('the challenge of an error', () => {
  for (const [name, make] of Object.entries(errors)) {
    it(`begins with the realm "api" for ${name}`, () => {
      expect(challengeOf(make())).to.match(/^Bearer realm="api"/);
    });

    it(`begins with another realm for ${name}, where one is given`, () => {
      for (const challenge of [{ realm: 'notes' }, Object.freeze({ realm: 'notes' })]) {
        expect(challengeOf(make(challenge))).to.match(/^Bearer realm="notes"(, |$)/);
        expect(challengeOf(make(challenge))).to.equal(challengeOf(make(challenge)));
      }
      expect(challengeOf(make())).to.match(/^Bearer realm="api"/);
    });

    it(`names the metadata of the resource for ${name}, where they are given (RFC 9728 §5.1)`, () => {
      const challenge = challengeOf(make({ resource_metadata: 'https://api.example/.well-known/x' }));
      expect(challenge).to.match(/^Bearer realm="api".*, resource_metadata="https:\/\/api\.example\/\.well-known\/x"$/);
    });
  }

  it('says which scope a missing token needs, where that is given', () => {
    expect(challengeOf(new NotAuthenticatedError(undefined, { challenge: { scope: 'a b' } }))).to.equal(
      'Bearer realm="api", scope="a b"',
    );
  });

  it('names the scopes that are missing, whatever else is given', () => {
    const error = new InsufficientScopeError(['a'], { challenge: { scope: 'b' } });
    expect(challengeOf(error)).to.equal('Bearer realm="api", error="insufficient_scope", scope="a"');
  });

  it('follows parameters that change', () => {
    const challenge: { realm: string } = { realm: 'one' };
    const make = () => challengeOf(new NotAuthenticatedError(undefined, { challenge }));
    expect(make()).to.equal('Bearer realm="one"');
    challenge.realm = 'two';
    expect(make()).to.equal('Bearer realm="two"');
  });
});

describe('InsufficientAuthenticationError', () => {
  it('says what a new login needs (RFC 9470 §3)', () => {
    const error = new InsufficientAuthenticationError({ maxAge: 300.9, acr: ['mfa', 'phr'] });
    expect(challengeOf(error)).to.equal(
      'Bearer realm="api", error="insufficient_user_authentication", error_description="A more recent or stronger login is required", max_age="300", acr_values="mfa phr"',
    );
    expect(error).to.deep.include({ maxAge: 300.9, acr: ['mfa', 'phr'] });
  });

  it('says nothing of what any login meets', () => {
    expect(challengeOf(new InsufficientAuthenticationError({ acr: [] }))).not.to.match(/max_age|acr_values/);
    expect(challengeOf(new InsufficientAuthenticationError({ maxAge: 0 }))).to.include('max_age="0"');
  });

  for (const [name, options] of Object.entries({
    'a negative age': { maxAge: -1 },
    'an age that is no number': { maxAge: '5m' },
    'an infinite age': { maxAge: Number.POSITIVE_INFINITY },
    'NaN as an age': { maxAge: Number.NaN },
    'a string of classes': { acr: 'mfa' },
    'a class that is no string': { acr: [1] },
  })) {
    it(`refuses ${name}`, () => {
      expect(() => new InsufficientAuthenticationError(options as never)).to.throw(ConfigurationError, /maxAge|acr/);
    });
  }
});

describe('TooManyAttemptsError', () => {
  for (const [retryAfter, header] of [
    [30, '30'],
    [0.2, '1'],
    [59.5, '60'],
    [0, '60'],
    [-5, '60'],
    [Number.NaN, '60'],
    [Number.POSITIVE_INFINITY, '60'],
    ['soon', '60'],
  ] as [number, string][]) {
    it(`has Retry-After: ${header} for ${retryAfter}`, () => {
      expect(new TooManyAttemptsError(retryAfter).headers).to.deep.equal({ 'Retry-After': header });
    });
  }
});

describe('a polluted Object.prototype', () => {
  const pollution = {
    code: 'token_expired',
    cause: 'polluted',
    challenge: { realm: 'polluted' },
    realm: 'polluted',
    scope: 'polluted',
    resource_metadata: 'polluted',
    headers: { 'X-Polluted': 'yes' },
    status: 200,
    maxAge: 1,
    acr: ['polluted'],
  };

  for (const [name, make] of Object.entries(errors)) {
    it(`changes nothing of the error for ${name}`, () => {
      const expected = make();
      const names = Object.keys(pollution);
      Object.assign(Object.prototype, pollution);
      try {
        const error = make() as typeof expected & { cause?: unknown };
        expect(error.headers['WWW-Authenticate']).to.equal(expected.headers['WWW-Authenticate']);
        expect(Object.hasOwn(error, 'cause')).to.equal(false);
        expect(JSON.stringify(error)).to.equal(JSON.stringify(expected));
      } finally {
        for (const key of names) delete (Object.prototype as Record<string, unknown>)[key];
      }
    });
  }
});
