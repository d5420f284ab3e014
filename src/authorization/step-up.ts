import { ConfigurationError } from '../errors/configuration-error';
import type { TokenPayload } from '../jwt/token-payload';
import { type Duration, parseDuration } from '../util/duration';
import { assertKnownKeys } from '../util/validate';

/**
 * Options of {@link stepUp}; at least one is required.
 *
 * @example
 * ```ts
 * @Authorized(stepUp({ maxAge: '5m', acr: 'mfa' }))
 * ```
 */
export interface StepUpOptions {
  /** The greatest age of the login: seconds, or a string such as `'5m'`. Default: any. */
  maxAge?: Duration;
  /** Authentication context classes (OpenID Connect Core §2), one of which must be the token's `acr`. Default: any. */
  acr?: string | readonly string[];
}

/** What a login must be like: how recent and how strong. Several are combined into one. */
export interface StepUpRequirement {
  /** The greatest age of the login, in seconds. Undefined if any will do. */
  readonly maxAge?: number;
  /** The values of `acr` that will do; if there are none, no login will. Undefined if any will do. */
  readonly acr?: readonly string[];
}

/** A role that requires a recent or a strong login, from {@link stepUp}. */
export class StepUp {
  /** @internal */
  constructor(readonly requirement: StepUpRequirement) {}
}

/**
 * Requires a login that is recent or strong enough (RFC 9470). An older or weaker login is refused with an
 * `InsufficientAuthenticationError` (401), or with the `notAuthenticatedException`, so that `redirectTo` asks for
 * the password again.
 *
 * The age counts from the token's `login_at`, or, if there is none, from its `auth_time` (OpenID Connect Core §2). The
 * manager sets `login_at` if it has a `sessionStore` or `slidingExpiry`; refreshes and renewals keep it. With `maxAge`,
 * a token with neither is refused.
 *
 * Several step-ups add up, along the class chain too: the shortest `maxAge` applies, and `acr` must be in every list.
 *
 * @throws {@link ConfigurationError} without any requirement, and for an invalid one.
 * @example
 * ```ts
 * @Authorized(['billing', stepUp({ maxAge: '5m', acr: ['mfa'] })])
 * @Post('/transfers')
 * ```
 */
export function stepUp(options: StepUpOptions): StepUp {
  if (typeof options !== 'object' || options === null) throw invalidStepUp(USAGE);
  const { maxAge, acr } = options;
  assertKnownKeys(options, ['maxAge', 'acr'], 'stepUp()');
  if (maxAge === undefined && acr === undefined) throw invalidStepUp(USAGE);
  return new StepUp(
    Object.freeze({
      ...(maxAge !== undefined && { maxAge: parseDuration(maxAge, 'maxAge') }),
      ...(acr !== undefined && { acr: parseAcr(acr) }),
    }),
  );
}

const USAGE = "stepUp() requires maxAge, acr or both; write stepUp({ maxAge: '5m' })";

function parseAcr(acr: string | readonly string[]): readonly string[] {
  const values: readonly unknown[] = typeof acr === 'string' ? [acr] : acr;
  if (!Array.isArray(values) || values.length === 0 || !values.every(isAcr)) {
    throw invalidStepUp(
      "acr must be a value or an array of values, each printable ASCII without spaces and quotes; write stepUp({ acr: ['mfa'] })",
    );
  }
  return Object.freeze([...new Set(values)]);
}

/** A list of values is separated by spaces in the challenge (RFC 9470 §3). */
function isAcr(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

/** Combines step-ups: the shortest age, and the values that are in every list. */
export function combineStepUps(all: readonly StepUp[]): StepUpRequirement | undefined {
  if (all.length === 0) return undefined;
  const ages = all.flatMap(({ requirement: { maxAge } }) => (maxAge === undefined ? [] : [maxAge]));
  const [first, ...lists] = all.flatMap(({ requirement: { acr } }) => (acr === undefined ? [] : [acr]));
  return {
    ...(ages.length > 0 && { maxAge: Math.min(...ages) }),
    ...(first && { acr: first.filter((value) => lists.every((list) => list.includes(value))) }),
  };
}

/** How far the clock of whoever wrote the time of the login may be ahead, in seconds. */
const LEEWAY = 60;

/**
 * Returns why a login is not recent or strong enough, or undefined if it is. Each comparison denies if it is false, so a
 * time that is not a number denies.
 *
 * @param now - Milliseconds since the epoch.
 */
export function findStepUpProblem(
  payload: TokenPayload,
  { maxAge, acr }: StepUpRequirement,
  now: number,
): string | undefined {
  if (acr && !(typeof payload.acr === 'string' && acr.includes(payload.acr))) {
    return `acr: the token's is ${typeof payload.acr === 'string' ? `'${payload.acr}'` : 'missing'}`;
  }
  if (maxAge === undefined) return undefined;
  const age = now / 1000 - loginTimeOf(payload);
  if (age <= maxAge && age >= -LEEWAY) return undefined;
  return Number.isNaN(age)
    ? 'login time: the token has neither login_at nor auth_time, or the clock is broken'
    : `login time: the login is ${Math.round(age)} seconds old, and may be ${maxAge}`;
}

/** Returns the time of the login in seconds since the epoch, or NaN if it is not known. */
function loginTimeOf({ login_at: loginAt, auth_time: authTime }: TokenPayload): number {
  if (loginAt !== undefined) return typeof loginAt === 'number' ? loginAt / 1000 : Number.NaN;
  return typeof authTime === 'number' ? authTime : Number.NaN;
}

/** Describes what the login must be like, such as `stepUp(300s, mfa | hwk)`. */
export function describeStepUp({ maxAge, acr }: StepUpRequirement): string {
  const parts = [...(maxAge === undefined ? [] : [`${maxAge}s`]), ...(acr ? [acr.join(' | ') || 'none'] : [])];
  return `stepUp(${parts.join(', ')})`;
}

function invalidStepUp(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'routes-and-decorators' });
}
