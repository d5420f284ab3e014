import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import type { Secret } from '../../src/jwt/keys/secret';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, Accounts, managerOf, tokenOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { bearer, cookie } from '../support/http';
import { onEachFramework } from '../support/servers';

@JsonController()
class Routes {
  @Authorized()
  @Get('/me')
  me() {
    return {};
  }

  @Get('/open')
  open(@CurrentUser() account: Account | null) {
    return { email: account?.email ?? null };
  }
}

const controllers = [Routes];
const data = { sub: 'ada@example.com' };

describe('the life of a token', () => {
  onEachFramework((start) => {
    const lives: Record<
      string,
      { options?: LoginManagerOptions<Account>; expires?: number | string; seconds: number }
    > = {
      'is 15 minutes by default': { seconds: 15 * 60 },
      'is what defaultExpiry says, in text': { options: { defaultExpiry: '12h' }, seconds: 12 * 3600 },
      'is what defaultExpiry says, in seconds': { options: { defaultExpiry: 90 }, seconds: 90 },
      'is what expires says': { expires: '90 s', seconds: 90 },
      'is what expires says, before defaultExpiry': { options: { defaultExpiry: '12h' }, expires: 30, seconds: 30 },
      'may be shorter than a second': { expires: '500ms', seconds: 0.5 },
      'is prolonged by clockTolerance': { options: { clockTolerance: 10 }, expires: 60, seconds: 70 },
    };

    for (const [name, { options, expires, seconds }] of Object.entries(lives)) {
      it(name, async () => {
        const clock = new TestClock();
        const manager = managerOf({ ...options, clock: clock.tell });
        const { client } = await start({ manager, controllers });
        const headers = bearer(
          manager.createAccessToken({ data, ...(expires !== undefined && { expires: expires as never }) }),
        );
        expect((await client.get('/me').set(headers)).status).to.equal(200);
        clock.advance(seconds - 0.001);
        expect((await client.get('/me').set(headers)).status).to.equal(200);
        clock.advance(0.001);
        const { status, body } = await client.get('/me').set(headers);
        expect(status).to.equal(401);
        expect(body.code).to.equal('token_expired');
      });
    }

    it('ends for the cookie, too', async () => {
      const clock = new TestClock();
      const manager = managerOf({ useCookie: true, clock: clock.tell });
      const { client } = await start({ manager, controllers });
      const headers = cookie(tokenOf(manager));
      expect((await client.get('/me').set(headers)).status).to.equal(200);
      clock.advance(15 * 60);
      expect((await client.get('/me').set(headers)).status).to.equal(401);
    });

    it('ends for a current user that is not required: null', async () => {
      const clock = new TestClock();
      const manager = managerOf({ clock: clock.tell });
      const { client } = await start({ manager, controllers });
      const headers = bearer(tokenOf(manager));
      expect((await client.get('/open').set(headers)).body).to.deep.equal({ email: data.sub });
      clock.advance(15 * 60);
      expect((await client.get('/open').set(headers)).body).to.deep.equal({ email: null });
    });

    it('begins at nbf', async () => {
      const clock = new TestClock();
      const manager = managerOf({ clock: clock.tell });
      const { client } = await start({ manager, controllers });
      const headers = bearer(manager.createAccessToken({ data: { ...data, nbf: clock.now / 1000 + 60 } }));
      expect((await client.get('/me').set(headers)).body.code).to.equal('token_invalid');
      clock.advance(60);
      expect((await client.get('/me').set(headers)).status).to.equal(200);
    });
  });
});

describe('keys that are changed', () => {
  const pem = () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const keys: Record<string, { options?: LoginManagerOptions<Account>; old: string; young: string }> = {
    HS256: { old: 'the old secret, of thirty-two bytes', young: 'the new secret, of thirty-two bytes' },
    ES256: { options: { algorithm: 'ES256' }, old: pem(), young: pem() },
  };

  onEachFramework((start) => {
    for (const [algorithm, { options, old, young }] of Object.entries(keys)) {
      describe(algorithm, () => {
        const managerWith = (secret: Secret) => {
          return new LoginManager<Account>(secret, '/login', { userLoader: Accounts, ...options });
        };
        const statusAt = async (manager: LoginManager<Account>, token: string) => {
          const { client } = await start({ manager, controllers });
          return (await client.get('/me').set(bearer(token))).status;
        };
        const [before, between, after] = [managerWith(old), managerWith([young, old]), managerWith(young)];

        it('let old tokens live on while the old key is in the list', async () => {
          expect(await statusAt(between, tokenOf(before))).to.equal(200);
          expect(await statusAt(after, tokenOf(before))).to.equal(401);
        });

        it('sign with the first of the list', async () => {
          expect(await statusAt(between, tokenOf(between))).to.equal(200);
          expect(await statusAt(after, tokenOf(between))).to.equal(200);
          expect(await statusAt(before, tokenOf(between))).to.equal(401);
        });
      });
    }

    it('are verified by a server that has the public key alone', async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const options = { algorithm: 'ES256', userLoader: Accounts } as const;
      const issuer = new LoginManager<Account>(privateKey, '/login', options);
      const spki = publicKey.export({ format: 'pem', type: 'spki' }).toString();
      const verifier = new LoginManager<Account>({ publicKey: spki }, null, options);
      const { client } = await start({ manager: verifier, controllers });
      expect((await client.get('/me').set(bearer(tokenOf(issuer)))).status).to.equal(200);
    });
  });
});
