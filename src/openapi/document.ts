import {
  applyOpenAPIDecorator,
  type IRoute,
  type routingControllersToSpec,
  setOpenAPIMetadata,
} from 'routing-controllers-openapi';

/** An OpenAPI 3.0 document, as routing-controllers-openapi types it. */
export type OpenApiDocument = ReturnType<typeof routingControllersToSpec>;

/**
 * Merges deeply, exactly as the generator does: with its only function that merges, on a class without other metadata.
 * Neither argument is changed.
 */
export function deepMerge<T extends object>(target: T, source: object): T {
  class Scratch {}
  setOpenAPIMetadata([source], Scratch);
  const route = { action: { target: Scratch, method: '' } } as unknown as IRoute;
  return applyOpenAPIDecorator(target as never, route) as unknown as T;
}
