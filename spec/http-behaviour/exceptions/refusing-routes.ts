import { Authorized, Controller, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import type { ExceptionOption } from '../../../src/errors/custom-exceptions';
import type { LoginHttpError } from '../../../src/errors/login-http-error';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { type Account, managerOf, tokenOf } from '../../support/accounts';
import { clock } from '../../support/bad-tokens';
import { bearer } from '../../support/http';
import type { App, ServerOptions, Start } from '../../support/servers';

@JsonController()
class Routes {
  @Authorized()
  @Get('/authorized')
  authorized() {
    return {};
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @Authorized()
  @Post('/authorized')
  write() {
    return {};
  }

  @Authorized('admin')
  @Get('/admin')
  admin() {
    return { secret: true };
  }
}

@Controller('/text')
class TextRoutes {
  @Authorized()
  @Get('/authorized')
  authorized() {
    return '';
  }

  @Authorized('admin')
  @Get('/admin')
  admin() {
    return '';
  }
}

export const controllers = [Routes, TextRoutes];

/** The routes that refuse who is not logged in. */
export const guarded = ['/authorized', '/required'];

export const managerWith = (options: LoginManagerOptions<Account>) => managerOf({ clock: clock.tell, ...options });

export interface Refused {
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly challenge?: string;
}

/** The `Authorization` header of a user who lacks the scope of `/admin`. */
export const withoutScope = bearer(tokenOf(managerWith({}), 'ada@example.com', ['notes:read']));

/** Requests that end in one of the two exceptions, and how that is answered by default. */
export const refused: readonly Refused[] = [
  ...guarded.map((path) => ({
    path,
    status: 401,
    code: 'token_missing',
    message: 'Authentication is required',
    challenge: 'Bearer realm="api"',
  })),
  {
    path: '/admin',
    headers: withoutScope,
    status: 403,
    code: 'insufficient_scope',
    message: 'The access token lacks a required scope',
  },
];

export type Exception = ExceptionOption<LoginHttpError>;

/** For a server of which both exceptions are the same. */
export function answering(start: Start) {
  const startWith = (exception: Exception, options: Partial<ServerOptions> = {}) => {
    const manager = managerWith({ notAuthenticatedException: exception, outOfScopeException: exception });
    return start({ manager, controllers, ...options });
  };

  /** Looks at the answer to each request that ends in one of the exceptions. */
  const checkAnswers = async (
    exception: Exception,
    check: (answer: App, request: Refused) => void,
    options?: Partial<ServerOptions>,
  ): Promise<void> => {
    const { client } = await startWith(exception, options);
    for (const request of refused) check(await client.get(request.path).set(request.headers ?? {}), request);
  };

  return { startWith, checkAnswers };
}
