import express, { type Express, type RequestHandler } from 'express';
import { useContainer } from 'routing-controllers';
import { LoginManager, type ServerOptions } from 'routing-controllers-login';
import type { ContainerInstance } from 'typedi';
import type { Account } from './accounts/account';
import { AccountsApi } from './accounts/accounts-api';
import { LoginPages } from './accounts/login-pages';
import { RegistrationPages } from './accounts/registration-pages';
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

const pages = [StartPage, LoginPages, RegistrationPages, NotesPages, AdminPage];
const api = [AccountsApi, NotesApi];

/** What is served; `npm run demo -- --routes` tells who may call what. */
export const served: ServerOptions = {
  controllers: [...pages, ...api],
  middlewares: [],
  interceptors: [],
  defaultErrorHandler: false,
  validation: false,
};

/** The web application; one a process, because routing-controllers knows one container. */
export function createApp(
  services: ContainerInstance,
  config: Pick<Config, 'attemptsPerMinute' | 'trustedProxies'>,
): Express {
  const manager = services.get<LoginManager<Account>>(LoginManager);
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustedProxies);

  app.use(securityHeaders);
  app.use(express.static(publicFolder));
  app.use(docs(apiDocument(manager, { ...served, controllers: api })));
  app.use(notKept);
  app.post(['/login', '/token'], perMinute({ attempts: config.attemptsPerMinute, onlyFailures: true }));
  app.post(['/register', '/api/accounts'], perMinute({ attempts: config.attemptsPerMinute, onlyFailures: false }));

  useContainer(services);
  manager.useExpressServer(app, served);

  app.use(notFound);
  app.use(errorHandler(manager));
  return app;
}

/** Pages are private: the back button shows none of them after the logout. */
const notKept: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
