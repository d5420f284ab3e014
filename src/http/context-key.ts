import type { RequestContext } from './request-context';

type Storage = RequestContext & { [slot: symbol]: unknown };

/** Something kept with an exchange, for as long as its request lives: under a symbol that nobody else has. */
export class ContextKey<T> {
  private readonly key = Symbol('slot');

  get(owner: RequestContext): T | undefined {
    return (owner as Storage)[this.key] as T | undefined;
  }

  set(owner: RequestContext, value: T): void {
    (owner as Storage)[this.key] = value;
  }
}
