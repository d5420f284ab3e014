import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, UnauthorizedError } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { bearer, cookie } from '../support/http';
import { onEachFramework } from '../support/servers';
import { capturingStderr } from '../support/stderr';
import { forge } from '../support/tokens';

@JsonController()
class Resources {
  @Authorized()
  @Get('/protected')
  protected() {
    return {};
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return { email: account.email };
  }

  @Authorized(['notes:read', anyOf('notes:write', 'admin')])
  @Get('/scoped')
  scoped() {
    return {};
  }

  @Authorized()
  @Get('/handler')
  handler() {
    throw new UnauthorizedError('of the application');
  }

  @Get('/echo')
  echo(@CurrentUser() account: Account | null) {
    return { email: account?.email ?? null };
  }
}

/** The auth-params of a challenge, read as RFC 9110 §11.6.1 has it; a challenge that cannot be read fails the test. */
function paramsOf(challenge: string | undefined): Record<string, string> {
  expect(challenge).to.match(/^Bearer( [a-z_]+="[^"\\]*"(, [a-z_]+="[^"\\]*")*)?$/);
  return Object.fromEntries(
    [...(challenge as string).matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
}

describe('RFC 6750, Bearer Token Usage', () => {
  onEachFramework((start) => {
    const clock = new TestClock();
    const manager = managerOf({ clock: clock.tell, useCookie: true });
    const get = async (path: string, headers: Record<string, string> = {}) =>
      (await start({ manager, controllers: [Resources] })).client.get(path).set(headers);
    const invalid = () => [
      'garbage',
      forge({ payload: { sub: 'ada@example.com', exp: clock.now / 1000 } }),
      forge({ payload: { sub: 'ada@example.com', exp: 4e9 }, key: `${SECRET}!` }),
      forge({ payload: { sub: 'nobody@example.com', exp: 4e9 } }),
    ];

    it('§2.1: resource servers MUST support the Authorization request header field', async () => {
      expect((await get('/protected', bearer(tokenOf(manager)))).status).to.equal(200);
    });

    it('§2.3: a token in the query is not read', async () => {
      expect((await get(`/protected?access_token=${tokenOf(manager)}`)).status).to.equal(401);
    });

    for (const path of ['/protected', '/required', '/scoped']) {
      it(`§3: the response to ${path} without credentials MUST include WWW-Authenticate`, async () => {
        const response = await get(path);
        expect([response.status, response.headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
      });
    }

    it('§3: as MUST that to a token that does not enable access, and all use the scheme Bearer', async () => {
      for (const token of invalid()) {
        for (const path of ['/protected', '/required']) {
          const response = await get(path, bearer(token));
          expect(response.status).to.equal(401);
          expect(response.headers['www-authenticate']).to.match(/^Bearer /);
        }
      }
    });

    it('§3: the scheme MUST be followed by one or more auth-params, each of which MUST NOT appear more than once', async () => {
      const response = await get('/scoped', bearer(tokenOf(manager)));
      const names = [...(response.headers['www-authenticate'] as string).matchAll(/([a-z_]+)=/g)].map(
        ([, name]) => name,
      );
      expect(names).to.have.members([...new Set(names)]).and.not.to.be.empty;
      const { headers } = await get('/protected', bearer('garbage'));
      expect([...(headers['www-authenticate'] as string).matchAll(/error=/g)]).to.have.length(1);
    });

    it('§3: scope is space-separated, each a scope-token', async () => {
      const { scope } = paramsOf((await get('/scoped', bearer(tokenOf(manager)))).headers['www-authenticate']);
      expect(scope?.split(' ')).to.have.members(['notes:read', 'notes:write', 'admin']);
    });

    it('§3: the values of error, error_description and scope MUST NOT include characters outside of those allowed', async () => {
      for (const response of [
        await get('/scoped', bearer(tokenOf(manager))),
        await get('/protected', bearer('"\\é')),
      ]) {
        for (const value of Object.values(paramsOf(response.headers['www-authenticate'])))
          expect(value).to.match(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/);
      }
    });

    it('§3.1: without any authentication information the response SHOULD NOT include an error code', async () => {
      for (const headers of [{}, { Authorization: 'Basic YWRhOng=' }, { Cookie: 'theme=dark' }] as Record<
        string,
        string
      >[]) {
        const response = await get('/protected', headers);
        expect(paramsOf(response.headers['www-authenticate'])).to.deep.equal({ realm: 'api' });
        expect(response.body.code).to.equal('token_missing');
      }
    });

    it('§3.1: invalid_token, for one that is expired, malformed or invalid, is answered with 401', async () => {
      for (const token of invalid()) {
        for (const credentials of [bearer(token), cookie(token)]) {
          const response = await get('/protected', { ...credentials });
          expect([response.status, paramsOf(response.headers['www-authenticate']).error]).to.deep.equal([
            401,
            'invalid_token',
          ]);
        }
      }
    });

    it('§3.1: insufficient_scope is answered with 403 and MAY name the scopes that are needed', async () => {
      const response = await get('/scoped', bearer(tokenOf(manager, 'ada@example.com', ['notes:read'])));
      expect(response.status).to.equal(403);
      expect(paramsOf(response.headers['www-authenticate'])).to.deep.equal({
        realm: 'api',
        error: 'insufficient_scope',
        scope: 'notes:read notes:write admin',
      });
    });

    it('§3.1: an unknown user is not told from an invalid token by the challenge', async () => {
      const [garbage, , , unknown] = invalid();
      const [one, other] = [
        await get('/protected', bearer(garbage as string)),
        await get('/protected', bearer(unknown as string)),
      ];
      expect(one.headers['www-authenticate']).to.equal(other.headers['www-authenticate']);
    });

    it('RFC 9110 §15.5.2: a 401 that a handler throws MUST have a challenge, too', async () => {
      // The error is the application's, so Express and Koa print it.
      await capturingStderr(async () => {
        const response = await get('/handler', bearer(tokenOf(manager)));
        expect([response.status, response.headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
      });
    });

    it('§5.2: tokens, whole or in part, are in no answer', async () => {
      for (const token of invalid().slice(1)) {
        const response = await get('/protected', bearer(token));
        const everything = response.text + JSON.stringify(response.headers);
        for (const part of token.split('.')) expect(everything).not.to.include(part);
      }
    });
  });
});
