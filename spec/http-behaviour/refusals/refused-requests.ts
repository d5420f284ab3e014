import { Authorized, Controller, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import type { LoginManager } from '../../../src/login-manager';
import { type Account, tokenOf } from '../../support/accounts';
import { bearer, cookie, foreign } from '../../support/http';
import type { Answer, Call } from '../../support/keep-alive';
import { pipeline } from '../../support/pipeline';
import type { App } from '../../support/servers';

const nobody = () => false;

@JsonController('/json')
export class JsonRoutes {
  @Authorized()
  @Get('/login')
  login() {
    return {};
  }

  @Authorized('notes:write')
  @Get('/scope')
  scope() {
    return {};
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @Authorized()
  @Post('/write')
  write() {
    return {};
  }

  @Authorized(nobody)
  @Get('/policy')
  policy() {
    return {};
  }
}

@Controller('/text')
export class TextRoutes {
  @Authorized()
  @Get('/login')
  login() {
    return '';
  }

  @Authorized('notes:write')
  @Get('/scope')
  scope() {
    return '';
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return account.email;
  }

  @Authorized()
  @Post('/write')
  write() {
    return '';
  }

  @Authorized(nobody)
  @Get('/policy')
  policy() {
    return '';
  }
}

export interface RefusedRequest extends Call {
  name: string;
  status: number;
  /** The challenge it must get; undefined for none. */
  challenge?: string;
}

/** One request for each way to be refused. */
export function refusedRequests(manager: LoginManager<Account>, prefix: string): RefusedRequest[] {
  const token = tokenOf(manager, 'ada@example.com', ['notes:read']);
  const scope = 'Bearer error="insufficient_scope", scope="notes:write"';
  return [
    { name: 'a missing token', path: `${prefix}/login`, status: 401, challenge: 'Bearer' },
    { name: 'a missing scope', path: `${prefix}/scope`, headers: bearer(token), status: 403, challenge: scope },
    { name: 'a missing current user', path: `${prefix}/required`, status: 401, challenge: 'Bearer' },
    {
      name: 'a foreign page',
      path: `${prefix}/write`,
      method: 'POST',
      headers: { ...cookie(token), ...foreign },
      status: 403,
    },
    { name: 'a policy', path: `${prefix}/policy`, headers: bearer(token), status: 403 },
  ];
}

/** The error middleware that applications have, or have not. */
export const errorMiddlewares: Record<string, (app: App) => void> = {
  'no error middleware': () => undefined,
  'an error middleware that passes errors on': (app) => {
    app.use((error: unknown, _request: App, _response: App, next: (error: unknown) => void) => next(error));
  },
  'an error middleware that answers': (app) => {
    app.use((error: App, _request: App, response: App, _next: unknown) => {
      if (!response.headersSent) response.status(error.httpCode).json({ message: error.message });
    });
  },
  'an error middleware that answers although that was done': (app) => {
    app.use((error: App, _request: App, response: App, _next: unknown) => {
      response.status(error.httpCode).json({ message: error.message });
      response.status(error.httpCode).json({ message: error.message });
    });
  },
};

/** Each way in which the answers to many such requests over one connection were not as they should be, once. */
export async function faultsOf(url: string, request: RefusedRequest, times: number): Promise<string[]> {
  const answers = await pipeline(url, request, times);
  const faults = answers.flatMap((answer) => faultsOfOne(answer, request));
  if (answers.length < times) faults.push('the connection was lost');
  return [...new Set(faults)];
}

function faultsOfOne({ status, headers, body }: Answer, request: RefusedRequest): string[] {
  return [
    status === request.status ? '' : `status ${status}`,
    headers['www-authenticate'] === request.challenge ? '' : `challenge ${headers['www-authenticate']}`,
    /\bat .*:\d+:\d+|node_modules/.test(body) ? `stack in ${body}` : '',
    body === '' ? 'no body' : '',
  ].filter(Boolean);
}
