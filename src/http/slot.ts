const RECORD = Symbol('routing-controllers-login');

type Record = { [slot: symbol]: unknown };

/**
 * Something kept with a request, for as long as that lives: under a symbol that nobody else has. A WeakMap would do the
 * same at many times the price, most of it paid by the garbage collector. All slots share one property of the request,
 * because on Express to add one takes V8 a microsecond: each request there has a prototype, so a shape, of its own.
 */
export class Slot<T> {
  private readonly key = Symbol('slot');

  get(owner: object): T | undefined {
    return (owner as { [RECORD]?: Record })[RECORD]?.[this.key] as T | undefined;
  }

  set(owner: object, value: T): void {
    const known = (owner as { [RECORD]?: Record })[RECORD];
    if (known) known[this.key] = value;
    else (owner as { [RECORD]?: Record })[RECORD] = { [this.key]: value };
  }
}
