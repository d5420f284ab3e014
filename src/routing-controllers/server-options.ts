import { getMetadataArgsStorage, type RoutingControllersOptions } from 'routing-controllers';
import { ConfigurationError } from '../errors/configuration-error';

const LISTS = ['controllers', 'middlewares', 'interceptors'] as const;

/**
 * Checks what a server cannot be built with at all.
 *
 * @throws {@link ConfigurationError} for options that are no object, or have a value of the wrong type.
 */
export function assertServerOptions(options: RoutingControllersOptions): void {
  assertObject(options, 'The options of a server');
  const checkers = (['authorizationChecker', 'currentUserChecker'] as const).filter((name) => options[name]);
  if (checkers.length > 0)
    throw invalidServer(`${checkers.join(' and ')} must be left out; the manager sets both checkers`);
  for (const name of LISTS) {
    if (options[name] !== undefined && !Array.isArray(options[name]))
      throw invalidServer(`${name} must be an array of classes or file patterns; leave it out for all classes`);
  }
  if (options.routePrefix !== undefined && typeof options.routePrefix !== 'string')
    throw invalidServer("routePrefix must be a string, such as '/api'");
  if (options.defaults === undefined) return;
  assertObject(options.defaults, 'defaults');
  if (options.defaults.paramOptions !== undefined) assertObject(options.defaults.paramOptions, 'defaults.paramOptions');
}

function assertObject(value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigurationError(`${name} must be an object; leave it out for the defaults`);
}

/** Returns a problem for each item that routing-controllers would leave out without a word. */
export function findListProblems(options: RoutingControllersOptions): string[] {
  const registered = new Set<unknown>(getMetadataArgsStorage().controllers.map(({ target }) => target));
  return LISTS.flatMap((name) =>
    Array.from((options[name] ?? []) as readonly unknown[], (item, index) => {
      const place = `${name}[${index}]`;
      if (typeof item === 'string') return [];
      if (typeof item !== 'function') return [describeNoClass(item, place)];
      return name === 'controllers' && !registered.has(item) ? [describeNoController(item, place)] : [];
    }).flat(),
  );
}

function describeNoClass(item: unknown, place: string): string {
  if (item === undefined || item === null)
    return `${place} is ${item}; its module does not export it, or is part of a circular import`;
  const type = typeof item === 'object' ? Object.getPrototypeOf(item)?.constructor?.name : undefined;
  if (type && type !== 'Object') return `${place} is an instance of ${type}; list the class itself`;
  return `${place} is no class; list classes or file patterns`;
}

// biome-ignore lint/complexity/noBannedTypes: any class
function describeNoController({ name }: Function, place: string): string {
  const owner = name ? `${place} (${name})` : place;
  return `${owner} has no @JsonController() or @Controller(); add one, or make sure that the decorator is of the same copy of routing-controllers`;
}

/**
 * Returns options for `createExecutor()`. routing-controllers writes the defaults of parameters into the metadata
 * that all servers share, so they are left out here and set on each route instead.
 */
export function normalizeOptions(options: RoutingControllersOptions): RoutingControllersOptions {
  const filled = fillEmptyLists(options);
  if (!options.defaults) return filled;
  const { paramOptions: _, ...defaults } = options.defaults;
  return { ...filled, defaults };
}

/** Has an empty list mean none: routing-controllers treats it like a missing one, which is all classes of the process. */
export function fillEmptyLists(options: RoutingControllersOptions): RoutingControllersOptions {
  const empty = LISTS.filter((name) => options[name]?.length === 0);
  return { ...options, ...Object.fromEntries(empty.map((name) => [name, [EmptyRegistration]])) };
}

/** Registers no controller, no middleware and no interceptor. */
class EmptyRegistration {}

/** @throws {@link ConfigurationError} for anything but an application or a router of Express. */
export function assertExpressApplication(app: unknown): void {
  if (typeof app === 'function' && hasMethod(app, 'use') && hasMethod(app, 'get')) return;
  throw invalidServer(
    'useExpressServer() needs an application or a router of Express: useExpressServer(express(), { … })',
  );
}

/** @throws {@link ConfigurationError} for anything but an application of Koa. */
export function assertKoaApplication(app: unknown): void {
  if (typeof app === 'object' && app !== null && hasMethod(app, 'use')) return;
  throw invalidServer('useKoaServer() needs an application of Koa: useKoaServer(new Koa(), { … })');
}

function hasMethod(target: object, name: string): boolean {
  return typeof Reflect.get(target, name) === 'function';
}

function invalidServer(message: string): ConfigurationError {
  return new ConfigurationError(message, { section: 'servers' });
}
