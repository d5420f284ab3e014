/**
 * Something kept with a request or a response, for as long as that lives: under a symbol that nobody else has. A WeakMap
 * would do the same at many times the price, most of it paid by the garbage collector.
 */
export class Slot<T> {
  private readonly key = Symbol('routing-controllers-login');

  get(owner: object): T | undefined {
    return (owner as Record<symbol, T>)[this.key];
  }

  set(owner: object, value: T): void {
    (owner as Record<symbol, T>)[this.key] = value;
  }
}
