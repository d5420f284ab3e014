import { ConfigurationError } from '../errors/configuration-error';
import { type Duration, parseDuration } from '../util/duration';
import { parseString } from '../util/validate';
import type { SessionStore } from './stores/session-store';

/** The options of a manager that are about sessions, as they are written. */
export interface SessionOptions {
  readonly sessionStore?: SessionStore | undefined;
  readonly refreshExpiry?: Duration | undefined;
  readonly defaultExpiry?: Duration | undefined;
  readonly refreshUrl?: string | undefined;
  readonly refreshLeeway?: Duration | undefined;
  readonly slidingExpiry?: Duration | undefined;
  readonly maxTokenAge?: Duration | undefined;
  readonly useCookie?: boolean | undefined;
  readonly maxSessions?: number | undefined;
}

/** @throws {@link ConfigurationError} for an object that lacks a method of a store. */
export function parseStore(store: SessionStore | undefined): SessionStore | undefined {
  if (store === undefined) return undefined;
  const required = ['read', 'write', 'age'] as const;
  if (typeof store === 'object' && store !== null && required.every((method) => typeof store[method] === 'function'))
    return store;
  throw invalidOption(
    'sessionStore must be a SessionStore with the methods read, write and age, for one server new MemorySessionStore()',
  );
}

/** Returns seconds. @throws {@link ConfigurationError} if tokens would outlive their session. */
export function parseRefreshExpiry({
  refreshExpiry = '30d',
  defaultExpiry = '15m',
  sessionStore,
}: SessionOptions): number {
  const seconds = parseDuration(refreshExpiry, 'refreshExpiry');
  if (sessionStore && seconds < parseDuration(defaultExpiry, 'defaultExpiry')) {
    throw invalidOption(
      'refreshExpiry is shorter than defaultExpiry, so tokens would outlive their session; make it longer',
    );
  }
  return seconds;
}

/** @throws {@link ConfigurationError} for anything but a path, and without a store. */
export function parseRefreshUrl({ refreshUrl, sessionStore }: SessionOptions): string | undefined {
  const path = parseString(refreshUrl, 'refreshUrl');
  if (path === undefined) return undefined;
  if (!/^\/[^\s;?#]*$/.test(path)) throw invalidOption("refreshUrl must be a path, such as '/token'");
  if (!sessionStore)
    throw invalidOption('refreshUrl has no effect without a session store; set sessionStore, or leave it out');
  return path;
}

/** Returns milliseconds. @throws {@link ConfigurationError} for anything but 0 and a duration within a session. */
export function parseRefreshLeeway({ refreshLeeway, refreshExpiry = '30d' }: SessionOptions): number {
  if (refreshLeeway === undefined) return 30_000;
  if (refreshLeeway === 0) return 0;
  const seconds = parseDuration(refreshLeeway, 'refreshLeeway');
  if (seconds < parseDuration(refreshExpiry, 'refreshExpiry')) return seconds * 1000;
  throw invalidOption(
    'refreshLeeway must be shorter than refreshExpiry, or else no second use of a refresh token is ever noticed',
  );
}

/** Returns seconds. @throws {@link ConfigurationError} for a duration that renews nothing. */
export function parseSlidingExpiry({
  slidingExpiry,
  defaultExpiry = '15m',
  useCookie,
  refreshUrl,
  maxTokenAge,
}: SessionOptions): number | undefined {
  if (slidingExpiry === undefined) return undefined;
  const seconds = parseDuration(slidingExpiry, 'slidingExpiry');
  if (!useCookie) throw invalidOption('slidingExpiry renews cookies; set useCookie, or leave it out');
  if (refreshUrl !== undefined)
    throw invalidOption('slidingExpiry makes a refresh cookie needless; leave refreshUrl or slidingExpiry out');
  if (seconds <= parseDuration(defaultExpiry, 'defaultExpiry'))
    throw invalidOption('slidingExpiry must be longer than defaultExpiry, the time after which an unused login ends');
  if (
    maxTokenAge !== undefined &&
    2 * parseDuration(maxTokenAge, 'maxTokenAge') <= parseDuration(defaultExpiry, 'defaultExpiry')
  )
    throw invalidOption(
      'maxTokenAge is at most half of defaultExpiry, so that cookies would be refused before they are renewed; make it longer, or defaultExpiry shorter',
    );
  return seconds;
}

/** @throws {@link ConfigurationError} for anything but a whole number from 1, and without a store that can list. */
export function parseMaxSessions({ maxSessions, sessionStore }: SessionOptions): number | undefined {
  if (maxSessions === undefined) return undefined;
  if (!Number.isSafeInteger(maxSessions) || maxSessions < 1)
    throw invalidOption('maxSessions must be a whole number of sessions, at least 1');
  if (typeof sessionStore?.list !== 'function')
    throw invalidOption('maxSessions needs a session store with the method list(); set sessionStore');
  return maxSessions;
}

function invalidOption(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'sessions-and-stores' });
}
