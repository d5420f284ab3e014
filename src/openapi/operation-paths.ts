import { expressToOpenAPIPath, getFullExpressPath, type IRoute } from 'routing-controllers-openapi';

/** What a path item may have (OpenAPI 3.0 §4.7.9.1), less `trace`, which servers rightly refuse. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/** What `@All` answers; a browser's `options` and `head` follow from the others. */
const ALL = ['get', 'put', 'post', 'delete', 'patch'];

/** The methods of a route in the document; none for one that OpenAPI has no word for. */
export function methodsOf({ action }: IRoute): string[] {
  if (action.type === 'all') return ALL;
  return METHODS.filter((method) => method === action.type);
}

/** The path of a route in the document, or undefined for a regular expression, which OpenAPI cannot express. */
export function pathOf(route: IRoute): string | undefined {
  if (route.action.route instanceof RegExp) return undefined;
  const path = expressToOpenAPIPath(olderSyntax(getFullExpressPath(route)));
  return path.startsWith('/') ? path : `/${path}`;
}

/**
 * The generator reads one syntax of paths: `*name` of Express 5 is a parameter there, `{/part}` a part, and the bare
 * `*` of Express 4 a pattern.
 */
export function olderSyntax(path: string): string {
  return path
    .replace(/\*(\w+)/g, ':$1')
    .replace(/(^|\/)\*(?=\/|$)/g, '$1(.*)')
    .replace(/[{}]/g, '');
}
