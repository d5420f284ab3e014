import { expect } from 'chai';
import { JsonController, Post, Req, Res } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import type { Account } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { type App, onEachServer } from '../support/servers';
import { fateOf, Sessions } from '../support/sessions';

function routesOf(manager: LoginManager<Account>) {
  @JsonController()
  class Routes {
    @Post('/logout')
    async logout(@Req() request: App, @Res() response: App) {
      await manager.logout(request, response);
      return {};
    }

    @Post('/revoke')
    async revoke(@Req() request: App) {
      await manager.revoke(request);
      return {};
    }
  }
  return Routes;
}

describe('a foreign page that sends a token of its own in the header', () => {
  onEachServer((start) => {
    for (const path of ['/logout', '/revoke']) {
      it(`ends its own session at ${path}, and not those of the visitor's cookies`, async () => {
        const { manager } = new Sessions({ useCookie: true, refreshUrl: '/token' });
        const { client } = await start({ manager, controllers: [routesOf(manager)] });
        const [own, refreshed] = [await loginOf(manager), await loginOf(manager)];
        const visitor = await loginOf(manager);
        const cookies = `access-token=${visitor.access_token}; access-token-refresh=${refreshed.refresh_token}`;
        const response = await client.post(path).set({ ...bearer(own.access_token), ...foreign, Cookie: cookies });
        expect([response.status, response.headers['set-cookie']]).to.deep.equal([200, undefined]);
        expect(await fateOf(manager, own.access_token)).to.equal('token_revoked');
        expect(await fateOf(manager, visitor.access_token)).to.equal('let in');
        expect(await manager.refresh(refreshed.refresh_token)).to.have.property('access_token');
      });

      it(`ends nothing at ${path} with the visitor's cookie alone`, async () => {
        const { manager } = new Sessions({ useCookie: true });
        const { client } = await start({ manager, controllers: [routesOf(manager)] });
        const { access_token } = await loginOf(manager);
        const response = await client.post(path).set({ ...cookie(access_token), ...foreign });
        expect([response.status, await fateOf(manager, access_token)]).to.deep.equal([403, 'let in']);
      });
    }
  });
});

async function loginOf(manager: LoginManager<Account>): Promise<{ access_token: string; refresh_token: string }> {
  const response = await manager.createTokenResponse({ data: { sub: 'ada@example.com' }, refresh: true });
  return response as { access_token: string; refresh_token: string };
}
