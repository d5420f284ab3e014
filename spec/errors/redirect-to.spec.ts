import { expect } from 'chai';
import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { redirectTo } from '../../src/errors/redirect-to';
import { managerOf } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { rejection } from '../support/rejection';
import { onEachServer } from '../support/servers';

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

  for (const location of [
    'login',
    './login',
    '../login',
    '?login',
    '#login',
    '//sso.example/login',
    '/\\sso.example',
  ]) {
    it(`cannot go to ${location}, and says what to write`, () => {
      expect(() => redirectTo(location)).to.throw(
        ConfigurationError,
        /depends on the page that was asked for; write a path that begins with one slash, such as '\/login', or a full URL/,
      );
    });
  }

  it('knows no other choice of requests than pages', () => {
    expect(() => redirectTo('/login', { only: 'html' as never })).to.throw(ConfigurationError, /only must be 'pages'/);
  });

  describe("with only: 'pages'", () => {
    onEachServer((start) => {
      const pages: Record<string, string> = {
        'a browser asks for a page': 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
        'HTML is accepted with a weight': 'application/json, text/html;q=0.5',
        'HTML is written in capitals': 'TEXT/HTML',
        'XHTML is accepted': 'application/xhtml+xml',
      };
      const others: Record<string, string> = {
        'a script asks for JSON': 'application/json',
        'anything is accepted': '*/*',
        'any text is accepted': 'text/*',
        'HTML is excluded': 'text/html;q=0, application/json',
        'an event stream is asked for': 'text/event-stream',
        'nothing is said': '',
      };
      const responseTo = async (accept: string) => {
        const manager = managerOf({ notAuthenticatedException: redirectTo('/login', { only: 'pages' }) });
        const { client } = await start({ manager, controllers: [GuardedRoute] });
        return client.get('/me').redirects(0).set('Accept', accept);
      };

      for (const [name, accept] of Object.entries(pages)) {
        it(`redirects if ${name}`, async () => {
          const { status, headers } = await responseTo(accept);
          expect([status, headers.location]).to.deep.equal([303, '/login']);
        });
      }

      for (const [name, accept] of Object.entries(others)) {
        it(`answers 401 with its challenge if ${name}`, async () => {
          const { status, headers, body } = await responseTo(accept);
          expect([status, body.code]).to.deep.equal([401, 'token_missing']);
          expect(headers).to.include.keys('www-authenticate').and.not.include.keys('location');
        });
      }
    });

    it('throws the 401 where there is no request', async () => {
      const manager = managerOf({ notAuthenticatedException: redirectTo('/login', { only: 'pages' }) });
      expect(await rejection(manager.getCurrentUser('garbage'))).to.include({ httpCode: 401, code: 'token_invalid' });
    });
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
