import { getFullExpressPath, getPathParams, type IRoute } from 'routing-controllers-openapi';
import { type PathParameter, type PathTemplate, parsePath } from './path-template';

/** The methods that a path item may have (OpenAPI 3.0 §4.7.9.1), except `trace`, which servers do not allow. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/** The methods of `@All`; a browser's `options` and `head` follow from the others. */
const ALL = ['get', 'put', 'post', 'delete', 'patch'];

/** An operation's parameter as the generator types it. */
export type Parameter = ReturnType<typeof getPathParams>[number];

/** Returns the methods of a route in the document; none for one that OpenAPI does not have. */
export function methodsOf({ action }: IRoute): string[] {
  if (action.type === 'all') return ALL;
  return METHODS.filter((method) => method === action.type);
}

/** Returns the path of a route in the document, or undefined for a regular expression, which OpenAPI cannot express. */
export function pathOf(route: IRoute): string | undefined {
  return templateOf(route)?.path;
}

/** Returns the parameters in the path of a route. */
export function createPathParameters(route: IRoute): Parameter[] {
  return (templateOf(route)?.parameters ?? []).map((parameter) => createParameter(parameter, route));
}

function templateOf(route: IRoute): PathTemplate | undefined {
  if (route.action.route instanceof RegExp) return undefined;
  const names = route.params.filter(({ type }) => type === 'param').map(({ name }) => String(name));
  return parsePath(getFullExpressPath(route), names);
}

/** The generator knows the schemas of parameters; it is asked for each with a path that it can read. */
function createParameter({ name, pattern }: PathParameter, route: IRoute): Parameter {
  const params = route.params
    .filter((param) => param.type === 'param' && param.name === name)
    .map((param) => ({ ...param, name: 'name' }));
  const alone = { ...route.controller, route: '' };
  const [parameter] = getPathParams({
    ...route,
    params,
    controller: alone,
    options: {},
    action: { ...route.action, route: pattern === undefined ? '/:name' : '/:name(.)' },
  });
  const { schema, ...rest } = parameter as Parameter & { schema: object };
  return {
    ...rest,
    name,
    required: true,
    schema: 'pattern' in schema ? { ...schema, ...(pattern !== undefined && { pattern }) } : schema,
  };
}
