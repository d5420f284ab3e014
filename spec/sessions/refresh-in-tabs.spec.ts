import { expect } from 'chai';
import { LoginManager } from '../../src/manager/login-manager';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, Accounts, SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { onEachFramework, type Start } from '../support/servers';

/** Seconds. */
const LEEWAY = 30;

/** Names and values of the cookies that an answer sets. */
function cookiesOf({ headers }: { headers: Record<string, string | string[]> }): Record<string, string> {
  const lines = [headers['set-cookie'] ?? []].flat();
  return Object.fromEntries(lines.map((line) => /^([^=]+)=([^;]*)/.exec(line)?.slice(1) ?? []));
}

async function serve(start: Start) {
  const clock = new TestClock();
  const manager = new LoginManager<Account>(SECRET, '/token', {
    userLoader: Accounts,
    useCookie: true,
    refreshUrl: '/token',
    refreshLeeway: LEEWAY,
    sessionStore: new MemorySessionStore(clock.tell),
    clock: clock.tell,
  });
  const verifyPassword = () => ({ data: { sub: 'ada@example.com' } });
  const { client } = await start({
    manager,
    controllers: [tokenEndpoints(manager, { cookies: true, verifyPassword })],
  });
  const post = (fields: object, cookies: Record<string, string> = {}) =>
    client
      .post('/token')
      .type('form')
      .set(
        'Cookie',
        Object.entries(cookies)
          .map(([name, value]) => `${name}=${value}`)
          .join('; '),
      )
      .send(fields);
  const login = cookiesOf(await post({ username: 'ada', password: 'x' }).expect(200));
  const refresh = (cookies: Record<string, string>) => post({ grant_type: 'refresh_token' }, cookies);
  return { clock, login, refresh };
}

const REFRESH = 'access-token-refresh';

describe('refresh cookies of several tabs', () => {
  onEachFramework((start) => {
    it('a tab that refreshes right after another one gets the same refresh token', async () => {
      const { login, refresh } = await serve(start);
      const next = cookiesOf(await refresh(login).expect(200));
      expect(next[REFRESH]).to.not.equal(login[REFRESH]);
      expect(cookiesOf(await refresh(next).expect(200))[REFRESH]).to.equal(next[REFRESH]);
    });

    it('a tab whose answer arrives last does not log the browser out', async () => {
      const { clock, login, refresh } = await serve(start);
      const [first, late] = [await refresh(login).expect(200), await refresh(login).expect(200)];
      await refresh(cookiesOf(first)).expect(200);
      clock.advance(15 * 60);
      await refresh(cookiesOf(late)).expect(200);
    });

    it('a refresh token is used up once its browser has an access token of before, or the leeway has passed', async () => {
      const { clock, login, refresh } = await serve(start);
      clock.advance(1);
      const next = cookiesOf(await refresh(login).expect(200));
      const { 'access-token': old = '' } = login;
      expect(cookiesOf(await refresh({ ...next, 'access-token': old }).expect(200))[REFRESH]).to.not.equal(
        next[REFRESH],
      );
      const younger = cookiesOf(await refresh(next).expect(200));
      clock.advance(LEEWAY);
      expect(cookiesOf(await refresh(younger).expect(200))[REFRESH]).to.not.equal(younger[REFRESH]);
    });
  });
});
