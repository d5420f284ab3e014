import type { Duration } from '../../util/duration';
import type { Algorithm } from '../keys/algorithm';

/**
 * How opaque tokens are verified: by asking the issuer (RFC 7662).
 *
 * @example
 * ```ts
 * introspection: { url: 'https://login.example.org/introspect', clientId: 'api', clientSecret: process.env.CLIENT_SECRET! }
 * ```
 */
export interface IntrospectionOptions {
  /** The introspection endpoint: https, or http on the loopback. */
  url: string;
  /** The id of this API as a client of the issuer; sent by HTTP Basic. */
  clientId: string;
  /** The secret of that client. */
  clientSecret: string;
}

/**
 * An identity provider whose access tokens are accepted.
 *
 * @example
 * ```ts
 * new LoginManager<Account>({ issuer: 'https://login.example.org', audience: 'https://api.example.com' }, null);
 * ```
 */
export interface IssuerOptions {
  /** The `iss` of its tokens, compared exactly: https, or http on the loopback. */
  issuer: string;
  /**
   * The names of this API at the issuer, of which the `aud` of a token must have one. `null` says that the issuer writes
   * no `aud`, as Amazon Cognito does; a token that has one is then refused. Default: the manager's `audience`; without
   * that either, a {@link ConfigurationError}.
   */
  audience?: string | readonly string[] | null;
  /**
   * The address of the key set: https, or http on the loopback. Default: discovered (OpenID Connect Discovery §4,
   * RFC 8414 §3).
   */
  jwksUri?: string;
  /** The accepted algorithms. A key is used with the one it names, or else the first it fits. Default RS256, PS256, ES256, EdDSA. */
  algorithms?: readonly Algorithm[];
  /** How long an answer of the issuer is waited for. Default `'5s'`. */
  timeout?: Duration;
  /** Accepts opaque tokens of this issuer too; of one issuer at most. Default: JWTs only. */
  introspection?: IntrospectionOptions;
}

/**
 * Keys that are fetched from an issuer instead of a secret: the manager verifies only. `issuer` or `jwksUri` is required.
 *
 * @example
 * ```ts
 * new LoginManager<Account>({ jwksUri: 'https://login.example.org/keys' }, null, { audience: 'https://api.example.com' });
 * ```
 */
export type RemoteSecret = IssuerOptions | (Omit<IssuerOptions, 'issuer'> & { jwksUri: string; issuer?: undefined });

/**
 * The identity providers of a manager: an array; or, for tenants, a function that returns the options of an `iss`, or
 * undefined for one that is not accepted. It is asked once for each `iss`.
 *
 * @example
 * ```ts
 * issuers: (iss) => tenants.get(iss) && { issuer: iss, audience: 'https://api.example.com' }
 * ```
 */
export type Issuers = readonly IssuerOptions[] | ((iss: string) => IssuerOptions | undefined);
