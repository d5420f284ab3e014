import type { Clock } from '../clock';
import { GuardedStore } from './guarded-store';
import type { RevocationStore } from './revocation-store';
import { Revocations } from './revocations';

/** What of a manager's settings decides about revocation. */
export interface RevocationSettings {
  readonly revocation: RevocationStore | undefined;
  /** Milliseconds. */
  readonly storeTimeout: number;
  /** Seconds; so is the next. */
  readonly refreshExpiry: number;
  readonly clockTolerance: number;
  readonly clock: Clock;
}

/** Undefined without a store. */
export function createRevocations(settings: RevocationSettings): Revocations | undefined {
  const { revocation, storeTimeout, refreshExpiry, clockTolerance, clock } = settings;
  if (!revocation) return undefined;
  return new Revocations(
    new GuardedStore(revocation, storeTimeout),
    clock,
    refreshExpiry * 1000,
    clockTolerance * 1000,
  );
}
