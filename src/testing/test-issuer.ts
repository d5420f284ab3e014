import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Options of {@link testIssuer}. */
export interface TestIssuerOptions {
  /** The `aud` of the tokens; null for tokens without one. */
  audience: string | readonly string[] | null;
}

/** The claims of a token of a {@link TestIssuer}. They win over those that the issuer writes. */
export interface TestTokenClaims {
  sub: string | number;
  [claim: string]: unknown;
}

/** An issuer of tokens on the loopback, for tests. */
export interface TestIssuer {
  /** The URL of the issuer, and the `iss` of its tokens. */
  readonly issuer: string;
  /** The URL of its key set. */
  readonly jwksUri: string;
  /**
   * Returns a signed token (ES256) that is valid for five minutes. A claim of undefined is left out.
   *
   * @example `issuer.token({ sub: 'ada', scope: 'notes:read', exp: 0 })` has expired.
   */
  token(claims: TestTokenClaims): string;
  /**
   * Makes a new key, which signs from now on.
   *
   * @param options - `keepOld`: whether the key set still has the earlier keys. Default `true`.
   */
  rotate(options?: { keepOld?: boolean }): void;
  /** Stops answering. */
  close(): Promise<void>;
}

/** Seconds. */
const LIFETIME = 300;

interface IssuerKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

/**
 * Starts an issuer as identity providers are: with a discovery document (OpenID Connect, RFC 8414) and a key set.
 *
 * @example
 * ```ts
 * const idp = await testIssuer({ audience: 'https://api.example.com' });
 * after(() => idp.close());
 * await request(app).get('/notes').set('Authorization', `Bearer ${idp.token({ sub: 'ada' })}`).expect(200);
 * ```
 */
export async function testIssuer({ audience }: TestIssuerOptions): Promise<TestIssuer> {
  let keys: readonly [IssuerKey, ...IssuerKey[]] = [createKey()];
  const server = createServer((request, response) => {
    send(request, response, {
      '/.well-known/openid-configuration': () => discovery,
      '/.well-known/oauth-authorization-server': () => discovery,
      '/jwks': () => ({ keys: keys.map(({ jwk }) => jwk) }),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref(); // a test that forgets close() still ends
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jwksUri = `${issuer}/jwks`;
  const discovery = {
    issuer,
    jwks_uri: jwksUri,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
  return {
    issuer,
    jwksUri,
    token(claims) {
      const iat = Math.floor(Date.now() / 1000);
      return signToken(keys[0], {
        iss: issuer,
        ...(audience !== null && { aud: audience }),
        iat,
        exp: iat + LIFETIME,
        ...claims,
      });
    },
    rotate({ keepOld = true } = {}) {
      keys = [createKey(), ...(keepOld ? keys : [])];
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function createKey(): IssuerKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const kid = randomUUID();
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
}

function signToken({ kid, privateKey }: IssuerKey, claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const input = `${encode({ alg: 'ES256', typ: 'JWT', kid })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function send(request: IncomingMessage, response: ServerResponse, documents: Record<string, () => object>): void {
  const document = documents[request.url ?? ''];
  if (!document) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=60' });
  response.end(JSON.stringify(document()));
}
