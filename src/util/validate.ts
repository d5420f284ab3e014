import { ConfigurationError } from '../errors/configuration-error';
import { didYouMean } from './did-you-mean';

/** @throws {@link ConfigurationError} for a property that nothing reads: most often a slip of the pen. */
export function assertKnownKeys(value: object, known: readonly string[], owner: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ConfigurationError(`${owner} has no '${unknown}'.${didYouMean(unknown, known)}`);
}

/** @throws {@link ConfigurationError} for anything but true, false and undefined. */
export function parseBoolean(value: unknown, fallback: boolean, name: string): boolean {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw new ConfigurationError(`${name} must be true or false`);
}

/** @throws {@link ConfigurationError} for anything but undefined, or text that is not empty. */
export function parseString(value: unknown, name: string): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new ConfigurationError(`${name} must be text that is not empty; leave it out for none`);
}

/** @throws {@link ConfigurationError} for anything but one of the choices and undefined. */
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

/** @throws {@link ConfigurationError} for anything but a function and undefined. */
export function parseFunction<F>(value: F | undefined, name: string): F | undefined {
  if (value === undefined || typeof value === 'function') return value;
  throw new ConfigurationError(`${name} must be a function`);
}
