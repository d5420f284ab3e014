import type { Exchange } from './request-context';

type Kept = Exchange & { [slot: symbol]: unknown };

/** Something kept with an exchange, for as long as its request lives: under a symbol that nobody else has. */
export class Slot<T> {
  private readonly key = Symbol('slot');

  get(owner: Exchange): T | undefined {
    return (owner as Kept)[this.key] as T | undefined;
  }

  set(owner: Exchange, value: T): void {
    (owner as Kept)[this.key] = value;
  }
}
