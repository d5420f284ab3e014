import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, UseBefore } from 'routing-controllers';
import { type Account, SECRET } from '../../support/accounts';
import { GuardedRoute } from '../../support/guarded-route';
import { bearer, cookie } from '../../support/http';
import { rsa } from '../../support/keys';
import { type App, onEachSecureServer, onEachServer } from '../../support/servers';
import { encode, forge } from '../../support/tokens';
import { areRefused, CLAIMS, managerWith } from './attacks';
import '../../support/quiet-lost-guards';

/** A guard that an application wrote itself, for Express and for Koa. */
function refuse(...args: App[]): void {
  const [context, response] = args;
  if (args.length === 2) Object.assign(context, { status: 418, body: {} });
  else response.status(418).json({});
}

const BOB = { ...CLAIMS, sub: 'bob@example.com' };

describe('published advisories about who is let in', () => {
  describe('CVE-2026-35039: tokens that a cache could mistake for another one', () => {
    const good = forge({ payload: CLAIMS });
    const [header, payload, signature = ''] = good.split('.');

    areRefused({
      manager: () => managerWith(SECRET),
      good: () => good,
      bad: () => ({
        'the signature of another token': `${header}.${encode(BOB)}.${signature}`,
        'the end of the signature of another token': `${header}.${encode(BOB)}.A${signature.slice(1)}`,
        'the same claims, and another header': `${encode({ alg: 'HS256' })}.${payload}.${signature}`,
        'the same parts in another order': `${payload}.${header}.${signature}`,
        'the token twice': `${good}.${good}`,
        'the token with something in front': `x${good}`,
        'a prototype': '__proto__',
      }),
    });

    onEachServer((start) => {
      it('are told apart: each of two users is the one that the token says, whoever came first', async () => {
        const { client } = await start({
          manager: managerWith(rsa().privateKey, { algorithm: 'RS256' }),
          controllers: [GuardedRoute],
        });
        const tokenOf = (claims: object) =>
          forge({ payload: claims as never, key: rsa().privateKey, algorithm: 'RS256' });
        const [ada, bob] = [tokenOf(CLAIMS), tokenOf(BOB)];
        for (const [token, email] of [
          [ada, CLAIMS.sub],
          [bob, BOB.sub],
          [ada, CLAIMS.sub],
          [bob, BOB.sub],
        ] as const) {
          expect((await client.get('/me').set(bearer(token))).body).to.deep.equal({ email });
          expect((await client.get('/me').set(cookie(token))).body).to.deep.equal({ email });
        }
      });
    });
  });

  describe('hono#291: the secret', () => {
    onEachServer((start) => {
      it('is in no part of a refusal, of a header nor of a cookie, nor is the token', async () => {
        const { client } = await start({ manager: managerWith(SECRET), controllers: [GuardedRoute] });
        const token = forge({ payload: BOB, key: `${SECRET}.` });
        for (const headers of [
          {},
          bearer(token),
          cookie(token),
          bearer(SECRET),
          { Authorization: SECRET },
          bearer(token),
          cookie(token),
        ]) {
          const answer = await client.get('/me').set(headers);
          expect(answer.status).to.equal(401);
          const all = JSON.stringify([answer.headers, answer.text]);
          expect(all).to.not.include(SECRET);
          expect(all).to.not.include(token);
          expect(all).to.not.include(token.split('.')[2] as string);
        }
      });
    });
  });

  describe('CVE-2025-41248, CVE-2025-41249: guards of a base class', () => {
    const isAdmin = (account: Account) => account.admin;

    abstract class Base {
      @Authorized()
      @Get('/inherited')
      inherited() {
        return 'inherited';
      }

      @Authorized(isAdmin)
      @Get('/inherited-admin')
      inheritedAdmin() {
        return 'inherited';
      }

      @Get('/inherited-user')
      inheritedUser(@CurrentUser({ required: true }) account: Account) {
        return account;
      }

      @UseBefore(refuse)
      @Get('/inherited-middleware')
      inheritedMiddleware() {
        return 'inherited';
      }
    }

    @Authorized()
    abstract class ClosedBase {
      @Get('/closed')
      closed() {
        return 'closed';
      }
    }

    @JsonController('/leaf')
    class Leaf extends Base {}

    @JsonController('/closed-leaf')
    class ClosedLeaf extends ClosedBase {}

    onEachSecureServer((start) => {
      it('hold for what derives from it, with a cold cache and with a warm one', async () => {
        const { client } = await start({ manager: managerWith(SECRET), controllers: [Leaf, ClosedLeaf] });
        const [ada, bob] = [forge({ payload: CLAIMS }), forge({ payload: BOB })];
        const statusesOf = async (path: string) =>
          Promise.all(
            [{}, bearer(bob), cookie(bob), bearer(ada), cookie(ada)].map(
              async (headers) => (await client.get(path).set(headers)).status,
            ),
          );
        for (let times = 0; times < 2; times++) {
          expect(await statusesOf('/leaf/inherited')).to.deep.equal([401, 200, 200, 200, 200]);
          expect(await statusesOf('/leaf/inherited-admin')).to.deep.equal([401, 403, 403, 200, 200]);
          expect(await statusesOf('/leaf/inherited-user')).to.deep.equal([401, 200, 200, 200, 200]);
          expect(await statusesOf('/leaf/inherited-middleware')).to.deep.equal([418, 418, 418, 418, 418]);
          expect(await statusesOf('/closed-leaf/closed')).to.deep.equal([401, 200, 200, 200, 200]);
        }
      });
    });
  });
});
