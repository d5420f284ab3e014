import type { Action } from 'routing-controllers';
import type { RemoteSecret } from '../jwt/issuers/issuer-options';
import type { Secret } from '../jwt/keys/secret';
import { createServices, type Services } from './create-services';
import type { LoginManagerOptions } from './options';
import { parseOptions, parseTokenUrl, type SecurityDescription, securityDescription } from './settings';
import type { TestAccess } from './test-access';

/** What all parts of a manager have: its services, built once from its options. */
export abstract class ManagerCore<User> {
  /** The path of the login route, or null. */
  readonly tokenUrl: string | null;

  /** The `currentUserChecker` for routing-controllers: returns the user, or null if the request is not authenticated. */
  readonly currentUserChecker: (action: Action) => User | Promise<User | null>;

  /** @internal */
  readonly security: SecurityDescription;

  /** @internal */
  get testing(): TestAccess {
    return this.services.testing;
  }

  /** @internal */
  protected readonly services: Services<User>;

  /**
   * @param secret - An HMAC secret or a key, or several: the first signs, all verify. Or `{ issuer }` or `{ jwksUri }`: the
   *   keys are fetched, and the manager only verifies.
   * @param tokenUrl - The path of the login route as clients see it; null for a server that only verifies tokens.
   * @throws {@link ConfigurationError} for a secret or an option that cannot work; the message says how to fix it.
   */
  constructor(secret: Secret | RemoteSecret, tokenUrl: string | null, options?: LoginManagerOptions<User>) {
    const settings = parseOptions(options);
    this.tokenUrl = parseTokenUrl(tokenUrl);
    this.security = securityDescription(settings, this.tokenUrl);
    this.services = createServices(secret, settings, this);
    this.currentUserChecker = this.services.currentUserChecker;
  }
}
