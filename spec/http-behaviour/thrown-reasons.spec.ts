import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { provide } from '../../src/users/inject';
import { SECRET } from '../support/accounts';
import { bearer } from '../support/http';
import { onEachServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import { thrownReasons } from '../support/thrown-reasons';
import { refusingUnhandledRejections } from '../support/unhandled';

type Failing = 'loader' | 'provide' | 'scopesOf' | 'policy' | 'notAuthenticatedException' | 'outOfScopeException';

/** What fails during the request that is under way, and how. */
let current: { failing: Failing; isAsync: boolean; reason: () => unknown };
let handlers = 0;

function failIf(failing: Failing): undefined | Promise<never> {
  if (current.failing !== failing) return undefined;
  if (current.isAsync) return Promise.reject(current.reason());
  throw current.reason();
}

const isAllowed = () => (failIf('policy') as Promise<boolean> | undefined) ?? true;

@JsonController()
class Routes {
  @Authorized(['read', isAllowed])
  @Get('/authorized')
  authorized() {
    handlers++;
    return {};
  }

  @Authorized('admin')
  @Get('/admin')
  admin() {
    handlers++;
    return {};
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) _user: unknown) {
    handlers++;
    return {};
  }

  @Get('/current')
  current(@CurrentUser() _user: unknown) {
    handlers++;
    return {};
  }
}

function createManager(): LoginManager<object> {
  const options: LoginManagerOptions<object> = {
    scopesOf: () => (failIf('scopesOf') as never) ?? ['read'],
    notAuthenticatedException: () => (failIf('notAuthenticatedException') as never) ?? new Error('not authenticated'),
    outOfScopeException: () => (failIf('outOfScopeException') as never) ?? new Error('out of scope'),
  };
  const manager = new LoginManager<object>(SECRET, '/login', options);
  manager.userLoader(provide(() => failIf('provide') ?? 'tenant'))(() => failIf('loader') ?? { name: 'Ada' });
  return manager;
}

/** The routes whose requests call each function. Exception functions are called without a token, or without a scope. */
const paths: Record<Failing, string[]> = {
  loader: ['/authorized', '/current'],
  provide: ['/authorized'],
  scopesOf: ['/current'],
  policy: ['/authorized'],
  notAuthenticatedException: ['/required'],
  outOfScopeException: ['/admin'],
};

describe('whatever the application throws', () => {
  silencingStderr();
  refusingUnhandledRejections();

  onEachServer((start) => {
    for (const failing of Object.keys(paths) as Failing[]) {
      it(`lets nobody in and is answered with 500: ${failing}`, async () => {
        const manager = createManager();
        const token = bearer(manager.createAccessToken({ data: { sub: 'ada' } }));
        const headers: Record<string, string> = failing === 'notAuthenticatedException' ? {} : token;
        for (const defaultErrorHandler of [true, false]) {
          const { url } = await start({ manager, controllers: [Routes], defaultErrorHandler });
          for (const [name, reason] of Object.entries(thrownReasons)) {
            for (const isAsync of [false, true]) {
              for (const path of paths[failing]) {
                current = { failing, isAsync, reason };
                handlers = 0;
                const cell = `${name}, ${isAsync ? 'async' : 'sync'}, defaultErrorHandler ${defaultErrorHandler}, ${path}`;
                const { status } = await answerOf(`${url}${path}`, headers, cell);
                expect(status, cell).to.equal(500);
                expect(handlers, cell).to.equal(0);
              }
            }
          }
        }
      });
    }
  });
});

/** Fails with the name of the cell if the request is not answered. */
async function answerOf(url: string, headers: Record<string, string>, cell: string): Promise<Response> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(2000) });
    await response.text();
    return response;
  } catch (cause) {
    throw new Error(`not answered: ${cell}`, { cause });
  }
}
