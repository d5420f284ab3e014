/**
 * Copies the own properties of an object to one without a prototype, so that nothing is read from a polluted
 * `Object.prototype`. Other values and arrays are returned unchanged.
 */
export function copyOwnProperties<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.assign(Object.create(null), value);
}
