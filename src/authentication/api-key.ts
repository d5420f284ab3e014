import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import type { RequestContext } from '../http/request-context';
import { checkLoadedUser } from '../users/loaded-user';
import { type Awaitable, chain, type MaybePromise } from '../util/maybe-promise';
import { copyOwnProperties } from '../util/own-properties';
import { assertKnownKeys } from '../util/validate';
import { Credential, type CredentialOwner, type CredentialScheme } from './credential';

/**
 * Options of {@link apiKey}.
 *
 * @example
 * ```ts
 * apiKey({ header: 'X-API-Key', load: async (key) => (await apiKeys.find(sha256(key))) ?? null });
 * ```
 */
export interface ApiKeyOptions<User> {
  /** The name of the request header, case-insensitive. */
  header: string;
  /** The name of the security scheme in the OpenAPI document. Default `'apiKeyAuth'`. */
  name?: string;
  /**
   * Returns the owner and the scopes of a key, or null for an unknown key. It looks up the key in the application's
   * database, which should store only a hash of it. A result with a null user is refused too; any other result is a
   * {@link ConfigurationError}. An error that it throws is answered as an error of the application.
   */
  load: (
    key: string,
    action: Action,
  ) => Awaitable<{ user: User | null | undefined; scopes: readonly string[] } | null | undefined>;
}

/**
 * Returns a credential that authenticates requests by a key in a header; for the option `credentials`. It is tried if a
 * request has no token. An unknown key is refused (401, `credential_invalid`).
 *
 * The key has its own scopes; the option `scopesOf` is not called. Policies get a payload without claims. A browser
 * never adds such a header automatically, so the origin check of cookies does not apply.
 *
 * @throws {@link ConfigurationError} for a header that browsers send automatically, and for any other invalid option.
 * @example
 * ```ts
 * const lm = new LoginManager<Account>(SECRET, '/login', {
 *   userLoader: Accounts,
 *   credentials: [apiKey({ header: 'X-API-Key', load: (key) => apiKeys.find(sha256(key)) })],
 * });
 * ```
 */
export function apiKey<User>(options: ApiKeyOptions<User>): Credential<User> {
  return new ApiKey(options);
}

/** Headers that browsers send by themselves: a foreign page could use the key of its visitor. */
const AUTOMATIC_HEADERS = ['authorization', 'cookie', 'proxy-authorization'];

class ApiKey<User> extends Credential<User> {
  readonly scheme: CredentialScheme;
  private readonly field: string;
  private readonly find: ApiKeyOptions<User>['load'];

  constructor(given: ApiKeyOptions<User>) {
    super();
    if (typeof given !== 'object' || given === null)
      throw new ConfigurationError("apiKey() was given no object; write apiKey({ header: 'X-API-Key', load })");
    const { header, name = 'apiKeyAuth', load, ...unknown } = copyOwnProperties(given);
    assertKnownKeys(unknown, ['header', 'name', 'load'], 'apiKey()');
    assertHeader(header);
    if (typeof name !== 'string' || !/^[\w.-]+$/.test(name))
      throw new ConfigurationError(
        'The name of apiKey() must consist of letters, digits, dots, hyphens and underscores; OpenAPI allows no others',
      );
    if (typeof load !== 'function')
      throw new ConfigurationError(
        'apiKey() requires the function load: (key, action) => ({ user, scopes }), or null if the key is unknown',
      );
    this.scheme = Object.freeze({ name, header });
    this.field = header.toLowerCase();
    this.find = load;
  }

  read({ headers }: RequestContext): string | undefined {
    const value = Object.hasOwn(headers, this.field) ? headers[this.field] : undefined;
    return Array.isArray(value) ? value.join(', ') : value;
  }

  load(key: string, action: Action): MaybePromise<CredentialOwner<User> | null> {
    if (key === '') return null;
    return chain(this.find(key, action) as Awaitable<unknown>, checkOwner<User>);
  }
}

function assertHeader(header: unknown): void {
  if (typeof header !== 'string' || !/^[\w!#$%&'*+.^`|~-]+$/.test(header))
    throw new ConfigurationError(
      "The header of apiKey() must be the name of a request header, such as 'X-API-Key' (RFC 9110 §5.1)",
    );
  if (AUTOMATIC_HEADERS.includes(header.toLowerCase()))
    throw new ConfigurationError(
      `apiKey() must not use the header '${header}', which browsers send by themselves; choose another, such as 'X-API-Key'`,
    );
}

/** Returns null for nobody. @throws {@link ConfigurationError} for anything but an owner and nobody. */
function checkOwner<User>(found: unknown): CredentialOwner<User> | null {
  if (found === null || found === undefined || found === false) return null;
  const { user, scopes } = copyOwnProperties(found) as Partial<CredentialOwner<unknown>>;
  if (typeof found !== 'object' || Array.isArray(found) || !Object.hasOwn(found, 'user') || !isScopeList(scopes))
    throw new ConfigurationError(
      'load of apiKey() must return { user, scopes } with an array of scopes (strings), or null if the key is unknown',
    );
  return checkLoadedUser(user, 'load of apiKey()') ? { user: user as User, scopes } : null;
}

function isScopeList(scopes: unknown): scopes is readonly string[] {
  return Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string');
}

/**
 * Parses the option `credentials`.
 *
 * @throws {@link ConfigurationError} for anything but an array of credentials, and for a header that two of them read.
 */
export function parseCredentials<User>(value: readonly Credential<User>[] = []): readonly Credential<User>[] {
  if (!Array.isArray(value) || !value.every((one) => one instanceof Credential))
    throw new ConfigurationError(
      "credentials must be an array of credentials, such as [apiKey({ header: 'X-API-Key', load })]",
    );
  const headers = value.map(({ scheme }) => scheme.header.toLowerCase());
  const repeated = headers.find((header, index) => headers.indexOf(header) !== index);
  if (repeated !== undefined)
    throw new ConfigurationError(`Two of the credentials read the header '${repeated}'; remove one of them`);
  return Object.freeze([...value]);
}
