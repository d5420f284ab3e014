import type { MetadataArgsStorage, RoutingControllersOptions } from 'routing-controllers';
import type { IRoute } from 'routing-controllers-openapi';
import { type Class, ControllerMetadata, classChain } from '../authorization/controller-metadata';
import { getRouteMetadata, type RouteMetadata } from '../authorization/route-access';

/** A route as the generator knows it, and what its classes declare. */
export interface FoundRoute {
  readonly route: IRoute;
  readonly declarations: RouteMetadata;
}

/**
 * The routes that a server of these options has: of each controller, with all that it inherits. The generator by
 * itself looks at the classes that declare a method, so it misses what is inherited, and throws at a base class that is
 * no controller.
 */
export function findRoutes(storage: MetadataArgsStorage, options: RoutingControllersOptions): FoundRoute[] {
  const declarations = new ControllerMetadata(storage);
  const served = servedClasses(options);
  const controllers = storage.controllers.filter(({ target }) => !served || served.includes(target));
  return controllers.flatMap((controller) => {
    return actionsOf(controller.target, storage).map((args) => {
      const action = { ...args, target: controller.target };
      const declared = getRouteMetadata(
        action.target,
        action.method,
        declarations,
        options.defaults?.paramOptions?.required ?? false,
      );
      const params = declared.methods.find((member) => member.params.length > 0)?.params ?? [];
      const responseHandlers = declared.methods.flatMap(({ handlers }) => handlers);
      const route = {
        action,
        controller,
        options,
        params: [...params].sort((a, b) => a.index - b.index),
        responseHandlers,
      };
      return { route, declarations: declared };
    });
  });
}

/** Undefined for all: nothing is listed, or some are named by their files. */
function servedClasses({ controllers = [] }: RoutingControllersOptions): readonly Class[] | undefined {
  const classes = (controllers as unknown[]).filter((controller) => typeof controller === 'function');
  return classes.length > 0 && classes.length === controllers.length ? classes : undefined;
}

/** As routing-controllers finds them: of one method, those of the nearest class that gives it a route. */
function actionsOf(controller: Class, storage: MetadataArgsStorage): MetadataArgsStorage['actions'] {
  const found: MetadataArgsStorage['actions'] = [];
  for (const type of classChain(controller)) {
    const known = found.map(({ method }) => method);
    found.push(...storage.filterActionsWithTarget(type).filter(({ method }) => !known.includes(method)));
  }
  return found;
}
