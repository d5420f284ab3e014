import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import { apiKey } from '../../src/authentication/api-key';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import type { LoginEvent, LoginEventName } from '../../src/util/diagnostics';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { onEachServer } from '../support/servers';
import { payloadOf } from '../support/tokens';

const never = () => false;

@JsonController()
class Routes {
  @Get('/open')
  open(@CurrentUser() user: Account | null) {
    return { user };
  }

  @Authorized()
  @Get('/login')
  login(@CurrentUser() user: Account) {
    return { user };
  }

  @Authorized('admin')
  @Get('/scope')
  scope(@CurrentUser() user: Account) {
    return { user };
  }

  @Authorized(never)
  @Get('/policy')
  policy(@CurrentUser() user: Account) {
    return { user };
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) user: Account) {
    return { user };
  }

  @Authorized()
  @Post('/write')
  write(@CurrentUser() user: Account) {
    return { user };
  }
}

/** Collects the messages of both channels. */
function listen() {
  const messages: (LoginEvent & { name: LoginEventName })[] = [];
  const listeners = (['authenticated', 'refused'] as const).map((name) => ({
    channel: `routing-controllers-login:${name}`,
    listener: (message: unknown) => messages.push({ ...(message as LoginEvent), name }),
  }));
  for (const { channel, listener } of listeners) subscribe(channel, listener);
  const stop = () => {
    for (const { channel, listener } of listeners) unsubscribe(channel, listener);
  };
  return { messages, stop };
}

describe('the events of a request', () => {
  let events: ReturnType<typeof listen>;
  beforeEach(() => {
    events = listen();
  });
  afterEach(() => events.stop());

  const seen = () => events.messages.map(({ name, code }) => (code ? `${name}: ${code}` : name));

  onEachServer((start) => {
    const serve = (options = {}) => {
      const manager = managerOf({ useCookie: true, ...options });
      return start({ manager, controllers: [Routes] }).then((server) => ({ ...server, manager }));
    };

    for (const [path, headers, expected] of [
      ['/open', 'none', []],
      ['/open', 'invalid', []],
      ['/open', 'valid', ['authenticated']],
      ['/login', 'valid', ['authenticated']],
      ['/login', 'none', ['refused: token_missing']],
      ['/login', 'invalid', ['refused: token_invalid']],
      ['/login', 'gone', ['refused: user_unknown']],
      ['/required', 'none', ['refused: token_missing']],
      ['/scope', 'valid', ['authenticated', 'refused: insufficient_scope']],
      ['/policy', 'valid', ['authenticated', 'refused: policy_denied']],
    ] as const) {
      it(`are ${expected.join(' and ') || 'none'} for ${path} with a token that is ${headers}, once`, async () => {
        const { client, manager } = await serve();
        const tokens = {
          none: {},
          invalid: bearer('a.b.c'),
          valid: bearer(tokenOf(manager)),
          gone: bearer(tokenOf(manager, 'gone@example.com')),
        };
        await client.get(path).set(tokens[headers]);
        expect(seen()).to.deep.equal(expected);
      });
    }

    it('are a refusal for a request of a foreign page', async () => {
      const { client, manager } = await serve();
      await client
        .post('/write')
        .set(cookie(tokenOf(manager)))
        .set(foreign);
      expect(seen()).to.deep.equal(['refused: cross_origin']);
    });

    it('say who it is, and why', async () => {
      const { client, manager } = await serve({ sessionStore: new MemorySessionStore() });
      const token = tokenOf(manager);
      const { sid } = payloadOf(token);
      await client.get('/scope').set(bearer(token));
      await client.get('/login').set(bearer(tokenOf(manager, 'gone@example.com')));
      const [authenticated, scope, unknown] = events.messages;
      expect(authenticated).to.include({ manager, sub: 'ada@example.com', session: sid });
      expect(scope).to.include({ manager, sub: 'ada@example.com', session: sid, code: 'insufficient_scope' });
      expect(unknown)
        .to.have.nested.property('error.cause')
        .that.matches(/user loader found no user/);
      for (const { action } of events.messages) expect(action?.request.url).to.match(/^\/(scope|login)/);
    });

    for (const [path, key, expected] of [
      ['/login', 'good', ['authenticated']],
      ['/scope', 'good', ['authenticated', 'refused: insufficient_scope']],
      ['/login', 'bad', ['refused: credential_invalid']],
    ] as const) {
      it(`are ${expected.join(' and ')} for ${path} with an API key that is ${key}, without the key`, async () => {
        const load = (sent: string) => (sent === 'good' ? { user: { email: 'm', admin: false }, scopes: [] } : null);
        const { client } = await serve({ credentials: [apiKey({ header: 'X-API-Key', load })] });
        await client.get(path).set('X-API-Key', key);
        expect(seen()).to.deep.equal(expected);
        for (const { action: _action, manager: _manager, error: _error, ...message } of events.messages)
          expect(JSON.stringify(message)).not.to.include(key);
      });
    }

    it("have the library's error, also where the application's exception is thrown", async () => {
      const { client } = await serve({ notAuthenticatedException: () => new Error('closed') });
      await client.get('/login');
      expect(events.messages).to.have.length(1);
      expect(events.messages[0]).to.have.nested.property('error.name', 'NotAuthenticatedError');
    });

    it('hold no token', async () => {
      const { client, manager } = await serve();
      const token = tokenOf(manager);
      await client.get('/scope').set(bearer(token));
      for (const { action: _action, manager: _manager, ...message } of events.messages)
        expect(JSON.stringify(message)).not.to.include(token.slice(-20));
    });
  });
});
