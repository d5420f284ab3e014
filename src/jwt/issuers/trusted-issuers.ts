import { LRUCache } from 'lru-cache';
import { callOption } from '../../errors/application-error';
import { isPromiseLike } from '../../util/maybe-promise';
import { invalidIssuer } from './invalid-issuer';
import type { Issuer } from './issuer';
import type { IssuerOptions, Issuers } from './issuer-options';
import { type CommonRules, type IssuerSettings, parseIssuer } from './parse-issuer';

/** The most issuers of a function that are kept; of those that it does not accept as many. */
const MAX_TENANTS = 1000;

/** The issuers beside the manager's own. The `iss` of a token chooses exactly one. */
export interface TrustedIssuers {
  /** Returns the issuer of an `iss`, or undefined for one that is not accepted. */
  find(iss: string): Issuer | undefined;
  /** Those that are known before the first token. */
  readonly all: readonly Issuer[];
}

/**
 * Parses the option `issuers`.
 *
 * @param create - Creates the issuer of parsed options.
 * @throws {@link ConfigurationError} for issuers that cannot work.
 */
export function parseIssuers(
  issuers: Issuers,
  common: CommonRules,
  create: (settings: IssuerSettings) => Issuer,
): TrustedIssuers {
  if (typeof issuers === 'function') return new Tenants(issuers, common, create);
  if (!Array.isArray(issuers))
    throw invalidIssuer('issuers must be an array of { issuer, audience }, or a function (iss) => { … }');
  const all = issuers.map((options) => create(parseIssuer(options, common)));
  const byName = new Map(all.map((issuer) => [issuer.settings.issuer, issuer]));
  if (byName.size < all.length)
    throw invalidIssuer('issuers has the same issuer twice; keep one, with all its audiences');
  return { all, find: (iss) => byName.get(iss) };
}

/** The issuers of a function, which is asked once for each. */
class Tenants implements TrustedIssuers {
  readonly all = [];
  private readonly accepted = new LRUCache<string, Issuer>({ max: MAX_TENANTS });
  private readonly unknown = new LRUCache<string, true>({ max: MAX_TENANTS });

  constructor(
    private readonly optionsOf: (iss: string) => IssuerOptions | undefined,
    private readonly common: CommonRules,
    private readonly create: (settings: IssuerSettings) => Issuer,
  ) {}

  find(iss: string): Issuer | undefined {
    if (this.unknown.has(iss)) return undefined;
    const known = this.accepted.get(iss);
    if (known) return known;
    const options = callOption('issuers', () => this.optionsOf(iss));
    if (options === undefined || options === null) this.unknown.set(iss, true);
    else this.accepted.set(iss, this.create(this.parse(options, iss)));
    return this.accepted.get(iss);
  }

  private parse(options: IssuerOptions, iss: string): IssuerSettings {
    if (isPromiseLike(options)) {
      options.then(undefined, () => {}); // an unhandled rejection would end the process
      throw invalidIssuer('issuers returned a promise; return the options of the issuer, or undefined');
    }
    const settings = parseIssuer(options, this.common);
    if (settings.issuer !== iss)
      throw invalidIssuer('issuers returned another issuer than it was asked for; return undefined for none');
    if (settings.introspection)
      throw invalidIssuer(
        'An issuer that a function returns cannot have introspection, because an opaque token does not say whose it is; use an array',
      );
    return settings;
  }
}
