import type { ServerResponse } from 'node:http';
import { serialize } from 'cookie';
import onHeaders from 'on-headers';
import { ConfigurationError } from '../../errors/configuration-error';
import { isLoopback } from '../../util/origin';
import { type HttpResponse, RequestContext } from '../request-context';
import { cookieValues, joinTokens, maxTokenLength, pieceName, pieceNames, splitToken } from './cookie-header';
import { isPrefixed, type ResolvedCookieOptions, refreshCookieOptions } from './cookie-options';
import { type CookieScope, earlierScopes } from './cookie-scopes';

/**
 * Options of `setCookie`.
 *
 * @example
 * ```ts
 * lm.setCookie(response, token, { session: true }); // gone when the browser is closed
 * ```
 */
export interface CookieOptions {
  /**
   * Keeps the cookie until the browser is closed, instead of as long as the token lives. Default: what `login` was told
   * about it with `remember`; `false` for a token that was made otherwise. It applies to this response only: cookies of a
   * later refresh last, so use `login` for a login that ends with the browser.
   */
  session?: boolean | undefined;
}

/** What is written of one cookie; the other attributes are the same for all. */
interface CookieLine {
  readonly name: string;
  readonly value: string;
  readonly maxAge: number | undefined;
  readonly scope: CookieScope;
}

/** A cookie that holds a token. A large token is split over several cookies. */
export class TokenCookie {
  /** @param usualPaths - Paths that an earlier configuration may have given the cookie. */
  constructor(
    private readonly settings: ResolvedCookieOptions,
    private readonly usualPaths: readonly string[] = ['/'],
  ) {}

  /**
   * Returns the token of a `Cookie` header, or undefined. Returns an empty string, which never verifies, if the cookie
   * occurs with different values: a sibling domain may have injected one (cookie tossing).
   */
  read(header: string | undefined): string | undefined {
    if (header === undefined || !header.includes(this.settings.name)) return undefined;
    const tokens = joinTokens(header, this.settings.name);
    return tokens.length > 1 ? '' : tokens[0] || undefined;
  }

  /** Returns whether a response sets or clears the cookie. */
  isSetBy(response: ServerResponse): boolean {
    const set = [response.getHeader('Set-Cookie') ?? []].flat();
    return set.some((cookie) => String(cookie).startsWith(`${this.settings.name}=`));
  }

  /** Returns every token that a `Cookie` header can mean, for a logout that ends the session of each. */
  readAll(header: string | undefined): string[] {
    return header === undefined ? [] : joinTokens(header, this.settings.name).filter((token) => token !== '');
  }

  /**
   * Sets the cookie, and forbids caches to store the response.
   *
   * @param lifetime - What is left of the token's life, in seconds.
   * @throws {@link ConfigurationError} for a token that browsers would not keep.
   */
  write(response: HttpResponse, token: string, lifetime: number, { session = false }: CookieOptions = {}): void {
    const { name } = this.settings;
    const values = splitToken(name, token);
    if (!values) {
      throw new ConfigurationError(
        `The token is too long for cookies: it may have ${maxTokenLength(name)} characters; put less into data or scopes`,
        { section: 'contents-of-tokens' },
      );
    }
    const age = session ? undefined : Math.ceil(this.ageFor(lifetime));
    const pieces = values.map((value, index) => this.line(pieceName(name, index), value, age));
    forbidCaching(this.set(response, pieces));
  }

  /** Returns how long a lasting cookie lives with a token that lives so long; both in seconds. */
  ageFor(lifetime: number): number {
    return Math.min(this.settings.maxAge ?? lifetime, lifetime);
  }

  clear(response: HttpResponse): void {
    this.set(response, [this.line(this.settings.name, '', 0)]);
  }

  /**
   * Expires the cookies that hide the real one from {@link read}: those of the same name in another scope. The next
   * request is authenticated again.
   */
  expireDuplicates(context: RequestContext): void {
    const { response } = context;
    if (response && !response.headersSent)
      this.replace(response, this.earlierLines(context, `${context.path()}/`), context);
  }

  /** Browsers keep a cookie of an earlier `domain` or `path` beside the new one, so it is expired. */
  private set(response: HttpResponse, lines: readonly CookieLine[]): ServerResponse {
    const target = responseOf(response);
    const context = RequestContext.fromResponse(response);
    // Expired first: a browser that does not tell two scopes apart keeps the cookie that is set last.
    const stale = context ? [...this.earlierLines(context, context.path()), ...this.leftOverLines(context, lines)] : [];
    this.replace(target, [...stale, ...lines], context);
    return target;
  }

  /** Writes the lines in place of those that the same response had before. */
  private replace(response: ServerResponse, lines: readonly CookieLine[], context: RequestContext | undefined): void {
    const names = pieceNames(this.settings.name);
    const secure = this.isSecure(context);
    const others = [response.getHeader('Set-Cookie') ?? []]
      .flat()
      .map(String)
      .filter((other) => !names.some((name) => other.startsWith(`${name}=`)));
    response.setHeader('Set-Cookie', [...others, ...lines.map((line) => this.serialize(line, secure))]);
  }

  private earlierLines(context: RequestContext, path: string): CookieLine[] {
    const scopes = earlierScopes(this.settings, context.host(), path, this.usualPaths);
    return this.sentNames(context).flatMap((name) => scopes.map((scope) => ({ name, value: '', maxAge: 0, scope })));
  }

  /** Pieces of an earlier, larger token. */
  private leftOverLines(context: RequestContext, lines: readonly CookieLine[]): CookieLine[] {
    const written = lines.map(({ name }) => name);
    const leftOver = this.sentNames(context).filter((name) => !written.includes(name));
    return leftOver.map((name) => this.line(name, '', 0));
  }

  private sentNames({ headers }: RequestContext): string[] {
    return pieceNames(this.settings.name).filter((name) => cookieValues(headers.cookie ?? '', name).length > 0);
  }

  private line(name: string, value: string, maxAge: number | undefined): CookieLine {
    return { name, value, maxAge, scope: this.settings };
  }

  private serialize({ name, value, maxAge, scope: { domain, path } }: CookieLine, secure: boolean): string {
    const { sameSite, partitioned } = this.settings;
    return serialize(name, value, {
      httpOnly: true,
      secure,
      sameSite,
      domain,
      path,
      maxAge,
      partitioned,
      encode: identity,
      // Named, so that none is read from a polluted `Object.prototype`.
      expires: undefined,
      priority: undefined,
    });
  }

  /** A wrong `Secure` costs a login on plain http; a missing one shows the token to whoever listens. */
  private isSecure(context: RequestContext | undefined): boolean {
    const { name, secure, sameSite, partitioned } = this.settings;
    if (secure !== 'auto') return secure;
    return (
      isPrefixed(name) ||
      sameSite === 'none' ||
      partitioned ||
      process.env.NODE_ENV === 'production' ||
      !context ||
      context.isSecure() ||
      claimsHttps(context) ||
      !isLoopback(context.host())
    );
  }
}

/** Creates the cookie that holds the refresh token; undefined if there is no path to send it to. */
export function createRefreshCookie(settings: {
  readonly cookie: ResolvedCookieOptions | undefined;
  readonly refreshUrl: string | undefined;
}): TokenCookie | undefined {
  const { cookie, refreshUrl } = settings;
  return cookie && refreshUrl !== undefined ? new TokenCookie(refreshCookieOptions(cookie, refreshUrl), []) : undefined;
}

/** At the last moment too, whatever the route says by then: a cache would log everybody in with this cookie. */
function forbidCaching(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  onHeaders(response, () => response.setHeader('Cache-Control', 'no-store'));
}

function responseOf(response: HttpResponse): ServerResponse {
  const target = 'res' in response ? response.res : response;
  if (typeof target?.setHeader === 'function' && typeof target.getHeader === 'function') return target;
  throw new ConfigurationError(
    'A cookie needs a response; pass the response of Express, or ctx or ctx.response of Koa',
    { section: 'cookies' },
  );
}

/** In which proxies name the scheme that the browser uses. */
const SCHEME_HEADERS = ['x-forwarded-proto', 'x-forwarded-protocol', 'x-forwarded-scheme', 'x-url-scheme'];

/** Which proxies set to `on` if the browser uses https. */
const SWITCH_HEADERS = ['x-forwarded-ssl', 'front-end-https'];

/**
 * Tells whether anything says that the browser uses https: its page, or a proxy, trusted or not. So a proxy that passes
 * `Host: localhost` on, as nginx does by default, does not cost the cookie its `Secure`.
 */
function claimsHttps({ headers }: RequestContext): boolean {
  return (
    /^https:/i.test(headers.origin ?? '') ||
    SCHEME_HEADERS.some((name) => /\bhttps\b/i.test(String(headers[name] ?? ''))) ||
    SWITCH_HEADERS.some((name) => /^on$/i.test(String(headers[name] ?? ''))) ||
    /\bproto="?https\b/i.test(String(headers.forwarded ?? ''))
  );
}

/** A token needs no encoding, and must have one spelling only. */
function identity(value: string): string {
  return value;
}
