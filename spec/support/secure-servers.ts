import type { LoginManager } from '../../src/login-manager';
import type { ServerOptions } from '../../src/routing-controllers/servers';
import {
  type App,
  closeServers,
  createApp,
  type Framework,
  listen,
  nothingElse,
  type RunningServer,
} from './frameworks';

export interface SecureOptions extends ServerOptions {
  // biome-ignore lint/suspicious/noExplicitAny: of whatever user
  manager: LoginManager<any>;
  /** Called with the application before the routes are registered, */
  before?: (app: App) => void;
  /** and after. */
  after?: (app: App) => void;
}

export type StartSecure = (options: SecureOptions) => Promise<RunningServer>;

/** Starts a real server on a free port of the loopback, with the manager's own functions. */
export function secureStarter(framework: Framework): StartSecure {
  return async ({ before, after, manager, ...options }) => {
    const app = createApp(framework);
    before?.(app);
    if (framework === 'Koa') manager.useKoaServer(app, { ...nothingElse, ...options });
    else manager.useExpressServer(app, { ...nothingElse, ...options });
    after?.(app);
    return listen(app);
  };
}

/** Runs the same specs on the secure servers of Express 5, Express 4 and Koa, or of some of them. */
export function onEachSecureServer(
  specs: (start: StartSecure, framework: Framework) => void,
  frameworks: readonly Framework[] = ['Express 5', 'Express 4', 'Koa'],
): void {
  for (const framework of frameworks) {
    describe(`on ${framework}`, () => {
      afterEach(closeServers);
      specs(secureStarter(framework), framework);
    });
  }
}
