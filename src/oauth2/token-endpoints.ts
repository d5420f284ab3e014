import {
  type Action,
  type ActionMetadata,
  createParamDecorator,
  getMetadataArgsStorage,
  HttpCode,
  JsonController,
  Post,
} from 'routing-controllers';
import { Public } from '../authorization/public';
import { ConfigurationError } from '../errors/configuration-error';
import type { FormFields } from '../http/form-body';
import { formParameter } from '../http/form-parameter';
import { originalPath, possibleRoutes } from '../http/public-path';
import type { LoginManager } from '../manager/login-manager';
import { parseEndpoints, type TokenEndpointsOptions } from './endpoint-options';
import { type GrantResponse, TokenGrants } from './token-grants';

/** The form of a request to an endpoint, with its action. */
interface ReceivedForm {
  readonly fields: FormFields;
  readonly action: Action;
}

type Handler = (...params: unknown[]) => unknown;

/**
 * Returns a controller with the two routes that OAuth 2 clients expect; add it to the `controllers` of the server:
 *
 * - the token endpoint at the manager's `tokenUrl`, for `grant_type` `password` and `refresh_token` (RFC 6749 §4.3, §6);
 * - the revocation endpoint at `revokeUrl` (RFC 7009), which also logs a browser out that sends its cookies alone.
 *
 * `tokenUrl` and `revokeUrl` are the paths that clients see. The routes answer only there: if the server has
 * the `routePrefix` `/api`, or its application is mounted at `/api`, `tokenUrl` is `/api/token`. A server whose
 * `routePrefix` does not fit throws at start-up. You do not need to register the controller in a container.
 *
 * @throws {@link ConfigurationError} for a manager without a path as `tokenUrl`, and for invalid options.
 *
 * @example
 * ```ts
 * const endpoints = tokenEndpoints(lm, {
 *   async verifyPassword(username, password) {
 *     const account = await accounts.verify(username, password);
 *     return account && { data: { sub: account.id }, scopes: account.scopes };
 *   },
 * });
 * lm.useExpressServer(app, { controllers: [endpoints] });
 * ```
 */
export function tokenEndpoints<User>(
  manager: LoginManager<User>,
  options: TokenEndpointsOptions<NoInfer<User>>,
  // biome-ignore lint/complexity/noBannedTypes: as routing-controllers types controllers
): Function {
  const { tokenPath, revokePath, ...grantOptions } = parseEndpoints(manager, options);
  const grants = new TokenGrants(manager, grantOptions);
  const isLimited = grantOptions.limiter !== undefined;
  const read = (fields: FormFields, action: Action): ReceivedForm => ({ fields, action });
  const tokenRequest = formParameter('token', read, { path: tokenPath, isLimited });
  const revocationRequest = formParameter('revocation', read, { path: revokePath, isLimited: false });

  @Public()
  @JsonController()
  class TokenEndpoints {
    token(form: ReceivedForm): Promise<GrantResponse> {
      return grants.grant(form.fields, form.action);
    }

    revoke(form: ReceivedForm): Promise<object> {
      return grants.revoke(form.fields, form.action);
    }
  }

  const { prototype } = TokenEndpoints;
  createParamDecorator({ value: tokenRequest })(prototype, 'token', 0);
  createParamDecorator({ value: revocationRequest })(prototype, 'revoke', 0);
  HttpCode(200)(prototype, 'revoke');
  for (const route of possibleRoutes(tokenPath)) Post(route)(prototype, 'token');
  for (const route of possibleRoutes(revokePath)) Post(route)(prototype, 'revoke');
  const paths: Record<string, string> = { token: tokenPath, revoke: revokePath };
  for (const action of getMetadataArgsStorage().filterActionsWithTarget(TokenEndpoints)) {
    action.methodOverride = createHandler(new TokenEndpoints(), paths[action.method] as string);
  }
  return TokenEndpoints;
}

/** Calls the method of the instance that is here, so that no container is asked for one. */
function createHandler(instance: object, path: string): NonNullable<ActionMetadata['methodOverride']> {
  return (metadata, action, params) => {
    const [form] = params;
    if (form === undefined) return passOn(path, action);
    if (metadata.target !== instance.constructor) return metadata.callMethod(params, action);
    return (instance as Record<string, Handler>)[metadata.method]?.(...params);
  };
}

/**
 * Leaves a request to another path to the routes that follow. routing-controllers goes on if the handler returns the
 * response, but not to a route of its own while its mark is on the request.
 *
 * @throws {@link ConfigurationError} if clients evidently see the endpoint at another path.
 */
function passOn(path: string, action: Action): unknown {
  const requested = originalPath(action);
  const before = requested.endsWith(path) ? requested.slice(0, -path.length) : '';
  if (before !== '' && !path.startsWith(`${before}/`)) {
    throw new ConfigurationError(
      `Clients see the endpoint '${path}' at '${requested}'; tokenUrl, refreshUrl and revokeUrl must be the paths that clients see, with routePrefix and mounts`,
      { section: 'token-endpoints' },
    );
  }
  action.request.routingControllersStarted = false;
  if (action.context) action.context.disableBodyParser = false;
  return action.response;
}
