import { ownProperty } from './auth-error';
import { ConfigurationError } from './configuration-error';

/** Parameters that a Bearer challenge has in addition to those of its error. */
export interface ChallengeParameters {
  /** The protection space (RFC 9110 §11.5). Default `'api'`. */
  readonly realm?: string;
  /** The scopes that the resource requires, separated by spaces (RFC 6750 §3). Default: none. */
  readonly scope?: string;
  /** The URL of the resource's metadata (RFC 9728 §5.1). Default: none. */
  readonly resource_metadata?: string;
}

/**
 * Returns a `WWW-Authenticate` value of the Bearer scheme (RFC 6750 §3). Characters that §3 does not allow in an
 * attribute are left out, the quote and the backslash among them, so that no value can end its quoted string.
 */
export function bearerChallenge(attributes: Readonly<Record<string, string | undefined>> = {}): string {
  const quoted = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}="${value.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '')}"`,
  );
  return ['Bearer', quoted.join(', ')].filter(Boolean).join(' ');
}

/** The parameters of errors that an application constructs without any. */
export const DEFAULT_PARAMETERS: ChallengeParameters = Object.freeze({ realm: 'api' });

/**
 * Returns a challenge that begins with the realm, because a challenge needs at least one parameter (RFC 6750 §3).
 *
 * @param error - The attributes of the error; they win over the parameters.
 */
export function createChallenge(parameters: ChallengeParameters, error: Readonly<Record<string, string>> = {}): string {
  return bearerChallenge({
    realm: ownProperty(parameters, 'realm') ?? 'api',
    ...error,
    scope: ownProperty(error, 'scope') ?? ownProperty(parameters, 'scope'),
    resource_metadata: ownProperty(parameters, 'resource_metadata'),
  });
}

/** @throws {@link ConfigurationError} for a realm that no challenge can have. */
export function parseRealm(value: unknown): string {
  if (value === undefined) return 'api';
  if (typeof value === 'string' && /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(value)) return value;
  throw new ConfigurationError('realm must be a string of printable ASCII characters without quote and backslash');
}

/** Remembers the challenges that are needed again and again: of frozen parameters and a frozen key of the error. */
export class ChallengeCache<Key extends object> {
  private readonly challenges = new WeakMap<ChallengeParameters, WeakMap<Key, string>>();

  /** @param attributes - Returns the attributes of the error that the key stands for. */
  get(parameters: ChallengeParameters, key: Key, attributes: (key: Key) => Readonly<Record<string, string>>): string {
    const cached = this.challenges.get(parameters)?.get(key);
    if (cached !== undefined) return cached;
    const challenge = createChallenge(parameters, attributes(key));
    if (Object.isFrozen(parameters) && Object.isFrozen(key)) this.add(parameters, key, challenge);
    return challenge;
  }

  private add(parameters: ChallengeParameters, key: Key, challenge: string): void {
    const ofParameters = this.challenges.get(parameters) ?? new WeakMap<Key, string>();
    this.challenges.set(parameters, ofParameters.set(key, challenge));
  }
}
