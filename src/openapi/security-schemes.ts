import type { SecurityDescription } from '../settings';
import type { Scheme } from './security-requirement';

/** A Security Scheme Object (OpenAPI 3.0 §4.7.27). */
export type SecurityScheme = Record<string, unknown>;

/** The schemes of all managers, by name, and the same as operations need them. */
export interface SecuritySchemes {
  readonly components: Record<string, SecurityScheme>;
  readonly schemes: readonly Scheme[];
}

/** Managers that say the same share a scheme; one that says otherwise gets a name of its own. */
export function securitySchemes(managers: readonly SecurityDescription[]): SecuritySchemes {
  const components: Record<string, SecurityScheme> = {};
  const schemes = new Map<string, Scheme>();
  for (const { wanted, scheme } of managers.flatMap(createSchemes)) {
    const name = freeName(wanted, scheme, components);
    components[name] = scheme;
    schemes.set(name, { name, hasScopes: scheme.type === 'oauth2', inCookie: scheme.type === 'apiKey' });
  }
  return { components, schemes: [...schemes.values()] };
}

interface Wanted {
  readonly wanted: string;
  readonly scheme: SecurityScheme;
}

function createSchemes({ tokenUrl, refreshUrl, scopes, useHeader, cookieName }: SecurityDescription): Wanted[] {
  const found: Wanted[] = [];
  if (useHeader && tokenUrl === null) {
    found.push({ wanted: 'HTTPBearer', scheme: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } });
  } else if (useHeader) {
    const password = { tokenUrl, ...(refreshUrl !== undefined && { refreshUrl }), scopes: { ...scopes } };
    found.push({ wanted: 'OAuth2PasswordBearer', scheme: { type: 'oauth2', flows: { password } } });
  }
  if (cookieName !== undefined) {
    found.push({ wanted: 'cookieAuth', scheme: { type: 'apiKey', in: 'cookie', name: cookieName } });
  }
  return found;
}

function freeName(wanted: string, scheme: SecurityScheme, taken: Record<string, SecurityScheme>): string {
  const text = JSON.stringify(scheme);
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (!taken[name] || JSON.stringify(taken[name]) === text) return name;
  }
}
