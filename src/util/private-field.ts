/** A private field of any extensible object, used like a WeakMap. */
export interface PrivateField<T> {
  /** Returns the value of an object, or undefined if it has none. */
  get(object: object): T | undefined;
  /** Sets the value of an object; works once for each object. */
  set(object: object, value: T): void;
}

/** A constructor that returns its argument, so that a derived class adds its private fields to that object. */
class ReturnOverride {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the return override is the purpose of this class
    return object;
  }
}

/**
 * Creates a private field that no copy, comparison or log of the object shows. A WeakMap would do the same, but its
 * garbage collection takes longer than an authentication.
 */
export function privateField<T>(): PrivateField<T> {
  return class Store extends ReturnOverride {
    readonly #value: T;

    private constructor(object: object, value: T) {
      super(object);
      this.#value = value;
    }

    static get(object: object): T | undefined {
      return #value in object ? object.#value : undefined;
    }

    static set(object: object, value: T): void {
      new Store(object, value);
    }
  };
}
