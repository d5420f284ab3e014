import { InvalidGrantError, LoginManager, tokenEndpoints } from 'routing-controllers-login';
import { OpenAPI } from 'routing-controllers-openapi';
import type { ContainerInstance } from 'typedi';
import type { Account } from './account';
import { SignIn, wrongCredentials } from './sign-in';

/** `POST /token` and `POST /token/revoke`, for programs. */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types controllers
export function tokenRoutes(services: ContainerInstance): Function {
  const routes = tokenEndpoints(services.get<LoginManager<Account>>(LoginManager), {
    async verifyPassword(email, password) {
      const account = await services.get(SignIn).check(email, password);
      if (!account) throw new InvalidGrantError(wrongCredentials);
      return { data: { sub: account.id }, scopes: account.scopes };
    },
  });
  OpenAPI({ tags: ['Accounts'] })(routes);
  return routes;
}
