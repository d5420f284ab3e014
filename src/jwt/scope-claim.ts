import { splitScopes } from '../util/scope';
import type { TokenPayload } from './token-payload';

/** The claim of the scopes: `'scopes'`, an array as in fastapi-login, or `'scope'`, space-separated (RFC 9068 §2.2.3). */
export type ScopeClaimName = 'scopes' | 'scope';

/** Writes and reads the scopes of a token. */
export class ScopeClaim {
  constructor(private readonly name: ScopeClaimName) {}

  /** Returns the claim for these scopes, each once. */
  write(scopes: readonly string[]): Record<string, unknown> {
    const unique = [...new Set(scopes)];
    return { [this.name]: this.name === 'scope' ? unique.join(' ') : unique };
  }

  /**
   * Returns the scopes of a token, from an array or a space-separated string. The other claim is read only if this one
   * is absent. A claim of any other form grants nothing.
   */
  read(payload: TokenPayload): readonly string[] {
    const other = this.name === 'scope' ? 'scopes' : 'scope';
    const value = payload[payload[this.name] === undefined ? other : this.name];
    if (typeof value === 'string') return splitScopes(value);
    return Array.isArray(value) && value.every((scope) => typeof scope === 'string') ? value : [];
  }
}
