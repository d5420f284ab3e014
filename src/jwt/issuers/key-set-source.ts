import type { Algorithm } from '../keys/algorithm';
import { lifetimeOf } from './cache-lifetime';
import { discover } from './discovery';
import { fetchJson } from './fetch-json';
import { PublicKeys } from './public-keys';

/** Where the keys of an issuer come from. */
export interface KeySetLocation {
  /** Undefined if only the address of the keys is known. */
  readonly issuer: string | undefined;
  /** Undefined if the issuer's document says it. */
  readonly jwksUri: string | undefined;
  readonly algorithms: readonly Algorithm[];
  /** Milliseconds. */
  readonly timeout: number;
}

/** Keys with the time for which they may be relied on, in milliseconds. */
export interface FetchedKeys {
  readonly keys: PublicKeys;
  readonly lifetime: number;
}

/** Fetches the keys of an issuer, and before the first time and now and then the address of them. */
export class KeySetSource {
  private discovered: { readonly jwksUri: string; readonly until: number } | undefined;

  constructor(private readonly location: KeySetLocation) {}

  /** What is fetched, for messages. */
  get name(): string {
    return this.location.issuer ?? this.location.jwksUri ?? '';
  }

  /**
   * Fetches the keys.
   *
   * @param now - Milliseconds since the epoch.
   * @throws An `Error` if there is no usable answer.
   */
  async fetch(now: number): Promise<FetchedKeys> {
    const jwksUri = this.location.jwksUri ?? (await this.discover(now));
    try {
      const { body, headers } = await fetchJson(jwksUri, this.location.timeout);
      return { keys: PublicKeys.parse(body, this.location.algorithms), lifetime: lifetimeOf(headers) };
    } catch (error) {
      if (this.discovered) this.discovered = { ...this.discovered, until: Number.NEGATIVE_INFINITY }; // it may have moved
      throw error;
    }
  }

  /** Returns the address of the keys. One that is known stays in use while the document cannot be fetched. */
  private async discover(now: number): Promise<string> {
    const { issuer = '', timeout } = this.location;
    if (this.discovered && now < this.discovered.until) return this.discovered.jwksUri;
    try {
      const { jwksUri, lifetime } = await discover(issuer, timeout);
      this.discovered = { jwksUri, until: now + lifetime };
      return jwksUri;
    } catch (error) {
      if (this.discovered) return this.discovered.jwksUri;
      throw error;
    }
  }
}
