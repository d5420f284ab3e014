import type { MetadataArgsStorage, RoutingControllersOptions } from 'routing-controllers';
import { getSpec, type routingControllersToSpec } from 'routing-controllers-openapi';
import { type Access, type AccessRules, resolveAccess } from '../authorization/route-access';
import { ConfigurationError } from '../errors/configuration-error';
import type { LoginManager } from '../login-manager';
import type { Operation } from './apply-decorators';
import { deepMerge } from './deep-merge';
import { type FoundRoute, findRoutes } from './found-routes';
import { withMissingSchemas } from './missing-schemas';
import { createOperation, type DocumentContext } from './operation';
import { methodsOf, pathOf } from './operation-paths';
import { SchemaNames } from './schemas';
import { securitySchemes } from './security-schemes';

/** An OpenAPI 3.0 document, as routing-controllers-openapi types it. */
export type OpenApiDocument = ReturnType<typeof routingControllersToSpec>;

// biome-ignore lint/suspicious/noExplicitAny: of whatever users
type AnyManager = LoginManager<any>;

/**
 * The OpenAPI document of an application, with who may call what. It takes the requirements from the function that the
 * manager's servers and `routes()` use, so document and server cannot differ. Of several managers, any is enough, and the
 * strictest `defaultAccess` counts.
 *
 * @param storage - routing-controllers' metadata: `getMetadataArgsStorage()`.
 * @param options - What the server was given. Where it lists controllers as classes, only those are documented.
 * @param additionalProperties - Merged over the document, as `routingControllersToSpec` does.
 * @throws {@link ConfigurationError} that names every problem of every route.
 */
export function securedSpec(
  manager: AnyManager | readonly AnyManager[],
  storage: MetadataArgsStorage,
  options: RoutingControllersOptions = {},
  additionalProperties: Partial<OpenApiDocument> = {},
): OpenApiDocument {
  const managers = [manager].flat().map(({ security }) => security);
  if (managers.length === 0) throw new ConfigurationError('securedSpec() needs a manager, or a list of at least one');
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
    : managers.flatMap(({ scopes }) => Object.keys(scopes ?? {}));
  const ours = { paths: {} as Paths, components: { schemas: {}, securitySchemes: components } };
  for (const { route, access } of resolve(findRoutes(storage, options), { defaultAccess, declaredScopes })) {
    addOperations(ours.paths, route, (one) => createOperation(one, access, context));
  }
  ours.components.schemas = schemaNames.components();
  const merged = deepMerge({ ...getSpec([], {}), ...ours } as unknown as OpenApiDocument, additionalProperties);
  return withMissingSchemas(withLastSecurity(merged, additionalProperties));
}

type Paths = Record<string, Record<string, Operation>>;
type Route = FoundRoute['route'];

/** What is added about the security of an operation is the last word, too: two lists are never merged. */
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
    throw new ConfigurationError(['The routes cannot be documented as they are written:', ...problems].join('\n- '));
  return resolved;
}

/** Of two routes with one path and method the first answers. Operation ids are made unique, as OpenAPI wants them. */
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
  const taken = new Set(
    Object.values(paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId)),
  );
  for (let number = 1; ; number++) {
    const id = number === 1 ? wanted : `${wanted}${number}`;
    if (!taken.has(id)) return id;
  }
}
