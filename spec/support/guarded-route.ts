import { Authorized, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import { type Account } from './accounts';
import { bearer } from './http';
import { closeServers, type Framework, type RunningServer, starter } from './servers';

/** An application of two routes that need a login. */
@JsonController()
export class GuardedRoute {
  @Authorized()
  @Get('/me')
  me(@CurrentUser() account: Account) {
    return { email: account.email };
  }

  @Authorized()
  @Post('/me')
  change(@CurrentUser() account: Account) {
    return { email: account.email };
  }
}

/** What a request was answered with, in short: `'let in'`, or the status and the code of the refusal. */
export type Verdict = 'let in' | `${number} ${string}`;

/**
 * One server for the specs of this suite, and a function that sends it a request with a token, or with these headers.
 */
export function guardedRoute(manager: () => LoginManager<Account>, framework: Framework = 'Express 5') {
  let server: RunningServer;

  before(async () => {
    server = await starter(framework)({ manager: manager(), controllers: [GuardedRoute] });
  });

  after(closeServers);

  return async (credentials: string | Record<string, string>, method: 'get' | 'post' = 'get'): Promise<Verdict> => {
    const headers = typeof credentials === 'string' ? bearer(credentials) : credentials;
    const { status, body } = await server.client[method]('/me').set(headers);
    return status === 200 ? 'let in' : `${status} ${body.code ?? body.name}`;
  };
}
