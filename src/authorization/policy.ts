import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import type { TokenPayload } from '../jwt/token-payload';
import { compileArguments } from '../users/loader-arguments';
import { type Awaitable, chain } from '../util/maybe-promise';
import { CONTEXT_NAMES, type ContextExtras, type PolicyContext, paramsOf, type ResolvedExtras } from './policy-context';
import { RouteSubject } from './subject';

/** A refusal with its reason, from {@link deny}. */
export class Denial {
  /** @internal */
  constructor(readonly reason: string) {}
}

/**
 * Makes a policy refuse with a reason for developers. The reason becomes the `reason` of the `PolicyDeniedError`, which
 * is part of the event `refused`. It is not sent to the client.
 *
 * @throws {@link ConfigurationError} for anything but a non-empty string.
 * @example
 * ```ts
 * const isOpen = policy('isOpen', (_account, { note }) => note.isOpen || deny('closed'), { note: noteOfRoute });
 * ```
 */
export function deny(reason: string): Denial {
  if (typeof reason !== 'string' || reason === '') throw invalidPolicy("deny() requires a word: deny('closed')");
  return new Denial(reason);
}

/**
 * Decides whether a user may do something. `true` allows the request, `false` or `deny(…)` causes a
 * `PolicyDeniedError`, and anything else a `ConfigurationError`. An error that it throws is answered as an error of the
 * application.
 */
// biome-ignore lint/suspicious/noExplicitAny: the user is asserted, not inferred
export type Policy<User = any> = (
  user: User,
  action: Action,
  payload: TokenPayload,
) => boolean | Denial | Promise<boolean | Denial>;

/** A policy that {@link policy} returned. Called directly, it returns a boolean. */
// biome-ignore lint/suspicious/noExplicitAny: the user is asserted, not inferred
export type NamedPolicy<User = any> = (user: User, action: Action, payload: TokenPayload) => boolean | Promise<boolean>;

/** Who asks a policy, and about what. */
export interface Question {
  readonly user: unknown;
  readonly action: Action;
  readonly payload: TokenPayload;
  /** Extras that are given by hand, instead of the policy's own. */
  readonly given?: ContextExtras | undefined;
}

interface Definition {
  readonly decide: (question: Question) => Awaitable<unknown>;
  /** By the name of the extra. */
  readonly subjects: ReadonlyMap<string, RouteSubject<unknown>>;
}

const definitions = new WeakMap<Policy, Definition>();

/** The policies that are asked before the body is read. */
const beforeBodyPolicies = new WeakSet<Policy>();

/** What {@link beforeBody} returned for each policy. Without it, class and method would ask the same policy twice. */
const earlyPolicies = new WeakMap<Policy, NamedPolicy>();

/**
 * Returns a policy with a name. `routes()`, the OpenAPI document, events and error messages show the name, even after
 * minification.
 *
 * @param decide - Gets the user and `{ action, payload, params }`; returns a boolean or {@link deny}, or a promise of one.
 * @throws {@link ConfigurationError} for a name that is not a non-empty string, and without a function.
 * @example
 * ```ts
 * const isOwner = policy('isOwner', (user: Account, { params }) => Number(params.owner) === user.id);
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: the user is asserted, not inferred
export function policy<User = any>(
  name: string,
  decide: (user: User, context: PolicyContext) => boolean | Denial | Promise<boolean | Denial>,
): NamedPolicy<User>;
/**
 * Returns a policy with a name, and with extras that it needs.
 *
 * @param decide - Gets the user and `{ action, payload, params }` with the extras; returns a boolean or {@link deny}, or a
 * promise of one.
 * @param extras - `inject`, `provide`, subjects and plain values by name, typed as those of `@UserLoader`.
 * @throws {@link ConfigurationError} for a name that is not a non-empty string, no function, and extras that are not an
 * object or are named `action`, `payload` or `params`.
 * @example
 * ```ts
 * const isOwner = policy('isOwner', (user: Account, { note }: { note: Note }) => note.owner === user.id, {
 *   note: noteOfRoute,
 * });
 *
 * @Authorized(anyOf('notes:admin', isOwner))
 * @Get('/notes/:id')
 * ```
 */
export function policy<User, const E extends ContextExtras>(
  name: string,
  decide: (user: User, context: PolicyContext & ResolvedExtras<E>) => boolean | Denial | Promise<boolean | Denial>,
  extras: E,
): NamedPolicy<User>;
export function policy(name: string, decide: unknown, extras?: unknown): NamedPolicy {
  if (typeof name !== 'string' || name === '' || typeof decide !== 'function') {
    throw invalidPolicy("policy() requires a name and a function; write policy('isOwner', (user, { params }) => …)");
  }
  return define(name, createDefinition(decide as never, checkExtras(name, extras)));
}

function checkExtras(name: string, extras: unknown = {}): ContextExtras {
  if (typeof extras !== 'object' || extras === null || Array.isArray(extras)) {
    throw invalidPolicy(`The extras of the policy ${name} must be an object, such as { notes: inject(Notes) }`);
  }
  const reserved = CONTEXT_NAMES.find((one) => Object.hasOwn(extras, one));
  if (reserved) throw invalidPolicy(`The policy ${name} gets '${reserved}' anyway; rename the extra`);
  return extras as ContextExtras;
}

function createDefinition(decide: (user: unknown, context: object) => unknown, extras: ContextExtras): Definition {
  const resolve = compileArguments([extras]);
  return {
    subjects: new Map(
      Object.entries(extras).filter(
        (entry): entry is [string, RouteSubject<unknown>] => entry[1] instanceof RouteSubject,
      ),
    ),
    decide: ({ user, action, payload, given }) => {
      const needed = given ? compileArguments([withoutGiven(extras, given)]) : resolve;
      return chain(
        needed({ action, payload }),
        ([resolved]) =>
          decide(user, { ...(resolved as object), ...given, action, payload, params: paramsOf(action) }) as never,
      );
    },
  };
}

function withoutGiven(extras: ContextExtras, given: ContextExtras): ContextExtras {
  return Object.fromEntries(Object.entries(extras).filter(([name]) => !Object.hasOwn(given, name)));
}

function define<User>(name: string, definition: Definition): NamedPolicy<User> {
  const made: NamedPolicy<User> = (user, action, payload) =>
    chain(definition.decide({ user, action, payload }), (answer) =>
      answer instanceof Denial ? false : answer,
    ) as boolean;
  definitions.set(made, definition);
  return Object.defineProperty(made, 'name', { value: name });
}

/** Asks a policy. @returns Its answer, which may be anything. */
export function askPolicy(one: Policy, question: Question): Awaitable<unknown> {
  const definition = definitions.get(one);
  return definition ? definition.decide(question) : one(question.user, question.action, question.payload);
}

/** Returns the subjects that a policy is about, without those that are given by hand. */
export function subjectsOf(one: Policy, given: ContextExtras = {}): RouteSubject<unknown>[] {
  const subjects = [...(definitions.get(one)?.subjects ?? [])];
  return subjects.filter(([name]) => !Object.hasOwn(given, name)).map(([, subject]) => subject);
}

/**
 * Returns a policy that is called together with the authentication, before the body of the request is read. If it
 * denies a user, no upload is stored. It cannot see the body. Other policies run after the body has been read.
 *
 * On routing-controllers' own servers every policy runs before uploads, and after a JSON body.
 *
 * @throws {@link ConfigurationError} for anything but a policy.
 * @example
 * ```ts
 * @Authorized(beforeBody(mayUpload))
 * @Post('/photos')
 * upload(@UploadedFile('photo') photo: Express.Multer.File) { … }
 * ```
 */
export function beforeBody<User>(wrapped: Policy<User>): NamedPolicy<User> {
  if (typeof wrapped !== 'function') {
    throw invalidPolicy(`beforeBody() requires a policy, not ${wrapped}; check for a circular import`);
  }
  if (isBeforeBody(wrapped)) return wrapped as NamedPolicy<User>;
  const existing = earlyPolicies.get(wrapped);
  if (existing) return existing;
  const definition = definitions.get(wrapped);
  const early = define<User>(wrapped.name, {
    subjects: definition?.subjects ?? new Map(),
    decide: (question) => askPolicy(wrapped, question),
  });
  beforeBodyPolicies.add(early);
  earlyPolicies.set(wrapped, early);
  return early;
}

/** Returns whether a policy is asked before the body is read. */
export function isBeforeBody(one: Policy): boolean {
  return beforeBodyPolicies.has(one);
}

function invalidPolicy(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'routes-and-decorators' });
}
