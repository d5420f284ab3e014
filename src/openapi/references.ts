import type { OpenApiDocument } from './document';

const PREFIX = '#/components/schemas/';

/** The schemas of JavaScript's own classes, to which the generator refers as to those of the application. */
const BUILT_IN: Readonly<Record<string, object>> = {
  String: { type: 'string' },
  Number: { type: 'number' },
  Boolean: { type: 'boolean' },
  BigInt: { type: 'integer' },
  Symbol: { type: 'string' },
  Date: { type: 'string', format: 'date-time' },
  Array: { type: 'array', items: {} },
  Set: { type: 'array', items: {} },
  Map: { type: 'object' },
  Object: {},
};

/**
 * Resolves the references of a document. A reference to one of JavaScript's own classes becomes its schema. Any other
 * that leads nowhere, which is no valid document, gets the schema of this library or, if there is none, one that
 * everything fits: the generator refers to the class of a parameter whether the application describes it or not.
 *
 * @param own - The schemas of this library by their names; those that nothing refers to are left out.
 */
export function resolveReferences(document: OpenApiDocument, own: Readonly<Record<string, object>>): OpenApiDocument {
  const given: Record<string, object> = { ...document.components?.schemas };
  const resolved = { ...document, paths: withBuiltIns(document.paths, given) as OpenApiDocument['paths'] };
  const missing = [...referencedSchemas(resolved)].filter((name) => !Object.hasOwn(given, name));
  const schemas = missing.map((name) => [name, structuredClone(own[name] ?? {})] as const);
  return {
    ...resolved,
    components: { ...document.components, schemas: { ...Object.fromEntries(schemas), ...given } },
  } as OpenApiDocument;
}

function withBuiltIns(value: unknown, given: Readonly<Record<string, object>>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withBuiltIns(item, given));
  const name = '$ref' in value ? referencedName(value.$ref) : undefined;
  if (name !== undefined && !Object.hasOwn(given, name) && Object.hasOwn(BUILT_IN, name))
    return structuredClone(BUILT_IN[name]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withBuiltIns(item, given)]));
}

function referencedSchemas(document: OpenApiDocument): Set<string> {
  const names = new Set<string>();
  JSON.stringify(document, (key, value) => {
    const name = key === '$ref' ? referencedName(value) : undefined;
    if (name !== undefined) names.add(name);
    return value;
  });
  return names;
}

function referencedName(reference: unknown): string | undefined {
  return typeof reference === 'string' && reference.startsWith(PREFIX) ? reference.slice(PREFIX.length) : undefined;
}
