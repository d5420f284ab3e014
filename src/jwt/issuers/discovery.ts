import { lifetimeOf } from './cache-lifetime';
import { fetchJson, UnusableAnswer } from './fetch-json';
import { mayFollow } from './secure-url';

/** What an issuer says about itself. */
export interface IssuerMetadata {
  readonly jwksUri: string;
  /** How long it may be relied on, in milliseconds. */
  readonly lifetime: number;
}

/**
 * Returns the addresses at which an issuer may describe itself: that of OpenID Connect Discovery §4, which follows the
 * issuer's path, then those of RFC 8414 §3 and §5, which precede it.
 */
export function wellKnownUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    ...new Set([
      `${origin}${path}/.well-known/openid-configuration`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}/.well-known/oauth-authorization-server${path}`,
    ]),
  ];
}

/**
 * Discovers the key set of an issuer. The document must be about exactly this issuer (OpenID Connect Discovery §4.3,
 * RFC 8414 §3.3); one that is not is passed over like one that is not there.
 *
 * @param timeout - Milliseconds, of each request.
 * @throws An `Error` if no address has the document, or the issuer does not answer.
 */
export async function discover(issuer: string, timeout: number): Promise<IssuerMetadata> {
  const problems: string[] = [];
  for (const url of wellKnownUrls(issuer)) {
    try {
      return await fetchMetadata(url, issuer, timeout);
    } catch (error) {
      if (!(error instanceof UnusableAnswer) || (error.status ?? 0) >= 500) throw error;
      problems.push(`${url}: ${error.message}`);
    }
  }
  throw new Error(`No document describes the issuer ${issuer}. ${problems.join('. ')}`);
}

async function fetchMetadata(url: string, issuer: string, timeout: number): Promise<IssuerMetadata> {
  const { body, headers } = await fetchJson(url, timeout);
  if (body.issuer !== issuer) throw new UnusableAnswer('The document is about another issuer');
  if (!mayFollow(issuer, body.jwks_uri)) throw new UnusableAnswer('The jwks_uri of the document is not an https URL');
  return { jwksUri: body.jwks_uri, lifetime: lifetimeOf(headers) };
}
