import type { ServerResponse } from 'node:http';
import { parse, serialize } from 'cookie';
import { ConfigurationError } from '../errors/configuration-error';
import { isPrefixed, type ResolvedCookieOptions, refreshCookieOptions } from './cookie-options';
import { type HttpResponse, RequestContext } from './request-context';

/** What browsers keep of a name and its value together, in bytes (RFC 6265 §6.1). */
const MAX_COOKIE_SIZE = 4096;

/** How a cookie is kept. */
export interface CookieOptions {
  /** Until the browser is closed, instead of as long as the token lives. Default `false`. */
  session?: boolean;
}

/** A cookie that holds a token. */
export class TokenCookie {
  constructor(private readonly settings: ResolvedCookieOptions) {}

  /**
   * The token, or undefined where there is none. Empty text, which is no token, where there are several that differ:
   * one of them was put there by another site of the domain, and nobody can tell which.
   */
  read(header: string | undefined): string | undefined {
    const values = this.readAll(header);
    return values.length > 1 ? '' : values[0] || undefined;
  }

  /** Returns the different values of the cookie: there may be several, if its domain or path was changed. */
  readAll(header: string | undefined): string[] {
    const { name } = this.settings;
    if (header === undefined || !header.includes(name)) return [];
    const pairs = header
      .split(';')
      .filter((pair) => pair.includes('=') && pair.slice(0, pair.indexOf('=')).trim() === name);
    return [...new Set(pairs.map((pair) => parse(pair, { decode: identity })[name] ?? ''))];
  }

  /** Returns whether a response sets or clears the cookie. */
  isSetBy(response: ServerResponse): boolean {
    const set = [response.getHeader('Set-Cookie') ?? []].flat();
    return set.some((cookie) => String(cookie).startsWith(`${this.settings.name}=`));
  }

  /**
   * @param lifetime - What is left of the token's life, in seconds.
   * @throws {@link ConfigurationError} for a token that browsers would not keep.
   */
  write(response: HttpResponse, token: string, lifetime: number, { session = false }: CookieOptions = {}): void {
    const { name, maxAge = lifetime } = this.settings;
    if (Buffer.byteLength(name) + token.length > MAX_COOKIE_SIZE) {
      throw new ConfigurationError(
        `The token is too long for a cookie: with its name it may have ${MAX_COOKIE_SIZE} bytes; put less into data or scopes`,
      );
    }
    this.set(response, token, session ? undefined : Math.ceil(Math.min(maxAge, lifetime)));
  }

  clear(response: HttpResponse): void {
    this.set(response, '', 0);
  }

  private set(response: HttpResponse, value: string, maxAge: number | undefined): void {
    const { name, sameSite, domain, path, partitioned } = this.settings;
    const secure = this.isSecure(RequestContext.fromResponse(response));
    const cookie = serialize(name, value, {
      httpOnly: true,
      secure,
      sameSite,
      domain,
      path,
      maxAge,
      partitioned,
      encode: identity,
    });
    const target = 'res' in response ? response.res : response;
    const others = [target.getHeader('Set-Cookie') ?? []].flat().map(String);
    target.setHeader('Set-Cookie', [...others.filter((other) => !other.startsWith(`${name}=`)), cookie]);
  }

  private isSecure(context: RequestContext | undefined): boolean {
    const { name, secure, sameSite, partitioned } = this.settings;
    if (secure !== 'auto') return secure;
    return (
      isPrefixed(name) ||
      sameSite === 'none' ||
      partitioned ||
      !context ||
      context.isSecure() ||
      !isLoopback(context.host())
    );
  }
}

/** The cookie that holds the refresh token; undefined where there is no path it would be sent to. */
export function createRefreshCookie(settings: {
  readonly cookie: ResolvedCookieOptions | undefined;
  readonly refreshUrl: string | undefined;
}): TokenCookie | undefined {
  const { cookie, refreshUrl } = settings;
  return cookie && refreshUrl !== undefined ? new TokenCookie(refreshCookieOptions(cookie, refreshUrl)) : undefined;
}

function isLoopback(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(`http://${host}`).hostname);
}

/** A token needs no encoding, and must have one spelling only. */
function identity(value: string): string {
  return value;
}
