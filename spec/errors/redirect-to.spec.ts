import { expect } from 'chai';
import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { redirectTo } from '../../src/errors/redirect-to';
import { managerOf } from '../support/accounts';
import { rejection } from '../support/rejection';

const locationOf = (made: Error) => (made as NotAuthenticatedError).headers.Location;
const action = (method: string, originalUrl: string): Action => ({ request: { method, originalUrl }, response: {} });

describe('the error of redirectTo', () => {
  it('leaves the fragment of the login page at the end', () => {
    const error = redirectTo('/login#form', { returnTo: 'next' })(new NotAuthenticatedError(), action('GET', '/me'));
    expect(locationOf(error)).to.equal('/login?next=%2Fme#form');
  });

  it('encodes where the visitor wanted to go, so that it stays one parameter', () => {
    const error = redirectTo('/login', { returnTo: 'next' })(
      new NotAuthenticatedError(),
      action('GET', '/search?a=b&next=#\r\n"'),
    );
    expect(locationOf(error)).to.equal('/login?next=%2Fsearch%3Fa%3Db%26next%3D%23%0D%0A%22');
  });

  for (const target of ['//evil.example/', '/\\evil.example/', 'http://evil.example/', '*']) {
    it(`says nothing of ${target}, which is no path of this site`, () => {
      const error = redirectTo('/login', { returnTo: 'next' })(new NotAuthenticatedError(), action('GET', target));
      expect(locationOf(error)).to.equal('/login');
    });
  }

  it('goes to the login page alone, where there is no request', async () => {
    const manager = managerOf({ notAuthenticatedException: redirectTo('/login', { returnTo: 'next' }) });
    expect(locationOf(await rejection(manager.getCurrentUser('garbage')))).to.equal('/login');
  });

  it('keeps the reason', () => {
    const cause = new NotAuthenticatedError(undefined, { code: 'token_expired' });
    const error = redirectTo('/login')(cause);
    expect(error).to.include({ status: 303, code: 'token_expired', message: 'The access token expired', cause });
  });

  it('may go to another site', () => {
    expect(locationOf(redirectTo('https://sso.example/login?client=1')(new NotAuthenticatedError()))).to.equal(
      'https://sso.example/login?client=1',
    );
  });

  for (const [name, location] of Object.entries({
    'an empty string': '',
    nothing: undefined,
    null: null,
    'a number': 7,
    'a path with a space': '/log in',
    'a path with a line break': '/login\r\nSet-Cookie: a=b',
    'a path with a letter beyond ASCII': '/täglich',
    'a URL object': new URL('https://a.example'),
  })) {
    it(`cannot go to ${name}`, () => {
      expect(() => redirectTo(location as never)).to.throw(
        ConfigurationError,
        /redirectTo\(\) needs a path or a URL such as '\/login', percent-encoded/,
      );
    });
  }
});
