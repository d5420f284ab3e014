import { expect } from 'chai';
import { managerOf, tokenOf } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { bearer } from '../support/http';
import { sendRaw } from '../support/raw-request';
import { onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

describe('a request target', () => {
  silencingStderr();

  onEachSecureServer((start) => {
    async function serve() {
      const manager = managerOf();
      const { url } = await start({ manager, controllers: [GuardedRoute] });
      return (target: string, headers = bearer(tokenOf(manager))) => sendRaw(url, `GET ${target}`, headers);
    }

    it('in absolute form is guarded as its path is (RFC 9112 §3.2.2)', async () => {
      const send = await serve();
      expect((await send('http://127.0.0.1/me')).status).to.equal(200);
      expect((await send('http://127.0.0.1/me', {} as never)).status).to.equal(401);
    });

    for (const target of [
      'http://[::1]:me',
      'http://a:b:c/me',
      'http://127.0.0.1:99999/me',
      '*',
      '//me',
      'http://?x',
      'a://?x',
      '/me%',
      '/%ff',
    ]) {
      it(`that is ${target} is no fault of the server`, async () => {
        const send = await serve();
        for (const headers of [undefined, {} as never]) {
          expect((await send(target, headers)).status).to.be.oneOf([200, 400, 401, 404]);
        }
      });
    }
  });
});
