import type { Action } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';
import type { TokenPayload } from '../jwt/token-payload';

/**
 * Decides whether a user may do something. `true` lets the request pass, `false` is a `PolicyDeniedError`, and
 * anything but a boolean a `ConfigurationError`. An error that it throws is answered as an error of the application.
 */
// biome-ignore lint/suspicious/noExplicitAny: the user is asserted, not inferred
export type Policy<User = any> = (user: User, action: Action, payload: TokenPayload) => boolean | Promise<boolean>;

/** The request that a policy made by {@link policy} decides about. */
export interface PolicyContext {
  readonly action: Action;
  /** The claims of the token. */
  readonly payload: TokenPayload;
  /** The path parameters of the route; empty if there is no route. */
  readonly params: Readonly<Record<string, string>>;
}

/** The policies that are asked before the body is read. */
const beforeBodyPolicies = new WeakSet<Policy>();

/**
 * Returns a policy with a name, which `routes()`, the OpenAPI document and error messages show, after minification too.
 *
 * @param decide - Gets the user and the context of the request; returns a boolean, or a promise of one.
 * @throws {@link ConfigurationError} for a name that is not a non-empty string, or no function.
 * @example
 * ```ts
 * const isOwner = policy('isOwner', (user: Account, { params }) => user.id === params.id);
 *
 * @Authorized([isOwner])
 * @Get('/accounts/:id')
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: the user is asserted, not inferred
export function policy<User = any>(
  name: string,
  decide: (user: User, context: PolicyContext) => boolean | Promise<boolean>,
): Policy<User> {
  if (typeof name !== 'string' || name === '' || typeof decide !== 'function') {
    throw new ConfigurationError(
      "policy() requires a name and a function; write policy('isOwner', (user, { params }) => …)",
    );
  }
  return named(name, (user, action, payload) => decide(user, { action, payload, params: getParams(action) }));
}

/**
 * Returns a policy that is asked together with the authentication, before the body of the request is read. An upload of
 * a user whom it denies is not stored. It cannot see the body. Other policies run after the body has been read.
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
export function beforeBody<User>(wrapped: Policy<User>): Policy<User> {
  if (typeof wrapped !== 'function') {
    throw new ConfigurationError(`beforeBody() requires a policy, not ${wrapped}; check for a circular import`);
  }
  const early = named<User>(wrapped.name, (user, action, payload) => wrapped(user, action, payload));
  beforeBodyPolicies.add(early);
  return early;
}

/** Returns whether a policy is asked before the body is read. */
export function isBeforeBody(one: Policy): boolean {
  return beforeBodyPolicies.has(one);
}

function named<User>(name: string, decide: Policy<User>): Policy<User> {
  return Object.defineProperty(decide, 'name', { value: name });
}

function getParams({ request, context }: Action): PolicyContext['params'] {
  return context?.params ?? request?.params ?? {};
}
