import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import { originOf } from '../util/origin';

/**
 * The origins that may send unsafe requests with the cookie, in addition to the application's own.
 *
 * - An origin: `'https://app.example.com'`, or with the scheme of an app: `'capacitor://localhost'`.
 * - A pattern for subdomains: `'https://*.example.com'` matches one or more labels in place of the asterisk, with the same
 *   scheme and port. It does not match `https://example.com`.
 * - A function that returns `true` for a trusted origin. If it returns anything else or throws, the origin is not trusted.
 *   It is not called for the origin `null`, which every sandboxed page has.
 */
export type TrustedOrigins =
  | readonly string[]
  // biome-ignore lint/suspicious/noExplicitAny: the request is that of the application's framework
  | ((origin: string, request: any) => boolean);

/** Tells whether an `Origin` header names a trusted origin. */
export type TrustsOrigin = (origin: string, request: Action['request']) => boolean;

const EXPECTED =
  "trustedOrigins must be an array of origins such as 'https://app.example.com' (scheme, host and port only), 'https://*.example.com' for subdomains, or a function (origin, request) => boolean";

/** Schemes of network protocols whose pages never send such an origin, or share one among all of them. */
const USELESS_SCHEMES = /^(wss?|ftp|file|data|blob|about|javascript):/;

/**
 * Validates the option and writes each origin as browsers send it: in lower case, without a default port (RFC 6454 §6.2).
 *
 * @throws {@link ConfigurationError} for anything but a function or an array of origins and patterns.
 */
export function parseTrustedOrigins(option: TrustedOrigins = []): TrustedOrigins {
  if (typeof option === 'function') return option;
  if (!Array.isArray(option)) throw new ConfigurationError(EXPECTED);
  return Object.freeze(option.map(parseOrigin));
}

/** @param origins - As {@link parseTrustedOrigins} returns them. */
export function createOriginMatcher(origins: TrustedOrigins): TrustsOrigin {
  if (typeof origins === 'function') return (origin, request) => origin !== 'null' && asks(origins, origin, request);
  const exact = new Set(origins.filter((origin) => !origin.includes('*')));
  const patterns = origins.filter((origin) => origin.includes('*')).map(toRegExp);
  return (origin) => exact.has(origin) || patterns.some((pattern) => pattern.test(origin));
}

function asks(trusts: TrustsOrigin, origin: string, request: Action['request']): boolean {
  try {
    const answer: unknown = trusts(origin, request);
    if (typeof answer !== 'boolean') Promise.resolve(answer).catch(() => undefined); // a rejection must not end the process
    return answer === true;
  } catch {
    return false;
  }
}

function parseOrigin(text: unknown): string {
  const origin = typeof text === 'string' ? toOrigin(text.toLowerCase()) : undefined;
  if (origin === undefined) throw new ConfigurationError(EXPECTED);
  return origin;
}

function toOrigin(text: string): string | undefined {
  if (text.includes('*')) return toPattern(text);
  if (USELESS_SCHEMES.test(text)) return undefined;
  if (!/^https?:/.test(text))
    return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(:\d+)?\/?$/.exec(text)?.[0].replace(/\/$/, '');
  const origin = originOf(text);
  return origin === text || `${origin}/` === text || hasDefaultPort(text, origin) ? origin : undefined;
}

function hasDefaultPort(text: string, origin: string | undefined): boolean {
  const port = text.startsWith('https:') ? ':443' : ':80';
  return `${origin}${port}` === text || `${origin}${port}/` === text;
}

/** One asterisk, as the whole first label, and not before a top-level domain. */
function toPattern(text: string): string | undefined {
  const [, scheme, domain] = /^(https?:\/\/)\*\.([^*]+)$/.exec(text) ?? [];
  if (scheme === undefined || domain === undefined) return undefined;
  const origin = toOrigin(`${scheme}${domain}`);
  if (origin === undefined) return undefined;
  const { hostname } = new URL(origin);
  if (/^(\[|[\d.]+$)/.test(hostname) || !(hostname.includes('.') || hostname === 'localhost')) return undefined;
  return origin.replace('://', '://*.');
}

function toRegExp(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace('*', '[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*')}$`);
}
