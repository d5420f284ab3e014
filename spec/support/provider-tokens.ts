const NOW = Math.floor(Date.now() / 1000);
const TIMES = { iat: NOW - 10, exp: NOW + 300 };

/** What an access token of an identity provider looks like, by the provider's documentation. */
export interface ProviderToken {
  readonly header?: Record<string, unknown>;
  /** Claims that the specs' provider writes and this one does not are undefined. */
  readonly claims: Record<string, unknown>;
  /** The path of the issuer. */
  readonly path: string;
  /** Changes that make tokens of the same provider that are no access tokens for this API, by what they are. */
  readonly refused: Readonly<Record<string, Record<string, unknown>>>;
}

/** https://www.keycloak.org/docs/latest/server_admin: the audience is that of an audience mapper. */
export const keycloak: ProviderToken = {
  path: '/realms/main',
  claims: {
    ...TIMES,
    jti: 'onrtac:7f1c',
    aud: ['notes-api', 'account'],
    sub: '2f1c7a9e-93b3-4fd3-8d3c-1a6a3e1e3a51',
    typ: 'Bearer',
    azp: 'notes-app',
    sid: '6a1f7f55-0b5a-4f0c-8c2b-0a7a3a0e9d0e',
    acr: '1',
    realm_access: { roles: ['editor', 'offline_access'] },
    resource_access: { 'notes-api': { roles: ['notes:read'] } },
    scope: 'openid email notes:read',
    email: 'ada@example.com',
    email_verified: true,
    preferred_username: 'ada',
  },
  refused: {
    'the ID token of a client': { aud: 'notes-app', typ: 'ID' },
    'the ID token of a client that is the API itself': { aud: 'notes-api', typ: 'ID' },
    'a token for another API': { aud: ['other-api', 'account'] },
  },
};

/** https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles */
export const auth0: ProviderToken = {
  path: '/',
  header: { typ: 'at+jwt' },
  claims: {
    ...TIMES,
    aud: ['https://api.example.com', 'https://tenant.eu.auth0.com/userinfo'],
    sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
    azp: 'my_client_id',
    scope: 'openid profile',
    permissions: ['notes:read', 'notes:write'],
  },
  refused: {
    'the ID token of a client': { aud: 'my_client_id' },
    'a token for another API': { aud: ['https://other.example.com', 'https://tenant.eu.auth0.com/userinfo'] },
  },
};

const GRAPH = { 'a token for Microsoft Graph': { aud: '00000003-0000-0000-c000-000000000000' } };

/** https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
export const entraV1: ProviderToken = {
  path: '/72f988bf-86f1-41af-91ab-2d7cd011db47/',
  claims: {
    ...TIMES,
    nbf: NOW - 10,
    aud: 'api://6731de76-14a6-49ae-97bc-6eba6914391e',
    sub: 'l3roISQU222bULS9yi2k0XpqpOiMz5H3ZACo1GeXA',
    oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
    tid: '72f988bf-86f1-41af-91ab-2d7cd011db47',
    appid: 'client',
    scp: 'notes.read notes.write',
    ver: '1.0',
  },
  refused: GRAPH,
};

export const entraV2: ProviderToken = {
  path: '/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0',
  claims: {
    ...TIMES,
    nbf: NOW - 10,
    aud: '6731de76-14a6-49ae-97bc-6eba6914391e',
    sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
    oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
    tid: '72f988bf-86f1-41af-91ab-2d7cd011db47',
    azp: 'client',
    scp: 'notes.read',
    ver: '2.0',
  },
  refused: { ...GRAPH, 'the ID token of a client that is the API itself': { scp: undefined } },
};

/** https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
export const cognito: ProviderToken = {
  path: '/eu-central-1_AbCdEfGhI',
  header: { typ: undefined },
  claims: {
    ...TIMES,
    aud: undefined,
    sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    client_id: '1example23456789',
    'cognito:groups': ['editors'],
    token_use: 'access',
    scope: 'notes/read',
    username: 'ada',
  },
  refused: {
    'the ID token': { aud: '1example23456789', token_use: 'id', client_id: undefined },
    'a token of another client': { client_id: 'another' },
  },
};

/** https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload */
export const google: ProviderToken = {
  path: '',
  claims: {
    ...TIMES,
    aud: '1234987819200.apps.googleusercontent.com',
    azp: '1234987819200.apps.googleusercontent.com',
    sub: '10769150350006150715113082367',
    email: 'ada@example.com',
    email_verified: true,
    hd: 'example.com',
  },
  refused: { 'a token for another application': { aud: '999.apps.googleusercontent.com' } },
};

/** https://firebase.google.com/docs/auth/admin/verify-id-tokens; `scopes` is a custom claim. */
export const firebase: ProviderToken = {
  path: '/my-project',
  claims: {
    ...TIMES,
    aud: 'my-project',
    auth_time: NOW - 100,
    sub: 'yk1RZ7Xv4yUZ',
    user_id: 'yk1RZ7Xv4yUZ',
    scopes: ['notes:read'],
    firebase: { identities: {}, sign_in_provider: 'password' },
  },
  refused: { 'a token of another project': { aud: 'other-project' } },
};

/** https://supabase.com/docs/guides/auth/jwt-fields */
export const supabase: ProviderToken = {
  path: '/auth/v1',
  claims: {
    ...TIMES,
    aud: 'authenticated',
    sub: '269d0ab2-7b0f-4f10-8f9a-0f3f0b1f0d8c',
    role: 'authenticated',
    aal: 'aal1',
    session_id: '5b0c1d2e',
    email: 'ada@example.com',
    app_metadata: { provider: 'email', scopes: ['notes:read'] },
    user_metadata: { scopes: ['notes:write'] },
    is_anonymous: false,
  },
  refused: {
    'a token of a visitor': { role: 'anon', aud: 'anon' },
    'the key of a server': { role: 'service_role' },
  },
};
