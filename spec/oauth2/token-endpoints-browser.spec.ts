import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import supertest from 'supertest';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { type Account } from '../support/accounts';
import { cookie, foreign } from '../support/http';
import { onEachSecureServer, type Start } from '../support/servers';
import { Sessions } from '../support/sessions';
import { failures, MoodyStore } from '../support/stores';

const credentials = { username: 'ada@example.com', password: 'correct horse' };

@JsonController()
class Me {
  @Authorized()
  @Get('/me')
  me(@CurrentUser() account: Account) {
    return { email: account.email };
  }
}

async function serve(start: Start, cookies = true, renewal: object = { refreshUrl: '/login' }) {
  const sessions = new Sessions({ useCookie: true, ...renewal });
  const verified: string[] = [];
  const endpoints = tokenEndpoints(sessions.manager, {
    verifyPassword: (sub, password) => {
      verified.push(sub);
      return password === 'correct horse' ? { data: { sub }, scopes: ['read'] } : null;
    },
    cookies,
  });
  const { url } = await start({ manager: sessions.manager, controllers: [endpoints, Me] });
  const browser = supertest.agent(url);
  return {
    sessions,
    url,
    browser,
    verified,
    login: () => browser.post('/login').type('form').send(credentials),
    refresh: (headers = {}) => browser.post('/login').type('form').set(headers).send({ grant_type: 'refresh_token' }),
    logout: (headers = {}) => browser.post('/login/revoke').set(headers).type('form').send({}),
    me: () => browser.get('/me'),
  };
}

const written = (response: supertest.Response, name: string) =>
  [response.get('Set-Cookie') ?? []]
    .flat()
    .filter((one) => one.startsWith(`${name}=`))
    .at(-1);

/** The value of a cookie that a response writes, behind what it expires of the same name. */
const valueIn = (response: supertest.Response, name: string) =>
  written(response, name)?.match(/=([^;]*)/)?.[1] as string;

describe('a browser', () => {
  onEachSecureServer((start) => {
    it('logs in, stays logged in by silent renewal, and logs out', async () => {
      const { sessions, login, refresh, logout, me } = await serve(start);
      expect((await me()).status).to.equal(401);

      const loggedIn = await login();
      expect(loggedIn.status).to.equal(200);
      expect(loggedIn.body, 'no script sees the refresh token').to.not.have.property('refresh_token');
      expect(loggedIn.body).to.include({ token_type: 'bearer', expires_in: 900, scope: 'read' });
      expect(written(loggedIn, 'access-token')).to.match(/; Path=\/;/);
      expect(written(loggedIn, 'access-token-refresh')).to.match(/; Path=\/login;.*HttpOnly/);
      expect((await me()).body).to.deep.equal({ email: 'ada@example.com' });

      for (let day = 0; day < 29; day++) {
        sessions.clock.advance(24 * 3600);
        expect((await me()).body.code).to.equal('token_expired');
        const renewed = await refresh({ 'Sec-Fetch-Site': 'same-origin' });
        expect(renewed.status).to.equal(200);
        expect(renewed.body).to.not.have.property('refresh_token');
        expect(renewed.get('Cache-Control')).to.equal('no-store');
        expect((await me()).status).to.equal(200);
      }

      expect((await logout()).status).to.equal(200);
      expect((await me()).body.code).to.equal('token_missing');
      expect((await refresh()).body.error).to.equal('invalid_request');
    });

    it('is asked for its password again at the end of refreshExpiry', async () => {
      const { sessions, login, refresh } = await serve(start);
      await login();
      sessions.clock.advance(30 * 24 * 3600);
      expect((await refresh()).body.error).to.equal('invalid_grant');
    });

    it('logs out on the server too: cookies that were copied are worth nothing', async () => {
      const { url, login, refresh, logout } = await serve(start);
      const first = await login();
      const second = await refresh();
      await logout();
      const thief = supertest(url);
      for (const response of [first, second]) {
        const access = await thief.get('/me').set(cookie(valueIn(response, 'access-token')));
        expect(access.body.code).to.equal('token_revoked');
        const refreshed = await thief
          .post('/login')
          .type('form')
          .set(cookie(valueIn(response, 'access-token-refresh'), 'access-token-refresh'))
          .send({ grant_type: 'refresh_token' });
        expect(refreshed.body.error).to.equal('invalid_grant');
      }
    });

    it('whose cookie renews itself has no refresh token, stays logged in while it is used, and logs out', async () => {
      const { sessions, login, logout, me } = await serve(start, true, { slidingExpiry: '1d' });
      const loggedIn = await login();
      expect([loggedIn.status, loggedIn.body.expires_in]).to.deep.equal([200, 900]);
      expect(loggedIn.body).to.not.have.property('refresh_token');
      expect(written(loggedIn, 'access-token-refresh')).to.equal(undefined);
      for (let times = 0; times < 3; times++) {
        sessions.clock.advance(600);
        expect((await me()).status).to.equal(200);
      }
      expect((await logout()).status).to.equal(200);
      expect((await me()).body.code).to.equal('token_missing');
      expect(await sessions.manager.sessions('ada@example.com')).to.deep.equal([]);
    });

    it('logs out with its cookies alone, without a body', async () => {
      const { sessions, browser, login, me } = await serve(start);
      await login();
      expect((await browser.post('/login/revoke')).status).to.equal(200);
      expect((await me()).body.code).to.equal('token_missing');
      expect(await sessions.manager.sessions('ada@example.com')).to.deep.equal([]);
    });

    it('and the thief of its refresh cookie are both logged out by the second of them', async () => {
      const { url, login, refresh, me } = await serve(start);
      const stolen = cookie(valueIn(await login(), 'access-token-refresh'), 'access-token-refresh');
      const thief = () => supertest(url).post('/login').type('form').set(stolen).send({ grant_type: 'refresh_token' });
      expect((await thief()).status).to.equal(200);
      expect((await refresh()).body.error).to.equal('invalid_grant');
      expect((await me()).body.code).to.equal('token_revoked');
    });

    it('does nothing of it for a foreign page', async () => {
      const { login, refresh, logout, me } = await serve(start);
      await login();
      for (const attempt of [await refresh(foreign), await logout(foreign)]) {
        expect([attempt.status, attempt.body.code]).to.deep.equal([403, 'cross_origin']);
        expect(attempt.get('Set-Cookie')).to.equal(undefined);
      }
      expect((await me()).status).to.equal(200);
      expect((await refresh()).status).to.equal(200);
    });

    it('is not logged in by a foreign page as somebody else, and nothing has happened then', async () => {
      const { browser, sessions, verified } = await serve(start);
      const response = await browser.post('/login').set(foreign).type('form').send(credentials);
      expect([response.status, response.body.code]).to.deep.equal([403, 'cross_origin']);
      expect(response.get('Set-Cookie')).to.equal(undefined);
      expect(verified).to.deep.equal([]);
      expect(await sessions.manager.sessions('ada@example.com')).to.deep.equal([]);
    });

    it('that logs in again has one session: the one before has ended', async () => {
      const { url, sessions, login, me } = await serve(start);
      const copied = cookie(valueIn(await login(), 'access-token'));
      const [{ id } = { id: '' }] = await sessions.manager.sessions('ada@example.com');
      expect((await login()).status).to.equal(200);
      const after = await sessions.manager.sessions('ada@example.com');
      expect(after).to.have.length(1);
      expect(after[0]?.id).not.to.equal(id);
      expect((await me()).status).to.equal(200);
      expect((await supertest(url).get('/me').set(copied)).body.code).to.equal('token_revoked');
    });

    it('logs in as a client of OAuth does, and its cookies are left alone', async () => {
      const { sessions, browser, login } = await serve(start, false);
      for (let time = 0; time < 2; time++) expect((await login()).status).to.equal(200);
      expect(await sessions.manager.sessions('ada@example.com')).to.have.length(2);
      const response = await browser.post('/login').set(foreign).type('form').send(credentials);
      expect(response.status).to.equal(200);
    });

    it('logs out of a manager without a store, too: its cookie is cleared', async () => {
      const { login, logout, me } = await serve(start, true, { sessionStore: undefined });
      const { access_token } = (await login()).body;
      expect((await me()).status).to.equal(200);
      const withToken = await logout({ Authorization: `Bearer ${access_token}` });
      expect([withToken.status, withToken.body.error]).to.deep.equal([400, 'unsupported_token_type']);
      expect((await logout(foreign)).body.code).to.equal('cross_origin');
      expect((await me()).status).to.equal(200);
      const { status, body } = await logout();
      expect([status, body]).to.deep.equal([200, {}]);
      expect((await me()).body.code).to.equal('token_missing');
    });

    it('has its session ended by the token of a header, and its cookies left alone, for a foreign page', async () => {
      const { url, sessions, login } = await serve(start);
      const { access_token } = (await login()).body;
      const headers = { Authorization: `Bearer ${access_token}`, ...foreign };
      const response = await supertest(url).post('/login/revoke').set(headers);
      expect([response.status, response.get('Set-Cookie')]).to.deep.equal([200, undefined]);
      expect(await sessions.manager.sessions('ada@example.com')).to.deep.equal([]);
    });

    it('loses its cookies at a logout though the store is down, which is a 503', async () => {
      const store = new MoodyStore();
      const { login, logout, me } = await serve(start, true, { refreshUrl: '/login', sessionStore: store });
      await login();
      store.mood = failures.rejects;
      const response = await logout();
      expect(response.status).to.equal(503);
      expect([written(response, 'access-token'), written(response, 'access-token-refresh')].join()).to.match(
        /Max-Age=0.*Max-Age=0/,
      );
      store.mood = undefined;
      expect((await me()).body.code).to.equal('token_missing');
    });

    it('gets no cookies where it logs in as a client of OAuth does, and a refresh token in the body gives one back', async () => {
      const { url, login } = await serve(start, false);
      const loggedIn = await login();
      expect(loggedIn.get('Set-Cookie')).to.equal(undefined);
      const { refresh_token } = loggedIn.body;
      const fields = { grant_type: 'refresh_token', refresh_token };
      const refreshed = await supertest(url).post('/login').type('form').send(fields);
      expect(refreshed.body).to.have.property('refresh_token');
      expect(refreshed.get('Set-Cookie')).to.equal(undefined);
    });

    it('keeps its cookies through a refusal, but for those of a logout', async () => {
      const { login, refresh, browser } = await serve(start);
      await login();
      const wrong = await browser
        .post('/login')
        .type('form')
        .send({ ...credentials, password: 'x' });
      expect([wrong.body.error, wrong.get('Set-Cookie')]).to.deep.equal(['invalid_grant', undefined]);
      const more = await browser.post('/login').type('form').send({ grant_type: 'refresh_token', scope: 'admin' });
      expect([more.body.error, more.get('Set-Cookie')]).to.deep.equal(['invalid_scope', undefined]);
      expect((await refresh()).status).to.equal(200);
    });
  });
});
