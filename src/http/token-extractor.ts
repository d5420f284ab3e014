import { bearerToken } from './bearer-token';
import type { RequestContext } from './request-context';
import type { TokenCookie } from './token-cookie';

/** A token as it was sent; its text may be anything. */
export interface ExtractedToken {
  readonly token: string;
  /** Browsers add cookies by themselves, so only there does it matter which page sent the request. */
  readonly inCookie: boolean;
}

/** Where a manager looks for tokens. */
export class TokenExtractor {
  /** @param cookie - Undefined where cookies are not looked at. */
  constructor(
    private readonly useHeader: boolean,
    private readonly cookie: TokenCookie | undefined,
  ) {}

  /** Returns the token of the header, or undefined if there is no Bearer header or none is looked at. */
  extractBearer({ message: { headers } }: RequestContext): string | undefined {
    return this.useHeader ? bearerToken(headers.authorization) : undefined;
  }

  /** A Bearer header wins over the cookie, a bad one too; another scheme does not hide the cookie. */
  extract(context: RequestContext): ExtractedToken | undefined {
    const inHeader = this.extractBearer(context);
    if (inHeader !== undefined) return { token: inHeader, inCookie: false };
    const inCookie = this.cookie?.read(context.message.headers.cookie);
    return inCookie === undefined ? undefined : { token: inCookie, inCookie: true };
  }
}
