import type { RequestContext } from '../http/request-context';

/** Characters of an address or a user agent that are kept at most. */
const LONGEST = 200;

/** Who sent a request, as far as it says: personal data. */
export interface ClientDetails {
  /** By `trust proxy` of Express, and by `proxy` of Koa. */
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
}

/** Returns the address and the user agent of the client, cut to 200 characters. */
export function clientOf(context: RequestContext): ClientDetails {
  const userAgent = context.headers['user-agent'];
  return { address: context.address?.slice(0, LONGEST), userAgent: userAgent?.slice(0, LONGEST) };
}
