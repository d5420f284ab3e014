import { splitScopes } from '../util/scope';
import type { TokenPayload } from './token-payload';

/** `'scopes'`: a list, as fastapi-login writes; `'scope'`: space-separated text (RFC 9068 §2.2.3). */
export type ScopeClaimName = 'scopes' | 'scope';

/** Writes and reads the scopes of a token. */
export class ScopeClaim {
  constructor(private readonly name: ScopeClaimName) {}

  write(scopes: readonly string[]): Record<string, unknown> {
    const unique = [...new Set(scopes)];
    return { [this.name]: this.name === 'scope' ? unique.join(' ') : unique };
  }

  /**
   * Whole words only, of a list or of space-separated text. The other claim is read only where this one is absent; a
   * claim of any other form grants nothing.
   */
  read(payload: TokenPayload): readonly string[] {
    const other = this.name === 'scope' ? 'scopes' : 'scope';
    const value = payload[payload[this.name] === undefined ? other : this.name];
    if (typeof value === 'string') return splitScopes(value);
    return Array.isArray(value) && value.every((scope) => typeof scope === 'string') ? value : [];
  }
}
