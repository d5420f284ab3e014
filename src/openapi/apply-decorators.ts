import { getOpenAPIMetadata, type getOperation, type IRoute } from 'routing-controllers-openapi';
import { deepMerge } from './deep-merge';

/** An Operation Object (OpenAPI 3.0 §4.7.10), as the generator types it. */
export type Operation = ReturnType<typeof getOperation>;

/**
 * What `@OpenAPI` of the class, then of the method says of an operation. The generator merges objects deeply, lists item
 * by item: of two `security` lists it would make one that neither says. Here the last word about security is the word.
 */
export function applyDecorators(operation: Operation, route: IRoute): Operation {
  const { target, method } = route.action;
  const said = [...getOpenAPIMetadata(target), ...getOpenAPIMetadata(target.prototype, method)];
  return said.reduce((before: Operation, param) => {
    if (typeof param === 'function') return param(before, route);
    const merged = deepMerge(before, param);
    return param.security ? { ...merged, security: param.security } : merged;
  }, operation);
}
