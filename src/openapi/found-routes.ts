import type { MetadataArgsStorage, RoutingControllersOptions } from 'routing-controllers';
import type { IRoute } from 'routing-controllers-openapi';
import { type Class, ControllerMetadata, classChain } from '../authorization/controller-metadata';
import { getRouteMetadata, type RouteMetadata } from '../authorization/route-access';

/** A route as the generator represents it, with the declarations of its class chain. */
export interface FoundRoute {
  readonly route: IRoute;
  readonly declarations: RouteMetadata;
}

/**
 * Returns the routes that a server with these options has: of each controller, with all that it inherits. The generator
 * itself looks only at the class that declares a method, so it misses inherited routes, and fails for a base class
 * that is not a controller.
 */
export function findRoutes(storage: MetadataArgsStorage, options: RoutingControllersOptions): FoundRoute[] {
  const metadata = new ControllerMetadata(storage);
  const isServed = controllerFilter(options);
  const requiredByDefault = options.defaults?.paramOptions?.required ?? false;
  const controllers = storage.controllers.filter(({ target }) => isServed(target));
  return controllers.flatMap((controller) => {
    return actionsOf(controller.target, storage).map((args) => {
      const action = { ...args, target: controller.target };
      const declarations = getRouteMetadata(action.target, action.method, metadata, requiredByDefault);
      const params = declarations.methods.find((member) => member.params.length > 0)?.params ?? [];
      const responseHandlers = declarations.methods.flatMap(({ handlers }) => handlers);
      const route = {
        action,
        controller,
        options,
        params: [...params].sort((a, b) => a.index - b.index),
        responseHandlers,
      };
      return { route, declarations };
    });
  });
}

/** Controllers that are named by their files are not known here, so all classes count then, as without a list. */
function controllerFilter({ controllers }: RoutingControllersOptions): (type: Class) => boolean {
  const listed: readonly unknown[] | undefined = controllers;
  if (listed === undefined || listed.some((controller) => typeof controller === 'string')) return () => true;
  return (type) => listed.includes(type);
}

/** Returns the actions as routing-controllers finds them: of each method, those of the nearest class that routes it. */
function actionsOf(controller: Class, storage: MetadataArgsStorage): MetadataArgsStorage['actions'] {
  const found: MetadataArgsStorage['actions'] = [];
  for (const type of classChain(controller)) {
    const known = found.map(({ method }) => method);
    found.push(...storage.filterActionsWithTarget(type).filter(({ method }) => !known.includes(method)));
  }
  return found;
}
