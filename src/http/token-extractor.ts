import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import type { TokenCookie } from './cookies/token-cookie';
import type { RequestContext } from './request-context';

/** Where a token was found; `request` is what `tokenFrom` reads. Browsers add only cookies by themselves. */
export type TokenLocation = 'header' | 'cookie' | 'request';

/** A token as it was sent; it may be any string. */
export interface ExtractedToken {
  readonly token: string;
  readonly location: TokenLocation;
}

/** Reads a token from another part of a request, such as its query. */
export type TokenFrom = (request: Action['request']) => string | undefined;

/** Finds the token of a request. */
export class TokenExtractor {
  /**
   * @param cookie - Undefined if cookies are not read.
   * @param tokenFrom - Asked if neither header nor cookie holds a token.
   */
  constructor(
    private readonly useHeader: boolean,
    private readonly cookie: TokenCookie | undefined,
    private readonly tokenFrom?: TokenFrom,
  ) {}

  /**
   * Returns the token of a request. A Bearer header wins over the cookie, even if its token is invalid; a header of
   * another scheme does not hide the cookie. If several cookies of the name differ, those that an earlier `domain` or
   * `path` left are expired by the response.
   *
   * @throws Whatever `tokenFrom` throws.
   */
  extract(context: RequestContext): ExtractedToken | undefined {
    const { headers } = context;
    const inHeader = this.useHeader ? parseBearer(headers.authorization) : undefined;
    if (inHeader !== undefined) return { token: inHeader, location: 'header' };
    const inCookie = this.cookie?.read(headers.cookie);
    if (inCookie === '') this.cookie?.expireDuplicates(context);
    if (inCookie !== undefined) return { token: inCookie, location: 'cookie' };
    const inRequest = this.tokenFrom && readToken(this.tokenFrom, context);
    return inRequest === undefined ? undefined : { token: inRequest, location: 'request' };
  }

  /** Returns every token that a request has, for a logout that ends the session of each: there may be several cookies. */
  extractAll(context: RequestContext): string[] {
    const { headers } = context;
    const inHeader = this.useHeader ? parseBearer(headers.authorization) : undefined;
    const inRequest = this.tokenFrom && readToken(this.tokenFrom, context);
    return [inHeader, ...(this.cookie?.readAll(headers.cookie) ?? []), inRequest].filter(
      (token) => token !== undefined,
    );
  }
}

/**
 * A client chooses whether `request.query.token` is a string or an array, so a value of another type is an invalid token
 * and no server error.
 */
function readToken(tokenFrom: TokenFrom, context: RequestContext): string | undefined {
  const found: unknown = tokenFrom(context.request);
  if (found === undefined || found === null || found === '') return undefined;
  if (typeof found === 'string') return found;
  if (typeof (found as PromiseLike<unknown>).then !== 'function') return '';
  Promise.resolve(found).catch(() => undefined); // a rejection must not end the process
  throw new ConfigurationError('tokenFrom returned a promise; return a string or undefined');
}

/**
 * Returns the credentials of an `Authorization: Bearer` header (RFC 6750 §2.1): an empty string if the scheme has no
 * token, undefined for another scheme. Schemes are case-insensitive (RFC 9110 §11.1).
 */
export function parseBearer(header: string | undefined): string | undefined {
  if (header === undefined || !hasBearerScheme(header)) return undefined;
  if (header.length === 6) return '';
  if (header[6] !== ' ') return undefined;
  return header[7] === ' ' ? header.slice(8).replace(/^ +/, '') : header.slice(7);
}

/** Tries the usual spelling first. */
function hasBearerScheme(header: string): boolean {
  return header.startsWith('Bearer') || header.slice(0, 6).toLowerCase() === 'bearer';
}
