import { applyOpenAPIDecorator, type IRoute, setOpenAPIMetadata } from 'routing-controllers-openapi';

/**
 * Merges deeply, exactly as the generator does: by the one function of it that does so, on a class that has nothing else
 * to say. Neither argument is changed.
 */
export function deepMerge<T extends object>(target: T, source: object): T {
  class Scratch {}
  setOpenAPIMetadata([source], Scratch);
  const route = { action: { target: Scratch, method: '' } } as unknown as IRoute;
  return applyOpenAPIDecorator(target as never, route) as unknown as T;
}
