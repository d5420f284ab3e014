import type { SecurityDescription } from '../manager/settings';
import { freeName } from './free-name';
import type { Scheme } from './security-requirement';

/** A Security Scheme Object (OpenAPI 3.0 §4.7.27). */
export type SecurityScheme = Record<string, unknown>;

/** The security schemes of all managers. */
export interface SecuritySchemes {
  /** By their names, for the components of the document. */
  readonly components: Record<string, SecurityScheme>;
  /** For the requirements of operations. */
  readonly schemes: readonly Scheme[];
}

/** Returns the security schemes. Managers with equal schemes share them; a different scheme gets another name. */
export function securitySchemes(managers: readonly SecurityDescription[]): SecuritySchemes {
  const components: Record<string, SecurityScheme> = {};
  const schemes = new Map<string, Scheme>();
  for (const { wanted, scheme } of managers.flatMap(createSchemes)) {
    const text = JSON.stringify(scheme);
    const name = freeName(wanted, (taken) => taken in components && JSON.stringify(components[taken]) !== text);
    components[name] = scheme;
    schemes.set(name, { name, hasScopes: scheme.type === 'oauth2', inCookie: scheme.in === 'cookie' });
  }
  return { components, schemes: [...schemes.values()] };
}

interface Wanted {
  readonly wanted: string;
  readonly scheme: SecurityScheme;
}

function createSchemes({
  tokenUrl,
  refreshUrl,
  scopes,
  useHeader,
  cookieName,
  credentials,
}: SecurityDescription): Wanted[] {
  const found: Wanted[] = [];
  if (useHeader && tokenUrl === null) {
    found.push({ wanted: 'HTTPBearer', scheme: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } });
  } else if (useHeader) {
    const password = { tokenUrl, ...(refreshUrl !== undefined && { refreshUrl }), scopes: { ...scopes?.descriptions } };
    found.push({ wanted: 'OAuth2PasswordBearer', scheme: { type: 'oauth2', flows: { password } } });
  }
  if (cookieName !== undefined) {
    found.push({ wanted: 'cookieAuth', scheme: { type: 'apiKey', in: 'cookie', name: cookieName } });
  }
  for (const { name, header } of credentials) {
    found.push({ wanted: name, scheme: { type: 'apiKey', in: 'header', name: header } });
  }
  return found;
}
