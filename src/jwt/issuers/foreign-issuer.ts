import { privateField } from '../../util/private-field';
import type { TokenPayload } from '../token-payload';

const issuers = privateField<string>();

/** Remembers that another issuer made a token; before its payload is frozen. */
export function markForeign(payload: TokenPayload, issuer: string): void {
  issuers.set(payload, issuer);
}

/**
 * Returns the configured issuer that a token is of, or undefined for a token of the manager's own keys. Its subjects and
 * sessions are others than the manager's.
 */
export function foreignIssuerOf(payload: TokenPayload): string | undefined {
  return issuers.get(payload);
}
