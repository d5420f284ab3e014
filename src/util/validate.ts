import { ConfigurationError } from '../errors/configuration-error';
import { didYouMean } from './did-you-mean';
import { copyOwnProperties } from './own-properties';

/**
 * Checks that an object has only allowed properties.
 *
 * @param owner - What has the properties, for the message.
 * @throws {@link ConfigurationError} for any other property, most often a misspelled one.
 */
export function assertKnownKeys(value: object, allowed: readonly string[], owner: string): void {
  const unknown = Object.keys(value).find((name) => !allowed.includes(name));
  if (unknown !== undefined)
    throw new ConfigurationError(`${owner} has no '${unknown}'; remove or rename it.${didYouMean(unknown, allowed)}`);
}

/**
 * Returns the options of a call, as a copy of their own properties: empty if none are given.
 *
 * @throws {@link ConfigurationError} for anything but an object, and for a property that is not allowed.
 */
export function parseCallOptions<T extends object>(
  options: T | undefined,
  allowed: readonly (keyof T & string)[],
  owner: string,
): Partial<T> {
  if (options === undefined) return Object.create(null);
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError(`The options of ${owner} must be an object`);
  const own = copyOwnProperties(options);
  assertKnownKeys(own, allowed, owner);
  return own;
}

/** Returns a boolean option. @throws {@link ConfigurationError} for anything but true, false and undefined. */
export function parseBoolean(value: unknown, fallback: boolean, name: string): boolean {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw new ConfigurationError(`${name} must be true or false`);
}

/** Returns a string option. @throws {@link ConfigurationError} for anything but undefined and a non-empty string. */
export function parseString(value: unknown, name: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new ConfigurationError(`${name} must be a non-empty string, or omitted`);
}

/** Returns an option with fixed values. @throws {@link ConfigurationError} for anything but one of them and undefined. */
export function parseChoice<T extends string | boolean>(
  value: unknown,
  choices: readonly T[],
  fallback: T,
  name: string,
): T {
  if (value === undefined) return fallback;
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  throw new ConfigurationError(`${name} must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`);
}

/** Returns a function option. @throws {@link ConfigurationError} for anything but a function and undefined. */
export function parseFunction<F>(value: F | undefined, name: string): F | undefined {
  if (value === undefined || typeof value === 'function') return value;
  throw new ConfigurationError(`${name} must be a function, or omitted`);
}
