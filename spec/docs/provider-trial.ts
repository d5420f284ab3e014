import { expect } from 'chai';
import request from 'supertest';
import { Provider, type ProviderKey } from '../support/provider';
import type { ProviderToken } from '../support/provider-tokens';

export interface Trial {
  /** The answer of `GET /notes`, whose route requires a scope. */
  readonly notes: unknown;
  /** Changes that leave a token without that scope; undefined if the route requires none. */
  readonly withoutScope?: Record<string, unknown>;
  /** How the provider signs; default RS256. */
  readonly signing?: { key: ProviderKey; algorithm: string };
}

/** Starts the provider that a guide names, and tries the guide's application with the provider's tokens. */
export async function tryProvider(
  // biome-ignore lint/suspicious/noExplicitAny: an application of Express
  app: any,
  token: ProviderToken,
  { notes, withoutScope, signing }: Trial,
): Promise<void> {
  const provider = await Provider.start('', Number(new URL(process.env.ISSUER as string).port));
  provider.keysPath = '/.well-known/jwks.json';
  if (signing) provider.keys = [signing.key];
  const get = (changes: object = {}) => {
    const jwt = provider.token({ ...token, ...signing, claims: { ...token.claims, ...changes } });
    return request(app).get('/notes').auth(jwt, { type: 'bearer' });
  };

  const { status, body } = await get();
  expect([status, body]).to.deep.equal([200, notes]);
  if (withoutScope) expect((await get(withoutScope)).body.code).to.equal('insufficient_scope');
  const others = { ...token.refused, 'another issuer': { iss: 'https://example.org' } };
  for (const [what, changes] of Object.entries(others)) expect((await get(changes)).status, what).to.equal(401);
  expect((await get({ exp: 1 })).body.code).to.equal('token_expired');
  expect((await request(app).get('/notes')).status).to.equal(401);
}
