import { expect } from 'chai';
import * as oauth from 'oauth4webapi';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, managerOf } from '../support/accounts';
import { bearer } from '../support/http';
import { rejection } from '../support/rejection';
import { onEachSecureServer, type Start } from '../support/servers';

const options = { [oauth.allowInsecureRequests]: true };
const client: oauth.Client = { client_id: 'the app' };
const publicClient = oauth.None();

@JsonController()
class Notes {
  @Authorized('notes:read')
  @Get('/notes')
  list(@CurrentUser() account: Account) {
    return { of: account.email };
  }
}

/** oauth4webapi is a client of its own making: it validates every answer by the RFCs. */
async function serve(start: Start) {
  const manager = managerOf({
    sessionStore: new MemorySessionStore(),
    refreshLeeway: 0,
    defaultAccess: 'authenticated',
  });
  const endpoints = tokenEndpoints(manager, {
    verifyPassword: (sub, password) =>
      password === 'correct horse' ? { data: { sub }, scopes: ['notes:read', 'notes:write'] } : null,
  });
  const { url } = await start({ manager, controllers: [endpoints, Notes] });
  const server: oauth.AuthorizationServer = {
    issuer: url,
    token_endpoint: `${url}/login`,
    revocation_endpoint: `${url}/login/revoke`,
  };
  return {
    login: async (parameters: Record<string, string> = {}, how = publicClient) => {
      const fields = { username: 'ada@example.com', password: 'correct horse', ...parameters };
      const response = await oauth.genericTokenEndpointRequest(server, client, how, 'password', fields, options);
      return oauth.processGenericTokenEndpointResponse(server, client, response);
    },
    refresh: async (token: string, parameters: Record<string, string> = {}) => {
      const request = { ...options, additionalParameters: parameters };
      const response = await oauth.refreshTokenGrantRequest(server, client, publicClient, token, request);
      return oauth.processRefreshTokenResponse(server, client, response);
    },
    revoke: async (token: string) =>
      oauth.processRevocationResponse(await oauth.revocationRequest(server, client, publicClient, token, options)),
    notes: (token: string) =>
      oauth.protectedResourceRequest(token, 'GET', new URL(`${url}/notes`), undefined, undefined, options),
    rawNotes: (token: string) => fetch(`${url}/notes`, { headers: bearer(token) }),
  };
}

const errorOf = async (attempt: Promise<unknown>) => {
  const error = await rejection<oauth.ResponseBodyError>(attempt);
  expect(error).to.be.an.instanceOf(oauth.ResponseBodyError);
  return error.error;
};

describe('oauth4webapi, a client of OAuth 2', () => {
  onEachSecureServer((start) => {
    it('logs in, uses the token, refreshes, and revokes', async () => {
      const { login, refresh, revoke, notes } = await serve(start);
      const first = await login({ scope: 'notes:read' });
      expect(first).to.include({ token_type: 'bearer', expires_in: 900, scope: 'notes:read' });
      expect(await (await notes(first.access_token)).json()).to.deep.equal({ of: 'ada@example.com' });

      const second = await refresh(first.refresh_token as string);
      expect((await notes(second.access_token)).status).to.equal(200);
      expect(second.refresh_token).to.be.a('string').and.not.to.equal(first.refresh_token);

      expect(await revoke(second.access_token)).to.equal(undefined);
      const refused = await rejection<oauth.WWWAuthenticateChallengeError>(notes(second.access_token));
      expect(refused).to.be.an.instanceOf(oauth.WWWAuthenticateChallengeError);
      expect(refused.cause[0]).to.deep.include({ scheme: 'bearer' });
      expect(refused.cause[0]?.parameters).to.include({ error: 'invalid_token' });

      const third = await refresh(second.refresh_token as string);
      await revoke(third.refresh_token as string);
      expect((await rejection(notes(third.access_token))).name).to.equal('WWWAuthenticateChallengeError');
      expect(await errorOf(refresh(third.refresh_token as string))).to.equal('invalid_grant');
    });

    it('gets fewer scopes where it asks for fewer, and is told which one is missing', async () => {
      const { login, refresh, notes } = await serve(start);
      const first = await login();
      expect(first.scope).to.equal('notes:read notes:write');
      const fewer = await refresh(first.refresh_token as string, { scope: 'notes:write' });
      expect(fewer.scope).to.equal('notes:write');
      const refused = await rejection<oauth.WWWAuthenticateChallengeError>(notes(fewer.access_token));
      expect(refused.cause[0]?.parameters).to.include({ error: 'insufficient_scope', scope: 'notes:read' });
      expect(await errorOf(refresh(fewer.refresh_token as string, { scope: 'admin' }))).to.equal('invalid_scope');
    });

    it('understands every refusal', async () => {
      const { login, refresh, revoke, rawNotes } = await serve(start);
      expect(await errorOf(login({ password: 'wrong' }))).to.equal('invalid_grant');
      expect(await errorOf(login({ scope: 'admin' }))).to.equal('invalid_scope');
      expect(await errorOf(login({ username: '' }))).to.equal('invalid_request');
      expect(await errorOf(refresh('garbage'))).to.equal('invalid_grant');
      const first = await login();
      await refresh(first.refresh_token as string);
      expect(await errorOf(refresh(first.refresh_token as string))).to.equal('invalid_grant');
      expect((await rawNotes(first.access_token)).status).to.equal(401);
      expect(await revoke('garbage')).to.equal(undefined);
    });

    it('may send credentials of its own, in the header or in the body', async () => {
      const { login } = await serve(start);
      for (const how of [oauth.ClientSecretBasic('the secret'), oauth.ClientSecretPost('the secret')]) {
        expect(await login({}, how)).to.have.property('access_token');
      }
    });
  });
});
