import express, { type Express, type RequestHandler } from 'express';
import { useContainer } from 'routing-controllers';
import { LoginManager, type ServerOptions } from 'routing-controllers-login';
import type { ContainerInstance } from 'typedi';
import type { Account } from './accounts/account';
import { AccountPages } from './accounts/account-pages';
import { AccountsApi } from './accounts/accounts-api';
import { LoginPages } from './accounts/login-pages';
import { tokenRoutes } from './accounts/token-routes';
import { AdminPage } from './admin/admin-page';
import type { Config } from './config';
import { apiDocument } from './docs/api-document';
import { docs } from './docs/docs';
import { errorHandler, notFound } from './http/error-handler';
import { securityHeaders } from './http/security-headers';
import { RegistrationPages } from './mail/registration-pages';
import { ResetPages } from './mail/reset-pages';
import { NotesApi } from './notes/notes-api';
import { NotesPages } from './notes/notes-pages';
import { StartPage } from './pages/start-page';
import { publicFolder } from './paths';

const pages = [StartPage, LoginPages, RegistrationPages, ResetPages, AccountPages, NotesPages, AdminPage];
const api = [AccountsApi, NotesApi];

/** Returns the server options with the controllers; `npm run demo -- --routes` prints who may call what. */
export function serverOptions(services: ContainerInstance) {
  const programs = [tokenRoutes(services), ...api];
  const controllers = [...pages, ...programs];
  const options = { middlewares: [], interceptors: [], defaultErrorHandler: false, validation: false };
  return { all: { ...options, controllers }, api: { ...options, controllers: programs } } satisfies Record<
    string,
    ServerOptions
  >;
}

/** Creates the web application: one for each process, because routing-controllers has one container. */
export function createApp(services: ContainerInstance, { trustedProxies }: Pick<Config, 'trustedProxies'>): Express {
  const manager = services.get<LoginManager<Account>>(LoginManager);
  const served = serverOptions(services);
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustedProxies);

  app.use(securityHeaders);
  app.use(express.static(publicFolder));
  app.use(docs(apiDocument(manager, served.api)));
  app.use(notStored);

  useContainer(services);
  manager.useExpressServer(app, served.all);

  app.use(notFound);
  app.use(errorHandler(manager));
  return app;
}

/** Pages are private: after a logout the back button shows none of them. */
const notStored: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
