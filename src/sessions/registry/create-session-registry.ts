import type { Clock } from '../../util/clock';
import { FailClosedStore } from '../stores/fail-closed-store';
import type { SessionStore } from '../stores/session-store';
import { RefreshSuccession } from './refresh-succession';
import { RevocationService } from './revocation-service';
import { revocationTimesOf } from './revocation-times';
import { SessionRecords } from './session-records';
import { SessionRegistry } from './session-registry';

/** What of a manager's settings is about its session store. */
export interface RegistrySettings {
  readonly sessionStore: SessionStore | undefined;
  /** Milliseconds. */
  readonly storeTimeout: number;
  /** Seconds. */
  readonly refreshExpiry: number;
  /** Seconds. */
  readonly slidingExpiry: number | undefined;
  /** Milliseconds. */
  readonly refreshLeeway: number;
  /** Seconds. */
  readonly clockTolerance: number;
  readonly maxSessions: number | undefined;
  readonly clock: Clock;
}

/** What works on the records of a store. */
export interface Registry {
  readonly store: FailClosedStore;
  readonly sessions: SessionRegistry;
  readonly succession: RefreshSuccession;
  readonly revocations: RevocationService;
}

/** Returns undefined without a store. */
export function createSessionRegistry(
  settings: RegistrySettings,
  onError: (error: unknown) => void,
): Registry | undefined {
  const { sessionStore, clock } = settings;
  if (!sessionStore) return undefined;
  const store = new FailClosedStore(sessionStore, { timeout: settings.storeTimeout, onError });
  const records = new SessionRecords(store, {
    clock,
    longestSession: longestSession(settings) * 1000,
    clockTolerance: settings.clockTolerance * 1000,
  });
  const sessions = new SessionRegistry(records, settings.maxSessions);
  return {
    store,
    sessions,
    succession: new RefreshSuccession(records, sessions, settings.refreshLeeway),
    revocations: new RevocationService(
      records,
      sessions,
      revocationTimesOf(sessionStore),
      (settings.slidingExpiry ?? 0) * 1000,
    ),
  };
}

/** Returns how long a session can last, in seconds. */
export function longestSession({
  refreshExpiry,
  slidingExpiry,
}: Pick<RegistrySettings, 'refreshExpiry' | 'slidingExpiry'>): number {
  return Math.max(refreshExpiry, slidingExpiry ?? 0);
}
