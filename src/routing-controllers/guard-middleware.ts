import type { Action } from 'routing-controllers';
import type { Authorizer } from '../authorization/authorizer';
import type { Requirement, Role } from '../authorization/requirement';
import type { AuthError } from '../errors/auth-error';
import { actionOf } from '../http/request-context';
import { chain, type MaybePromise, recovering } from '../util/maybe-promise';
import { setUser } from './request-user';
import { sendAuthError } from './send-auth-error';

/** A middleware for Express, called with `(request, response, next)`, and for Koa, called with `(ctx, next)`. */
// biome-ignore lint/suspicious/noExplicitAny: the signatures of the two frameworks have nothing in common
export type GuardMiddleware = (requestOrContext: any, responseOrNext: any, next?: any) => any;

/** Why a request may not pass: an error to answer with, or one of the application's own functions. */
type Denial = { readonly authError: AuthError } | { readonly failure: unknown };

/**
 * Creates a middleware that requires what `@Authorized` would, and answers other requests by itself.
 *
 * @throws {@link ConfigurationError} for a role that is not a scope, `anyOf` or a policy.
 */
export function createGuardMiddleware<User>(
  authorizer: Authorizer<User>,
  roles: readonly (Role | readonly Role[])[],
): GuardMiddleware {
  const requirement = authorizer.requirementFor(roles.flat());
  const runExpress = authorizer.entering((action) => guardExpress(authorizer, requirement, action));
  const runKoa = authorizer.entering((action) => guardKoa(authorizer, requirement, action));
  return (first, second, third) =>
    typeof second === 'function'
      ? runKoa({ ...actionOf(first), next: second })
      : runExpress({ request: first, response: second, next: third });
}

function guardExpress<User>(authorizer: Authorizer<User>, requirement: Requirement, action: Action): unknown {
  const { next = () => undefined } = action;
  return chain(findDenial(authorizer, requirement, action), (denial) => {
    if (!denial) return next();
    return 'failure' in denial ? next(denial.failure) : sendAuthError(denial.authError, action);
  });
}

async function guardKoa<User>(
  authorizer: Authorizer<User>,
  requirement: Requirement,
  action: Action,
): Promise<unknown> {
  const denial = await findDenial(authorizer, requirement, action);
  if (!denial) return action.next?.();
  if ('failure' in denial) throw denial.failure;
  return sendAuthError(denial.authError, action);
}

function findDenial<User>(
  authorizer: Authorizer<User>,
  requirement: Requirement,
  action: Action,
): MaybePromise<Denial | undefined> {
  return recovering<Denial | undefined>(
    () =>
      chain(authorizer.check(action, requirement), ({ error, authentication }) => {
        if (error) return { authError: error };
        setUser(action, authentication.user);
        return undefined;
      }),
    (failure) => ({ failure }),
  );
}
