import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { createParamDecorator, JsonController, Post } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import type { LoginEvent } from '../../src/util/diagnostics';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { cookie, foreign } from '../support/http';
import { type App, onEachServer } from '../support/servers';

const Sides = () =>
  createParamDecorator({
    value: ({ context, request, response }) =>
      context ? { request: context, response: context } : { request, response },
  });

interface Sides {
  request: App;
  response: App;
}

let manager: LoginManager<Account>;

const login = { data: { sub: 'ada@example.com' } };

@JsonController()
class Routes {
  @Post('/sign-in')
  async login(@Sides() { response }: Sides) {
    await manager.login(response, login);
    return {};
  }

  @Post('/set-cookie')
  setCookie(@Sides() { response }: Sides) {
    manager.setCookie(response, tokenOf(manager));
    return {};
  }

  @Post('/check')
  check(@Sides() { request }: Sides) {
    manager.checkOrigin(request);
    return {};
  }

  @Post('/logout')
  async logout(@Sides() { request, response }: Sides) {
    await manager.logout(request, response);
    return {};
  }

  @Post('/revoke')
  async revoke(@Sides() { request }: Sides) {
    await manager.revoke(request);
    return {};
  }

  @Post('/refresh')
  async refresh(@Sides() { request }: Sides) {
    return manager.refresh(request);
  }
}

describe('the events of logins and logouts', () => {
  onEachServer((start) => {
    const serve = () => {
      manager = managerOf({ useCookie: true, refreshUrl: '/login', sessionStore: new MemorySessionStore() });
      const tokens = tokenEndpoints(manager, { cookies: true, verifyPassword: (sub) => ({ data: { sub } }) });
      return start({ manager, controllers: [Routes, tokens] });
    };

    const heard = async (name: string, call: () => PromiseLike<unknown>): Promise<LoginEvent[]> => {
      const messages: LoginEvent[] = [];
      const listener = (message: unknown) => messages.push(message as LoginEvent);
      subscribe(`routing-controllers-login:${name}`, listener);
      await call();
      unsubscribe(`routing-controllers-login:${name}`, listener);
      return messages;
    };

    for (const path of ['/sign-in', '/login', '/set-cookie', '/check', '/logout', '/revoke', '/refresh']) {
      it(`are one refusal, with the origins that were compared, if a foreign page posts to ${path}`, async () => {
        const { client } = await serve();
        const sent = { ...cookie(tokenOf(manager)), ...foreign };
        const jar = { ...sent, Cookie: `${sent.Cookie}; access-token-refresh=${tokenOf(manager)}` };
        const messages = await heard('refused', async () => {
          const { status, body } = await client.post(path).set(jar).type('form').send({ username: 'a', password: 'p' });
          expect([status, body.code]).to.deep.equal([403, 'cross_origin']);
        });
        expect(messages.map(({ code }) => code)).to.deep.equal(['cross_origin']);
        const [refused] = messages as [LoginEvent];
        expect(refused.action?.request.url).to.equal(path);
        expect(String((refused.error as Error).cause)).to.include('https://evil.example');
      });
    }

    it('say which request logged in', async () => {
      const { client } = await serve();
      const [message] = await heard('login', () => client.post('/sign-in'));
      expect(message).to.include({ manager, sub: 'ada@example.com' });
      expect(message?.action?.request.url).to.equal('/sign-in');
      expect(message?.session).to.be.a('string');
    });

    it('say which request logged in at the token endpoint', async () => {
      const { client } = await serve();
      const form = { username: 'ada@example.com', password: 'p' };
      const [message] = await heard('login', () => client.post('/login').type('form').send(form));
      expect(message?.action?.request.url).to.equal('/login');
    });

    it('know no request of a login that is made by hand', async () => {
      await serve();
      const [message] = await heard('login', () => manager.createTokenResponse(login));
      expect(message).to.include({ sub: 'ada@example.com' }).and.not.have.property('action');
    });
  });
});
