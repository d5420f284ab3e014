import { expect } from 'chai';
import * as oauth from 'oauth4webapi';
import { rejection } from '../support/rejection';
import { admin, demoServer, reader } from './demo-server';

const options = { [oauth.allowInsecureRequests]: true };
const client: oauth.Client = { client_id: 'a program' };
const publicClient = oauth.None();

describe('demo: oauth4webapi, a client of OAuth 2', () => {
  const demo = demoServer();
  const url = (path = '') => demo().url.replace('localhost', '127.0.0.1') + path;
  const server = (): oauth.AuthorizationServer => ({
    issuer: url(),
    token_endpoint: url('/token'),
    revocation_endpoint: url('/token/revoke'),
  });

  const logIn = async ({ email: username, password }: typeof admin, scope = '') => {
    const fields = { username, password, ...(scope && { scope }) };
    const response = await oauth.genericTokenEndpointRequest(
      server(),
      client,
      publicClient,
      'password',
      fields,
      options,
    );
    return oauth.processGenericTokenEndpointResponse(server(), client, response);
  };
  const refresh = async (token = '') => {
    const response = await oauth.refreshTokenGrantRequest(server(), client, publicClient, token, options);
    return oauth.processRefreshTokenResponse(server(), client, response);
  };
  const revoke = async (token = '') =>
    oauth.processRevocationResponse(await oauth.revocationRequest(server(), client, publicClient, token, options));
  const notes = (token: string) =>
    oauth.protectedResourceRequest(token, 'GET', new URL(url('/api/notes')), undefined, undefined, options);
  const refusal = async (attempt: Promise<unknown>) => (await rejection<oauth.ResponseBodyError>(attempt)).error;
  const challenge = async (attempt: Promise<unknown>) =>
    (await rejection<oauth.WWWAuthenticateChallengeError>(attempt)).cause[0]?.parameters;

  it('logs in, refreshes and revokes', async () => {
    const first = await logIn(reader);
    expect(first).to.include({ token_type: 'bearer', expires_in: 900, scope: 'notes:read' });
    expect(await (await notes(first.access_token)).json()).to.have.lengthOf(3);

    const second = await refresh(first.refresh_token);
    expect((await notes(second.access_token)).status).to.equal(200);
    await revoke(second.access_token);
    expect(await challenge(notes(second.access_token))).to.include({ error: 'invalid_token' });

    const third = await refresh(second.refresh_token);
    await revoke(third.refresh_token);
    expect(await challenge(notes(third.access_token))).to.include({ error: 'invalid_token' });
    expect(await refusal(refresh(third.refresh_token))).to.equal('invalid_grant');
  });

  it('loses the session if a refresh token is used again, minutes after its first use', async () => {
    const first = await logIn(admin);
    const second = await refresh(first.refresh_token);
    demo().passDays(1 / 288);
    expect(await refusal(refresh(first.refresh_token))).to.equal('invalid_grant');
    expect(await challenge(notes(second.access_token))).to.include({ error: 'invalid_token' });
    expect(await refusal(refresh(second.refresh_token))).to.equal('invalid_grant');
  });

  it('gets the same refresh token, however many refresh at once', async () => {
    const { refresh_token } = await logIn(admin);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    expect(new Set(answers.map((answer) => answer.refresh_token))).to.have.lengthOf(1);
  });

  it('refreshes beside browsers whose logins renew themselves, for a month', async () => {
    let { refresh_token } = await logIn(reader);
    for (let week = 0; week < 4; week++) {
      demo().passDays(7);
      ({ refresh_token } = await refresh(refresh_token));
    }
    demo().passDays(7);
    expect(await refusal(refresh(refresh_token))).to.equal('invalid_grant');
  });

  it('is told why it is refused', async () => {
    expect(await refusal(logIn({ ...reader, password: 'wrong' }))).to.equal('invalid_grant');
    expect(await refusal(logIn(reader, 'notes:write'))).to.equal('invalid_scope');
    const { access_token } = await logIn(admin, 'notes:read');
    const written = oauth.protectedResourceRequest(
      access_token,
      'POST',
      new URL(url('/api/notes')),
      undefined,
      undefined,
      options,
    );
    expect(await challenge(written)).to.include({ error: 'insufficient_scope', scope: 'notes:write' });
  });

  it('reads with a token that was asked for writing', async () => {
    const { access_token, scope } = await logIn(admin, 'notes:write');
    expect(scope).to.equal('notes:write');
    expect((await notes(access_token)).status).to.equal(200);
  });
});
