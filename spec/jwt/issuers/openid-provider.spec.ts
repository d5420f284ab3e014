import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager } from '../../../src/manager/login-manager';
import { UserLoader } from '../../../src/users/user-loader';
import { SECRET } from '../../support/accounts';
import { bearer } from '../../support/http';
import { otherRsa, rsa } from '../../support/keys';
import { INTROSPECTOR, OpenIdProvider, quietProviders, RESOURCES } from '../../support/openid-provider';
import { closeServers, starter } from '../../support/servers';

interface Person {
  sub: string;
}

class People {
  @UserLoader()
  find(sub: string): Person {
    return { sub };
  }
}

@JsonController()
class Notes {
  @Authorized('notes:read')
  @Get('/notes')
  read(@CurrentUser() { sub }: Person): Person {
    return { sub };
  }

  @Authorized('notes:write')
  @Get('/drafts')
  write(): object {
    return {};
  }
}

for (const framework of ['Express 5', 'Koa'] as const)
  describe(`An API with two OpenID providers on ${framework}`, () => {
    let first: OpenIdProvider;
    let second: OpenIdProvider;
    let client: Awaited<ReturnType<ReturnType<typeof starter>>>['client'];
    let now: number;

    quietProviders();

    beforeEach(async () => {
      now = Date.now();
      first = await OpenIdProvider.start('first', rsa().privateKey);
      second = await OpenIdProvider.start('second', otherRsa().privateKey);
      const manager = new LoginManager<Person>(SECRET, null, {
        userLoader: People,
        scopeClaim: 'scope',
        clock: () => now,
        issuers: [
          {
            issuer: first.issuer,
            audience: Object.values(RESOURCES),
            introspection: { url: `${first.issuer}/token/introspection`, ...INTROSPECTOR },
          },
          { issuer: second.issuer, audience: RESOURCES.jwt },
        ],
      });
      ({ client } = await starter(framework, 'secure')({ manager, controllers: [Notes] }));
    });

    afterEach(async () => {
      closeServers();
      await Promise.all([first.stop(), second.stop()]);
    });

    const get = (path: string, token: string) => client.get(path).set(bearer(token));

    it('lets a machine of either in, with the scopes it was granted', async () => {
      for (const provider of [first, second]) {
        const token = await provider.machineToken('jwt');
        const { status, body } = await get('/notes', token);
        expect({ status, body }).to.deep.equal({ status: 200, body: { sub: 'machine' } });
        expect((await get('/drafts', token)).status).to.equal(403);
      }
    });

    it('lets a machine in with an opaque token', async () => {
      const token = await first.machineToken('opaque');
      expect(token.split('.')).to.have.length(1);
      const { status, body } = await get('/notes', token);
      expect({ status, body }).to.deep.equal({ status: 200, body: { sub: 'machine' } });
      expect((await get('/drafts', token)).status).to.equal(403);
    });

    for (const format of ['jwt', 'opaque'] as const)
      it(`lets a user in with the authorization code flow (${format})`, async () => {
        const token = await first.userToken(format);
        const { status, body } = await get('/notes', token);
        expect({ status, body }).to.deep.equal({ status: 200, body: { sub: 'ada@example.com' } });
        expect((await get('/drafts', token)).status).to.equal(403);
      });

    it('refuses an opaque token of the provider that is not asked', async () => {
      expect((await get('/notes', await second.machineToken('opaque'))).status).to.equal(401);
    });

    it('takes the new key of a provider at once, and refuses the old one in the end', async () => {
      const old = await first.machineToken('jwt');
      expect((await get('/notes', old)).status).to.equal(200);
      await first.stop();
      await first.listen('third', otherRsa().privateKey);
      expect((await get('/notes', await first.machineToken('jwt'))).status).to.equal(200);
      expect((await get('/notes', old)).status).to.equal(401);
    });

    it('answers 503 while a provider is down whose keys it has never seen, and 200 when it is up again', async () => {
      const token = await first.machineToken('jwt');
      await first.stop();
      const { status, headers } = await get('/notes', token);
      expect(status).to.equal(503);
      expect(headers['retry-after']).to.equal('1');
      expect((await get('/notes', await second.machineToken('jwt'))).status).to.equal(200);
      await first.listen('first', rsa().privateKey);
      expect((await get('/notes', token)).status).to.equal(200);
    });

    it('needs no provider for tokens of keys that it knows, however long it is down', async () => {
      const [one, another] = [await first.machineToken('jwt'), await first.machineToken('jwt')];
      expect((await get('/notes', one)).status).to.equal(200);
      await first.stop();
      now += 500_000;
      expect((await get('/notes', another)).status).to.equal(200);
      await first.listen('first', rsa().privateKey);
    });
  });
