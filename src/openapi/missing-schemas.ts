import type { routingControllersToSpec } from 'routing-controllers-openapi';

type OpenApiDocument = ReturnType<typeof routingControllersToSpec>;

const PREFIX = '#/components/schemas/';

/** What JSON makes of classes that are not the application's. */
const BUILT_IN: Record<string, object> = { Date: { type: 'string', format: 'date-time' } };

/**
 * The generator refers to the class of a parameter whether the application has given its schema or not. A reference to
 * nothing is no valid document: such a class gets a schema that anything fits.
 */
export function withMissingSchemas(document: OpenApiDocument): OpenApiDocument {
  const schemas: Record<string, object> = { ...document.components?.schemas };
  for (const name of referencedSchemas(document)) schemas[name] ??= BUILT_IN[name] ?? {};
  return { ...document, components: { ...document.components, schemas } } as OpenApiDocument;
}

function referencedSchemas(document: OpenApiDocument): Set<string> {
  const names = new Set<string>();
  JSON.stringify(document, (key, value) => {
    if (key === '$ref' && typeof value === 'string' && value.startsWith(PREFIX)) names.add(value.slice(PREFIX.length));
    return value;
  });
  return names;
}
