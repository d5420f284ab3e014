import { getOpenAPIMetadata, type getOperation, type IRoute, type OpenAPIParam } from 'routing-controllers-openapi';
import { type Class, classChain } from '../authorization/controller-metadata';
import { deepMerge } from './document';

/** An Operation Object (OpenAPI 3.0 §4.7.10), as the generator types it. */
export type Operation = ReturnType<typeof getOperation>;

type Responses = Operation['responses'];

/**
 * Applies `@OpenAPI` of the class, then of the method, to an operation. The generator merges objects deeply and arrays
 * item by item, which would mix two `security` lists into a third; here the last `security` replaces the others.
 *
 * @param own - The parts that this library has added: the statuses of its responses, and `'requestBody'`.
 */
export function applyDecorators(operation: Operation, route: IRoute, own: readonly string[]): Operation {
  const ours = new Set(own);
  return getDecorators(route).reduce((before: Operation, param) => {
    if (typeof param !== 'function') return merge(before, param, ours);
    return isResponseSchema(param) ? withoutDefaults(before, ours, (rest) => param(rest, route)) : param(before, route);
  }, operation);
}

/** Returns the decorators of the classes, then of the methods, base classes first: the nearest comes last and wins. */
function getDecorators({ action: { target, method } }: IRoute): OpenAPIParam[] {
  const chain = classChain(target).reverse();
  return [
    ...ownDecorators(chain, (type) => getOpenAPIMetadata(type)),
    ...ownDecorators(chain, (type) => getOpenAPIMetadata(type.prototype, method)),
  ];
}

/** Returns the decorators of each class without those of its base class, which the generator returns again. */
function ownDecorators(chain: readonly Class[], decoratorsOf: (type: Class) => OpenAPIParam[]): OpenAPIParam[] {
  return chain.flatMap((type, index) => {
    const decorators = decoratorsOf(type);
    const inherited = index > 0 ? decoratorsOf(chain[index - 1] as Class) : [];
    const own = decorators.length - inherited.length;
    return inherited.every((decorator, at) => decorators[own + at] === decorator)
      ? decorators.slice(0, own)
      : decorators;
  });
}

function merge(before: Operation, param: Partial<Operation>, ours: Set<string>): Operation {
  const merged = deepMerge(removeOverridden(before, param, ours), param);
  return param.security ? { ...merged, security: param.security } : merged;
}

/** Removes from an operation what would be mixed with a schema that replaces it. */
function removeOverridden(operation: Operation, param: Partial<Operation>, ours: Set<string>): Operation {
  const responses: Responses = { ...operation.responses };
  for (const [status, said] of Object.entries(param.responses ?? {})) {
    if (!ours.delete(status)) continue;
    const { content, ...rest } = responses[status];
    if ('$ref' in said) delete responses[status];
    else responses[status] = said.content ? rest : { ...rest, content };
  }
  return { ...operation, responses, ...(ours.has('requestBody') && mergeBody(operation, param)) };
}

function mergeBody(
  { requestBody }: Operation,
  { requestBody: said }: Partial<Operation>,
): Pick<Operation, 'requestBody'> {
  if (!said || !requestBody || '$ref' in requestBody) return { requestBody };
  if ('$ref' in said) return { requestBody: undefined };
  const saysSchema = (type: string) => said.content?.[type]?.schema !== undefined;
  const content = Object.entries(requestBody.content).map(([type, media]) => [type, saysSchema(type) ? {} : media]);
  return { requestBody: { ...requestBody, content: Object.fromEntries(content) } };
}

/** Returns whether a decorator is a `@ResponseSchema`, which only the name of its function tells. */
function isResponseSchema({ name }: OpenAPIParam & { name: string }): boolean {
  return name === 'setResponseSchema';
}

/** `@ResponseSchema` would make its schema an alternative to ours, and fails at a response of another content type. */
function withoutDefaults(before: Operation, ours: Set<string>, apply: (rest: Operation) => Operation): Operation {
  const entries: [string, unknown][] = Object.entries(before.responses);
  const kept = entries.filter(([status]) => ours.has(status));
  const after = apply({
    ...before,
    responses: Object.fromEntries(entries.filter(([status]) => !ours.has(status))),
  } as Operation);
  for (const status of Object.keys(after.responses)) ours.delete(status);
  return { ...after, responses: { ...Object.fromEntries(kept), ...after.responses } as Responses };
}
