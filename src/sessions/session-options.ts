import { ConfigurationError } from '../errors/configuration-error';
import { type Duration, parseDuration } from '../util/duration';
import { parseString } from '../util/validate';
import type { RevocationStore } from './revocation-store';

/** @throws {@link ConfigurationError} for an object that lacks a method of a store. */
export function parseStore(store: RevocationStore | undefined): RevocationStore | undefined {
  if (store === undefined || (typeof store?.revoke === 'function' && typeof store.revokedAt === 'function'))
    return store;
  throw new ConfigurationError(
    'revocation must be a RevocationStore, with the methods revoke(id, at, expiresAt) and revokedAt(ids): new MemoryRevocationStore() for one server',
  );
}

/** Seconds. @throws {@link ConfigurationError} where tokens would outlive their revocation. */
export function parseRefreshExpiry({
  refreshExpiry = '30d',
  defaultExpiry = '15m',
  revocation,
}: {
  refreshExpiry?: Duration;
  defaultExpiry?: Duration;
  revocation?: RevocationStore;
}): number {
  const seconds = parseDuration(refreshExpiry, 'refreshExpiry');
  if (revocation && seconds < parseDuration(defaultExpiry, 'defaultExpiry')) {
    throw new ConfigurationError(
      'refreshExpiry is shorter than defaultExpiry, so tokens would outlive their revocation: make it longer',
    );
  }
  return seconds;
}

/** @throws {@link ConfigurationError} for anything but a path, and without a store. */
export function parseRefreshUrl({
  refreshUrl,
  revocation,
}: {
  refreshUrl?: string;
  revocation?: RevocationStore;
}): string | undefined {
  const path = parseString(refreshUrl, 'refreshUrl');
  if (path === undefined) return undefined;
  if (!/^\/[^\s;?#]*$/.test(path)) throw new ConfigurationError("refreshUrl must be a path, such as '/token'");
  if (!revocation)
    throw new ConfigurationError(
      'refreshUrl is of no use without the option revocation: there are no refresh tokens without a store',
    );
  return path;
}
