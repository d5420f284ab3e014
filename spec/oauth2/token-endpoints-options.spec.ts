import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf, SECRET } from '../support/accounts';
import { thrownBy } from '../support/rejection';
import { closeServers, starter } from '../support/servers';

const verifyPassword = () => null;
const store = new MemorySessionStore();

describe('tokenEndpoints', () => {
  afterEach(closeServers);

  const mistakes: Record<string, [LoginManager, object, string]> = {
    'a manager that only verifies': [new LoginManager(SECRET, null), { verifyPassword }, 'tokenUrl'],
    'a tokenUrl elsewhere': [new LoginManager(SECRET, 'https://a.example/t'), { verifyPassword }, 'tokenUrl'],
    'a refreshUrl elsewhere': [
      managerOf({ sessionStore: store, refreshUrl: '/refresh' }) as never,
      { verifyPassword },
      '/login',
    ],
    'no verifyPassword': [managerOf() as never, {}, 'verifyPassword'],
    'a verifyPassword that is no function': [managerOf() as never, { verifyPassword: true }, 'verifyPassword'],
    'cookies of a manager without': [
      managerOf({ sessionStore: store }) as never,
      { verifyPassword, cookies: true },
      'useCookie',
    ],
    'cookies without a path': [
      managerOf({ sessionStore: store, useCookie: true }) as never,
      { verifyPassword, cookies: true },
      'refreshUrl',
    ],
  };
  for (const [what, [manager, options, hint]] of Object.entries(mistakes)) {
    it(`refuses ${what}, and says what to do`, () => {
      const error = thrownBy(() => tokenEndpoints(manager, options as never));
      expect(error).to.be.an.instanceOf(ConfigurationError);
      expect(error.message).to.include(hint);
    });
  }

  it('has routes that are public, and no others', () => {
    const manager = managerOf({ sessionStore: store, defaultAccess: 'authenticated' });
    const routes = manager.routes({ controllers: [tokenEndpoints(manager, { verifyPassword })] });
    expect(routes.map(({ method, path, public: open }) => [method, path, open])).to.deep.equal([
      ['POST', '/login', true],
      ['POST', '/login/revoke', true],
    ]);
  });

  it('revokes where it is told to', () => {
    const manager = managerOf({ sessionStore: store });
    const routes = manager.routes({ controllers: [tokenEndpoints(manager, { verifyPassword, revokeUrl: '/logout' })] });
    expect(routes.map(({ path }) => path)).to.deep.equal(['/login', '/logout']);
  });

  it('serves two managers in one application', async () => {
    const one = new LoginManager(SECRET, '/one', { sessionStore: store });
    const other = new LoginManager(`${SECRET}2`, '/other', { sessionStore: store });
    const endpoints = [one, other].map((manager) => {
      manager.userLoader()(() => ({}));
      return tokenEndpoints(manager, { verifyPassword: () => ({ data: { sub: String(manager.tokenUrl) } }) });
    });
    const { client } = await starter('Express 5')({ manager: one, controllers: endpoints });
    for (const manager of [one, other]) {
      const { body } = await client.post(String(manager.tokenUrl)).send({ username: 'a', password: 'b' });
      expect(await manager.getCurrentUser(body.access_token)).to.deep.equal({});
    }
  });
});
