import { callOption } from '../errors/application-error';
import { ConfigurationError } from '../errors/configuration-error';
import { splitScopes } from '../util/scope';
import type { TokenPayload } from './token-payload';

/**
 * The claim of the scopes: `'scopes'`, an array as in fastapi-login; `'scope'`, space-separated (RFC 9068 §2.2.3); or
 * another one, such as `'scp'` of Entra ID and `'permissions'` of Auth0.
 */
export type ScopeClaimName = 'scopes' | 'scope' | 'scp' | 'permissions' | (string & NonNullable<unknown>);

/** Returns the scopes of a token, as an array or space-separated; undefined for none. */
export type ScopeReader = (payload: TokenPayload) => readonly string[] | string | undefined;

/** Writes and reads the scopes of a token. */
export class ScopeClaim {
  private readonly reader: ScopeReader | undefined;
  private readonly name: ScopeClaimName;

  /** @param claim - With a function, the manager's own tokens have their scopes in `scopes`. */
  constructor(claim: ScopeClaimName | ScopeReader) {
    this.reader = typeof claim === 'function' ? claim : undefined;
    this.name = typeof claim === 'function' ? 'scopes' : claim;
  }

  /** Returns the claim for these scopes, each once. */
  write(scopes: readonly string[]): Record<string, unknown> {
    const unique = [...new Set(scopes)];
    return { [this.name]: this.name === 'scope' ? unique.join(' ') : unique };
  }

  /** Whether a token says what its scopes are. */
  isIn(payload: TokenPayload): boolean {
    return payload[this.name] !== undefined || payload.scopes !== undefined || payload.scope !== undefined;
  }

  /**
   * Returns the scopes of a token, from an array or a space-separated string. Of `scopes` and `scope` the other claim is
   * read if this one is absent. A claim of any other form grants nothing.
   *
   * @throws {@link ConfigurationError} if the function of the application returns anything but scopes.
   */
  read(payload: TokenPayload): readonly string[] {
    if (this.reader) return this.readBy(this.reader, payload);
    return parse(payload[this.name] === undefined ? payload[this.otherName] : payload[this.name]) ?? [];
  }

  private get otherName(): string {
    if (this.name === 'scope') return 'scopes';
    return this.name === 'scopes' ? 'scope' : this.name;
  }

  private readBy(reader: ScopeReader, payload: TokenPayload): readonly string[] {
    const value: unknown = callOption('scopeClaim', () => reader(payload));
    const scopes = value === undefined ? [] : parse(value);
    if (scopes) return [...scopes];
    throw new ConfigurationError('scopeClaim did not return scopes; return an array of strings, or undefined for none');
  }
}

/** Parses the option `scopeClaim`. @throws {@link ConfigurationError} for anything but a name or a function. */
export function parseScopeClaim(value: unknown = 'scopes'): ScopeClaim {
  if (typeof value === 'function') return new ScopeClaim(value as ScopeReader);
  if (typeof value === 'string' && value !== '') return new ScopeClaim(value);
  throw new ConfigurationError(
    "scopeClaim must be the name of a claim, such as 'scopes', 'scope', 'scp' or 'permissions', or a function of the payload",
  );
}

function parse(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return splitScopes(value);
  return Array.isArray(value) && value.every((scope) => typeof scope === 'string') ? value : undefined;
}
