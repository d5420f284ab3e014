import express, { type Express, type RequestHandler } from 'express';
import { useContainer } from 'routing-controllers';
import { LoginManager, type ServerOptions } from 'routing-controllers-login';
import type { ContainerInstance } from 'typedi';
import type { Account } from './accounts/account';
import { AccountPage } from './accounts/account-page';
import { AccountsApi } from './accounts/accounts-api';
import { LoginPages } from './accounts/login-pages';
import { RegistrationPages } from './accounts/registration-pages';
import { tokenRoutes } from './accounts/token-routes';
import { AdminPage } from './admin/admin-page';
import type { Config } from './config';
import { apiDocument } from './docs/api-document';
import { docs } from './docs/docs';
import { errorHandler, notFound } from './http/error-handler';
import { perMinute } from './http/rate-limit';
import { securityHeaders } from './http/security-headers';
import { NotesApi } from './notes/notes-api';
import { NotesPages } from './notes/notes-pages';
import { StartPage } from './pages/start-page';
import { publicFolder } from './paths';
import { renewFirst } from './sessions/renew-first';
import { RenewalPage } from './sessions/renewal-page';

const pages = [StartPage, LoginPages, RegistrationPages, RenewalPage, AccountPage, NotesPages, AdminPage];
const api = [AccountsApi, NotesApi];

/** What is served; `npm run demo -- --routes` tells who may call what. */
export function servedBy(services: ContainerInstance) {
  const programs = [tokenRoutes(services), ...api];
  const controllers = [...pages, ...programs];
  const options = { middlewares: [], interceptors: [], defaultErrorHandler: false, validation: false };
  return { all: { ...options, controllers }, api: { ...options, controllers: programs } } satisfies Record<
    string,
    ServerOptions
  >;
}

/** The web application; one a process, because routing-controllers knows one container. */
export function createApp(
  services: ContainerInstance,
  config: Pick<Config, 'attemptsPerMinute' | 'trustedProxies'>,
): Express {
  const manager = services.get<LoginManager<Account>>(LoginManager);
  const served = servedBy(services);
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustedProxies);

  app.use(securityHeaders);
  app.use(express.static(publicFolder));
  app.get(['/', '/login', '/register', '/docs'], renewFirst(manager));
  app.use(docs(apiDocument(manager, served.api)));
  app.use(notKept);
  app.post(['/login', '/token'], perMinute({ attempts: config.attemptsPerMinute, onlyFailures: true }));
  app.post(['/register', '/api/accounts'], perMinute({ attempts: config.attemptsPerMinute, onlyFailures: false }));

  useContainer(services);
  manager.useExpressServer(app, served.all);

  app.use(notFound);
  app.use(errorHandler(manager));
  return app;
}

/** Pages are private: the back button shows none of them after the logout. */
const notKept: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
