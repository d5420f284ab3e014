import type { Json } from './documents';

/** A request, and the statuses that the document promises for it. */
export interface Promised {
  readonly name: string;
  /** The scopes of its token; none is sent where there are none. */
  readonly scopes?: readonly string[];
  readonly status: 'success' | '401' | '403';
}

const BEARER = 'OAuth2PasswordBearer';

/**
 * What the document says of an operation, read from the document alone: of a request with nothing, with all scopes but
 * one, each of them, and with just those of each alternative.
 *
 * @param universe - All scopes that there are.
 * @param expand - Adds what scopes imply, as the document says it.
 */
export function promisesOf(
  operation: Json,
  universe: readonly string[],
  expand: (scopes: readonly string[]) => readonly string[] = (scopes) => scopes,
): Promised[] {
  const security: Record<string, string[]>[] = operation.security ?? [];
  const isOpen = security.length === 0 || security.some((alternative) => Object.keys(alternative).length === 0);
  const needs = security.flatMap((alternative) => (alternative[BEARER] ? [alternative[BEARER]] : []));
  const alternatives = needs.length > 0 ? needs : [[]];
  const statusWith = (scopes: readonly string[]) =>
    isOpen || alternatives.some((needed) => needed.every((scope) => expand(scopes).includes(scope)))
      ? 'success'
      : '403';
  const withScopes = (name: string, scopes: readonly string[]) =>
    ({ name, scopes, status: statusWith(scopes) }) as const;
  return [
    { name: 'with nothing', status: isOpen ? 'success' : '401' },
    withScopes('with a token of no scope', []),
    withScopes('with all scopes', universe),
    ...universe.map((lacked) => withScopes(`without ${lacked}`, without(universe, lacked))),
    ...alternatives.map((needed) => withScopes(`with ${needed} alone`, needed)),
    ...alternatives.flatMap((needed) =>
      needed.map((lacked) => withScopes(`with ${needed} without ${lacked}`, without(needed, lacked))),
    ),
  ];
}

const without = (scopes: readonly string[], lacked: string) => scopes.filter((scope) => scope !== lacked);

/** What scopes imply by themselves, as their descriptions say. */
export function implicationsIn(document: Json): Record<string, string[]> {
  const described: Record<string, string> = document.components.securitySchemes[BEARER]?.flows.password.scopes ?? {};
  return Object.fromEntries(
    Object.entries(described).map(([scope, text]) => [scope, /\(implies (.*)\)$/.exec(text)?.[1]?.split(', ') ?? []]),
  );
}

/** All scopes that the operations of a document name. */
export function scopesIn(operations: readonly Json[]): string[] {
  const named = operations.flatMap(({ security = [] }) => security.flatMap((one: Json) => one[BEARER] ?? []));
  return [...new Set<string>(named)];
}

/** The policies that an operation's description names. */
export function policiesOf({ description = '' }: Json): string[] {
  const [, names = ''] = /Needs (`.*)\.$/.exec(description) ?? [];
  return [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name as string);
}

/** How recent and how strong a login the description of an operation asks for. */
export function stepUpOf({ description = '' }: Json): { maxAge?: number; acr?: string[] } {
  const [, sentence = ''] = /^Needs a login (.*)\.$/m.exec(description) ?? [];
  const [, maxAge] = /at most (\d+) seconds old/.exec(sentence) ?? [];
  const [, acr] = /with the `acr` (.*)$/.exec(sentence) ?? [];
  return {
    ...(maxAge && { maxAge: Number(maxAge) }),
    ...(acr && { acr: [...acr.matchAll(/`(\w+)`/g)].map(([, value]) => value as string) }),
  };
}
