import { InvalidGrantError, LoginManager, tokenEndpoints } from 'routing-controllers-login';
import { OpenAPI } from 'routing-controllers-openapi';
import type { ContainerInstance } from 'typedi';
import type { Account } from './account';
import { SignIn, wrongCredentials } from './sign-in';

/** The lifetime of a program's access token. Its refresh token gets new ones. */
const accessTokenExpiry = '15m';

/** Returns the controller of `POST /token` and `POST /token/revoke`, for programs. */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types controllers
export function tokenRoutes(services: ContainerInstance): Function {
  const routes = tokenEndpoints(services.get<LoginManager<Account>>(LoginManager), {
    async verifyPassword(email, password, { request }) {
      const account = await services.get(SignIn).check({ email, address: request.ip }, password);
      if (!account) throw new InvalidGrantError(wrongCredentials);
      return { data: { sub: account.id }, scopes: account.scopes, expires: accessTokenExpiry };
    },
  });
  OpenAPI({ tags: ['Accounts'] })(routes);
  return routes;
}
