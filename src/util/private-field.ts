/** A field that any extensible object can have, as if the object were a key of a WeakMap. */
export interface PrivateField<T> {
  get(holder: object): T | undefined;
  /** Once for each object. */
  set(holder: object, value: T): void;
}

/** Gives back what it is given, so that a class that extends it puts its own fields on that. */
class ReturnOverride {
  constructor(given: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is what it is for
    return given;
  }
}

/**
 * A private field, so that no copy, comparison or print shows it. A WeakMap would do the same, but what it makes for the
 * garbage collector to do takes longer than a login.
 */
export function privateField<T>(): PrivateField<T> {
  return class Holder extends ReturnOverride {
    readonly #value: T;

    private constructor(holder: object, value: T) {
      super(holder);
      this.#value = value;
    }

    static get(holder: object): T | undefined {
      return #value in holder ? holder.#value : undefined;
    }

    static set(holder: object, value: T): void {
      new Holder(holder, value);
    }
  };
}
