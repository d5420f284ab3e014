import { type Action, getFromContainer, type InterceptorInterface } from 'routing-controllers';
import type { MemberMetadata } from '../authorization/controller-metadata';

type Interceptor = (action: Action, result: unknown) => unknown;

/** Interceptor classes and functions, as routing-controllers takes both, in one form. */
export function prepareInterceptors(uses: MemberMetadata['interceptors']): Interceptor[] {
  return uses.map(({ interceptor }) => {
    if (!interceptor.prototype?.intercept) return interceptor as unknown as Interceptor;
    return (action, result) => getFromContainer<InterceptorInterface>(interceptor, action).intercept(action, result);
  });
}

/** One after the other, each with what the one before made of the result. */
export async function intercept(
  interceptors: readonly Interceptor[],
  action: Action,
  result: unknown,
): Promise<unknown> {
  let changed = result;
  for (const interceptor of interceptors) changed = await interceptor(action, changed);
  return changed;
}
