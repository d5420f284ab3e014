import { ConfigurationError } from '../../errors/configuration-error';
import { isIdentifierUrl, RESOURCE_METADATA_PATH, wellKnownUrl } from '../../http/resource';
import { invalidIssuer } from '../../jwt/issuers/invalid-issuer';

/** The parts of a manager that its metadata tells. */
export interface MetadataSource {
  /** Whether an identity provider makes the tokens, which has metadata of its own. */
  readonly isRemote: boolean;
  /** The path of the login route; null if tokens are not issued. */
  readonly tokenUrl: string | null;
  /** Whether there are refresh tokens. */
  readonly canRefresh: boolean;
  readonly useHeader: boolean;
  /** The names of the declared scopes. */
  readonly scopes: readonly string[];
  /** The `iss` of the manager's own tokens, if it is known. */
  readonly issuer: string | undefined;
  /** All issuers whose tokens are accepted, as far as they are known. */
  readonly issuerNames: readonly string[];
  /** The URL of the API. */
  readonly resource: string | undefined;
  /** Returns the public keys as a JWK Set; undefined if there are none. */
  readonly publicKeys: (() => object) | undefined;
}

/**
 * Options of `attachWellKnown`.
 *
 * @example
 * ```ts
 * lm.attachWellKnown(app, { issuer: 'https://login.example.com' });
 * ```
 */
export interface WellKnownOptions {
  /**
   * The URL of the authorization server, which the metadata of RFC 8414 is served for. It must be the `issuer` of the
   * tokens. Default: none, and no such metadata.
   */
  issuer?: string;
}

/** Creates the documents by their paths; each is created once. */
export type WellKnownDocuments = ReadonlyMap<string, object>;

const JWKS_PATH = '/.well-known/jwks.json';
const AUTHORIZATION_SERVER_PATH = '/.well-known/oauth-authorization-server';

/**
 * Creates the documents of a manager, from its configuration alone: nothing that a client sends is part of them.
 *
 * @throws {@link ConfigurationError} for an issuer that cannot be one, and if there is nothing to serve.
 */
export function createDocuments(source: MetadataSource, { issuer }: WellKnownOptions): WellKnownDocuments {
  assertIssuer(issuer, source);
  const documents = new Map<string, object>();
  const { publicKeys, resource } = source;
  if (publicKeys) documents.set(JWKS_PATH, publicKeys());
  if (issuer !== undefined)
    documents.set(wellKnownUrl(AUTHORIZATION_SERVER_PATH, issuer).pathname, authorizationServer(source, issuer));
  if (resource !== undefined) {
    const metadata = protectedResource(source, resource, issuer);
    documents.set(RESOURCE_METADATA_PATH, metadata);
    documents.set(wellKnownUrl(RESOURCE_METADATA_PATH, resource).pathname, metadata);
  }
  if (documents.size === 0)
    throw new ConfigurationError(
      'attachWellKnown() has nothing to serve; sign with a private key, set the option resource, or pass { issuer }',
      { section: 'secret-and-keys' },
    );
  return documents;
}

/** RFC 8414 §2; the metadata's `issuer` must be that of the tokens (§3.3). */
function assertIssuer(issuer: unknown, { isRemote, issuer: own }: MetadataSource): void {
  if (issuer === undefined) return;
  if (isRemote)
    throw invalidIssuer(
      'attachWellKnown() must not have an issuer for a manager whose tokens an identity provider makes; leave it out, the provider serves its own metadata',
    );
  if (!isIdentifierUrl(issuer) || issuer.includes('?'))
    throw invalidIssuer(
      "The issuer of attachWellKnown() must be an https URL without query and fragment, such as 'https://login.example.com' (RFC 8414 §2); http is only for the loopback",
    );
  if (own !== undefined && own !== issuer)
    throw invalidIssuer(
      `The issuer of attachWellKnown() is '${issuer}' and that of the tokens is '${own}'; set both to the same (RFC 8414 §3.3)`,
    );
}

/** The metadata of RFC 8414 §2. There is no authorization endpoint, so no response type. */
function authorizationServer(source: MetadataSource, issuer: string): object {
  const { tokenUrl, canRefresh, publicKeys } = source;
  return {
    issuer,
    ...(tokenUrl !== null && { token_endpoint: new URL(tokenUrl, issuer).href }),
    ...(publicKeys && { jwks_uri: new URL(JWKS_PATH, issuer).href }),
    ...scopesSupported(source.scopes),
    response_types_supported: [],
    grant_types_supported: tokenUrl === null ? [] : ['password', ...(canRefresh ? ['refresh_token'] : [])],
    token_endpoint_auth_methods_supported: ['none'],
  };
}

/** The metadata of RFC 9728 §2. A client asks its authorization server, not the resource, for `offline_access`. */
function protectedResource(source: MetadataSource, resource: string, issuer: string | undefined): object {
  const servers = [...new Set([issuer, ...source.issuerNames].filter(isIdentifierUrl))];
  return {
    resource,
    ...(servers.length > 0 && { authorization_servers: servers }),
    ...scopesSupported(source.scopes.filter((scope) => scope !== 'offline_access')),
    bearer_methods_supported: source.useHeader ? ['header'] : [],
  };
}

function scopesSupported(scopes: readonly string[]): object {
  return scopes.length > 0 ? { scopes_supported: scopes } : {};
}
