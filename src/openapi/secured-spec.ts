import type { MetadataArgsStorage, RoutingControllersOptions } from 'routing-controllers';
import { getSpec } from 'routing-controllers-openapi';
import { type Access, type AccessRules, resolveAccess } from '../authorization/route-access';
import { ConfigurationError } from '../errors/configuration-error';
import type { LoginManager } from '../manager/login-manager';
import { assertManager, invalidArgument } from '../util/validate-arguments';
import type { Operation } from './apply-decorators';
import { deepMerge, type OpenApiDocument } from './document';
import { withoutAliases } from './endpoint-routes';
import { type FoundRoute, findRoutes } from './found-routes';
import { freeName } from './free-name';
import { createOperation, type DocumentContext } from './operation';
import { resolveReferences } from './references';
import { methodsOf, pathOf } from './route-paths';
import { SchemaNames } from './schemas';
import { securitySchemes } from './security-schemes';

// biome-ignore lint/suspicious/noExplicitAny: of whatever users
type AnyManager = LoginManager<any>;

/**
 * Returns the OpenAPI document of an application, with the security requirements of each operation. They come from the
 * function that the manager's servers and `routes()` use, so the document and the server cannot differ. Of several
 * managers, any can authenticate a request, and the strictest `defaultAccess` counts.
 *
 * @param manager - The manager, or all managers, of the application.
 * @param storage - The metadata of routing-controllers: `getMetadataArgsStorage()`.
 * @param options - The options of the server. If they list controllers as classes, the document has those alone, and
 * none for an empty list; otherwise it has all controllers that are loaded.
 * @param additionalProperties - Properties that are merged over the document, as by `routingControllersToSpec`.
 * @throws `ConfigurationError` that names every problem of every route.
 *
 * @example
 * ```ts
 * const options = { routePrefix: '/api', controllers: [Notes] };
 * lm.useExpressServer(app, options);
 * const document = securedSpec(lm, getMetadataArgsStorage(), options, { info: { title: 'Notes', version: '1.0.0' } });
 * ```
 */
export function securedSpec(
  manager: AnyManager | readonly AnyManager[],
  storage: MetadataArgsStorage,
  options: RoutingControllersOptions = {},
  additionalProperties: Partial<OpenApiDocument> = {},
): OpenApiDocument {
  const managers = [manager].flat().map((one) => {
    assertManager(one, 'securedSpec');
    return one.security;
  });
  if (managers.length === 0) throw invalidArgument('securedSpec() requires at least one manager');
  if (typeof storage !== 'object' || storage === null)
    throw invalidArgument('securedSpec() requires the metadata of routing-controllers; pass getMetadataArgsStorage()');
  const { components, schemes } = securitySchemes(managers);
  const schemaNames = new SchemaNames(additionalProperties.components?.schemas ?? {});
  const context: DocumentContext = {
    schemes,
    schemaNames,
    schemas: additionalProperties.components?.schemas ?? {},
    isClosed: additionalProperties.security !== undefined,
  };
  const defaultAccess = managers.some((one) => one.defaultAccess === 'authenticated') ? 'authenticated' : 'public';
  const declaredScopes = managers.some(({ scopes }) => !scopes)
    ? undefined
    : managers.flatMap(({ scopes }) => scopes?.names ?? []);
  const own = { paths: {} as Paths, components: { schemas: {}, securitySchemes: components } };
  const found = withoutAliases(findRoutes(storage, options), additionalProperties.servers);
  for (const { route, access } of resolve(found, { defaultAccess, declaredScopes })) {
    addOperations(own.paths, route, (one) => createOperation(one, access, context));
  }
  const merged = deepMerge({ ...getSpec([], {}), ...own } as unknown as OpenApiDocument, additionalProperties);
  return resolveReferences(withLastSecurity(merged, additionalProperties), schemaNames.schemas());
}

type Paths = Record<string, Record<string, Operation>>;
type Route = FoundRoute['route'];

/** Replaces the security of an operation by the added one: two security lists are never merged. */
function withLastSecurity(document: OpenApiDocument, { paths = {} }: Partial<OpenApiDocument>): OpenApiDocument {
  for (const [path, item] of Object.entries(paths as Paths)) {
    for (const [method, { security }] of Object.entries(item)) {
      if (security) document.paths[path][method].security = security;
    }
  }
  return document;
}

function resolve(found: readonly FoundRoute[], rules: AccessRules): { route: Route; access: Access }[] {
  const resolved = found.map(({ route, declarations }) => ({ route, ...resolveAccess(declarations, rules) }));
  const problems = new Set(resolved.flatMap((one) => one.problems));
  if (problems.size > 0)
    throw new ConfigurationError(['Invalid route declarations:', ...problems].join('\n- '), {
      section: 'routes-and-decorators',
    });
  return resolved;
}

/** Adds a route, unless one before it has the same path and method and so answers. Operation ids must be unique. */
function addOperations(paths: Paths, route: Route, operation: (route: Route) => Operation): void {
  const path = pathOf(route);
  if (path === undefined) return;
  for (const method of methodsOf(route)) {
    if (paths[path]?.[method]) continue;
    const action = { ...route.action, type: method as Route['action']['type'] };
    const made = operation({ ...route, action });
    paths[path] = {
      ...paths[path],
      [method]: { ...made, ...(made.operationId && { operationId: freeId(made.operationId, paths) }) },
    };
  }
}

function freeId(wanted: string, paths: Paths): string {
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  const taken = new Set(operations.map(({ operationId }) => operationId));
  return freeName(wanted, (id) => taken.has(id));
}
