import { expect } from 'chai';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { bearer, cookie } from '../support/http';
import { onEachServer, sharedServer } from '../support/servers';

type Headers = Record<string, string>;

describe('a token in the cookie', () => {
  onEachServer((start) => {
    const ada = tokenOf(managerOf());
    const bob = tokenOf(managerOf(), 'bob@example.com');

    const startIt = (options: LoginManagerOptions<Account>) =>
      start({ manager: managerOf({ useCookie: true, ...options }), controllers: [GuardedRoute] });
    const server = sharedServer(() => startIt({}));
    const statusOf = async (headers: Headers, { client } = server()) => (await client.get('/me').set(headers)).status;
    const startWith = async (options: LoginManagerOptions<Account>) => {
      const started = await startIt(options);
      return (headers: Headers) => statusOf(headers, started);
    };

    it('is not looked at by default', async () => {
      const statusWith = await startWith({ useCookie: false });
      expect(await statusWith(cookie(bob))).to.equal(401);
    });

    it('is read with useCookie, and one in the header too', async () => {
      expect(await statusOf(cookie(bob))).to.equal(200);
      expect(await statusOf(bearer(bob))).to.equal(200);
    });

    it('is the only one with useHeader: false', async () => {
      const statusWith = await startWith({ useHeader: false });
      expect(await statusWith(cookie(bob))).to.equal(200);
      expect(await statusWith(bearer(bob))).to.equal(401);
      expect(await statusWith({ ...cookie(bob), ...bearer('garbage') })).to.equal(200);
    });

    it('is read from the cookie that cookieName names', async () => {
      const statusWith = await startWith({ cookieName: 'sid' });
      expect(await statusWith(cookie(bob, 'sid'))).to.equal(200);
      for (const name of ['access-token', 'SID', 'xsid'])
        expect(await statusWith(cookie(bob, name)), name).to.equal(401);
    });

    it('gives way to one in the header, even a bad one', async () => {
      expect(await statusOf({ ...cookie(bob), ...bearer('garbage') })).to.equal(401);
      expect(await statusOf({ ...cookie(bob), Authorization: 'Bearer' })).to.equal(401);
      expect(await statusOf({ ...cookie('garbage'), ...bearer(bob) })).to.equal(200);
    });

    it('is not hidden by a header of another scheme', async () => {
      for (const Authorization of ['Basic YTpi', 'Bearertoken abc', 'Digest username="bearer"', '']) {
        expect(await statusOf({ ...cookie(bob), Authorization }), Authorization).to.equal(200);
      }
    });

    it('is found among other cookies', async () => {
      expect(await statusOf({ Cookie: `a=b;access-token=${bob}; xaccess-token=c; access-token2=d` })).to.equal(200);
    });

    it('is refused if two cookies of the name differ, whichever comes first', async () => {
      for (const other of [ada, 'garbage', '']) {
        expect(await statusOf({ Cookie: `access-token=${bob}; access-token=${other}` }), other).to.equal(401);
        expect(await statusOf({ Cookie: `access-token=${other}; access-token=${bob}` }), other).to.equal(401);
      }
    });

    it('is accepted if two cookies of the name are the same', async () => {
      expect(await statusOf({ Cookie: `access-token=${bob}; access-token=${bob}` })).to.equal(200);
    });

    it('is not hidden by text without a name', async () => {
      for (const text of ['access-token', 'access-tokens', '=access-token', ' ', ';']) {
        expect(await statusOf({ Cookie: `${text}; access-token=${bob}; ${text}` }), text).to.equal(200);
      }
    });

    for (const Cookie of [
      'access-token',
      'access-token=',
      'access-token=""',
      'access-token="garbage"',
      'access-token=%',
      'access-token=%E0%A4%A',
      '__proto__=x; constructor=y; access-token=z',
      '__proto__; toString; ="=;=',
      'access-token=a.b.c; access-token',
    ]) {
      it(`is refused or missing, and no failure, in the header ${Cookie}`, async () => {
        const { status, body } = await server().client.get('/me').set({ Cookie });
        expect(status).to.equal(401);
        expect(body.code).to.be.oneOf(['token_missing', 'token_invalid']);
      });
    }

    for (const cookieName of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      it(`may be in a cookie that is named like a property of every object: ${cookieName}`, async () => {
        const statusWith = await startWith({ cookieName });
        expect(await statusWith({})).to.equal(401);
        expect(await statusWith(cookie('a'))).to.equal(401);
        expect(await statusWith(cookie(bob, cookieName))).to.equal(200);
      });
    }
  });
});
