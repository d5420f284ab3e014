import { withoutStackTrace } from '../errors/auth-error';
import { CrossOriginError } from '../errors/cross-origin-error';
import { isLoopback, originOf } from '../util/origin';
import { throwAuthError } from './error-response';
import type { RequestContext } from './request-context';
import type { TokenLocation } from './token-extractor';
import { createOriginMatcher, type TrustedOrigins, type TrustsOrigin } from './trusted-origins';

/** Safe methods (RFC 9110 §9.2.1) change nothing, so it does not matter which page sent them. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Which requests are checked: those that the cookie authenticates, or every request that has an `Origin`. */
export type OriginCheckMode = 'cookie' | 'always';

/** Decides which pages may send a request that the browser adds the cookie to: the defence against CSRF. */
export class OriginCheck {
  private readonly isTrusted: TrustsOrigin;

  /** The configured origin of the application; undefined if it is that of each request. */
  private readonly configuredOrigin: string | undefined;

  /**
   * @param trustedOrigins - As `parseTrustedOrigins` returns them.
   * @param resource - The URL of the API. With the mode `'always'` its origin is the application's own, whatever host a
   * request names: that is the defence against DNS rebinding.
   * @param onRefused - Called for what is refused beside authentication: logins, logouts, refreshes.
   */
  constructor(
    trustedOrigins: TrustedOrigins,
    private readonly mode: OriginCheckMode = 'cookie',
    resource?: string,
    private readonly onRefused?: (error: CrossOriginError, context: RequestContext) => void,
  ) {
    this.isTrusted = createOriginMatcher(trustedOrigins);
    this.configuredOrigin = mode === 'always' && resource !== undefined ? originOf(resource) : undefined;
  }

  /**
   * Tells whether a request must be refused because of the page that sent it.
   *
   * @param location - Where its token is; undefined for a request without one.
   */
  refuses(context: RequestContext, location: TokenLocation | undefined): boolean {
    if (this.mode === 'always' && context.headers.origin !== undefined) return !this.isOwn(context);
    return location === 'cookie' && this.isCrossOrigin(context);
  }

  /** Tells whether a foreign page sent an unsafe request or a WebSocket handshake. */
  private isCrossOrigin(context: RequestContext): boolean {
    return (!SAFE_METHODS.has(context.message.method ?? '') || isHandshake(context)) && !this.isOwn(context);
  }

  /**
   * Checks a request for what acts before there is a login, or without one.
   *
   * @param location - Where its token is. Default: as if the cookie authenticated it.
   * @throws {@link CrossOriginError} for an unsafe request of a foreign page.
   */
  assertSameOrigin(context: RequestContext, location: TokenLocation = 'cookie'): void {
    if (!this.refuses(context, location)) return;
    const error = this.createError(context);
    this.onRefused?.(error, context);
    throwAuthError(error, context);
  }

  /** Creates the error for a request that is refused; its cause says why. */
  createError(context: RequestContext): CrossOriginError {
    return withoutStackTrace(
      () => new CrossOriginError(undefined, { cause: new Error(explain(context, this.ownOrigin(context))) }),
    );
  }

  /**
   * `Sec-Fetch-Site` is set by the browser and no page can change it; older browsers send `Origin` only. A client that
   * sends neither is no browser, and nobody can make it send another user's cookie.
   */
  private isOwn(context: RequestContext): boolean {
    const { origin, 'sec-fetch-site': site } = context.headers;
    if (origin !== undefined && this.isTrusted(origin, context.request)) return true;
    if (origin !== undefined && this.configuredOrigin !== undefined) return origin === this.configuredOrigin;
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    return origin === undefined || origin === this.ownOrigin(context);
  }

  private ownOrigin(context: RequestContext): string | undefined {
    return this.configuredOrigin ?? originOf(`${context.isSecure() ? 'https' : 'http'}://${context.host()}`);
  }
}

/** A GET request that opens both directions; browsers send the cookie with it from any page (RFC 6455 §10.2). */
function isHandshake({ headers }: RequestContext): boolean {
  return headers.upgrade?.toLowerCase().includes('websocket') === true;
}

/** Describes a refused request for the developer: the origins that were compared, and the likely remedy. */
function explain(context: RequestContext, own: string | undefined): string {
  const { origin, 'sec-fetch-site': site } = context.headers;
  const facts = [
    `Origin is ${show(origin)}`,
    `Sec-Fetch-Site is ${show(site)}`,
    `the request's own origin is ${show(own)}`,
  ];
  return `${facts.join(', ')}; ${adviceFor(context, origin, own)}`;
}

function adviceFor(context: RequestContext, origin: string | undefined, own: string | undefined): string {
  const host = origin === undefined || !URL.canParse(origin) ? '' : new URL(origin).host;
  const forwarded = context.headers['x-forwarded-host'];
  const ownHost = own && new URL(own).host;
  if (host && origin !== own && (host === ownHost || host === forwarded))
    return "if a proxy is in front of the application, trust it: app.set('trust proxy', 1) on Express, app.proxy = true on Koa";
  if (isLoopback(host) && isLoopback(ownHost) && new URL(`http://${host}`).port === new URL(own as string).port)
    return "localhost, 127.0.0.1 and [::1] are different origins; use one of them everywhere, or add the page's origin to trustedOrigins";
  if (host && origin !== own) return `if a page of ${origin} may send this request, add it to trustedOrigins`;
  return 'send the request from a page of the application; a page without an origin of its own cannot be trusted';
}

function show(value: string | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value.slice(0, 200));
}
