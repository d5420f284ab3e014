const METHODS = [
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'toString',
  'valueOf',
] as const;

/**
 * The prototype of parsed JSON objects: the methods of `Object.prototype`, but nothing that is added to it later. So a
 * missing member is undefined even if `Object.prototype` is polluted, and `hasOwnProperty` still works.
 */
const JSON_OBJECT_PROTOTYPE: object = Object.preventExtensions(
  Object.create(
    null,
    Object.fromEntries(METHODS.map((name) => [name, { value: Object.prototype[name], writable: true }])),
  ),
);

/** A constructor, so that V8 gives objects with the same members the same hidden class; that makes reading them fast. */
const JsonObject = function JsonObject() {} as unknown as new () => Record<string, unknown>;
JsonObject.prototype = JSON_OBJECT_PROTOTYPE;

/** Parses a JSON object. Returns undefined for any other JSON, and for text that is not JSON. */
export function parseJsonObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.assign(new JsonObject(), value);
  } catch {
    return undefined;
  }
}

/** Freezes a JSON value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
