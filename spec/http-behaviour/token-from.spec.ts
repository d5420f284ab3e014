import { expect } from 'chai';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { bearer, cookie, foreign } from '../support/http';
import { onEachServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

type TokenFrom = NonNullable<LoginManagerOptions<Account>['tokenFrom']>;

const throwing = (reason: unknown) => () => {
  throw reason;
};

/** What tokenFrom gives, and what the request is answered with. */
const answers: Record<string, [tokenFrom: TokenFrom, status: number, code: string | undefined]> = {
  'undefined is no token': [() => undefined, 401, 'token_missing'],
  'null is no token': [() => null as never, 401, 'token_missing'],
  'an empty string is no token': [() => '', 401, 'token_missing'],
  'another string is an invalid token': [() => 'garbage', 401, 'token_invalid'],
  'an array is an invalid token': [() => ['a', 'b'] as never, 401, 'token_invalid'],
  'a number is an invalid token': [() => 7 as never, 401, 'token_invalid'],
  'true is an invalid token': [() => true as never, 401, 'token_invalid'],
  'a promise is a mistake': [(async () => 'x') as never, 500, undefined],
  'a rejected promise is a mistake': [(() => Promise.reject()) as never, 500, undefined],
  'an error that is thrown is answered': [throwing(new Error('broken')), 500, undefined],
  'undefined that is thrown is answered': [throwing(undefined), 500, undefined],
  'null that is thrown is answered': [throwing(null), 500, undefined],
  'zero that is thrown is answered': [throwing(0), 500, undefined],
  'the word route that is thrown is answered': [throwing('route'), 500, undefined],
};

describe('tokenFrom', () => {
  silencingStderr();

  onEachServer((start) => {
    const fromQuery: TokenFrom = (request) => request.query.token;
    const startWith = async (tokenFrom: TokenFrom, options: LoginManagerOptions<Account> = {}) => {
      const manager = managerOf({ useCookie: true, tokenFrom, ...options });
      const { client } = await start({ manager, controllers: [GuardedRoute] });
      return { client, manager, token: tokenOf(manager) };
    };

    it('finds a token in the query, for an EventSource', async () => {
      const { client, token } = await startWith(fromQuery);
      expect((await client.get('/me').query({ token })).status).to.equal(200);
    });

    it('is refused, and is no server error, for a parameter that is repeated', async () => {
      const { client, token } = await startWith(fromQuery);
      expect((await client.get(`/me?token=${token}&token=${token}`)).status).to.equal(401);
    });

    it('finds a token in another header', async () => {
      const { client, token } = await startWith((request) => request.headers['x-token']);
      expect((await client.get('/me').set('X-Token', token)).status).to.equal(200);
    });

    it('is asked only if header and cookie hold no token', async () => {
      let asked = 0;
      const { client, token } = await startWith(() => {
        asked += 1;
        return undefined;
      });
      for (const credentials of [bearer(token), cookie(token), bearer('garbage')])
        await client.get('/me').set(credentials);
      expect(asked).to.equal(0);
      await client.get('/me');
      expect(asked).to.equal(1);
    });

    it('is not subject to the origin check, because no browser adds such a token by itself', async () => {
      const { client, token } = await startWith(fromQuery);
      expect((await client.post('/me').query({ token }).set(foreign)).status).to.equal(200);
    });

    for (const [name, [tokenFrom, status, code]] of Object.entries(answers)) {
      it(`lets nobody in, and is answered: ${name}`, async () => {
        const { client } = await startWith(tokenFrom);
        const response = await client.get('/me');
        expect([
          response.status,
          response.body.code === 'configuration_error' ? undefined : response.body.code,
        ]).to.deep.equal([status, code]);
      });
    }
  });
});
