import type { RequestContext } from './request-context';

type ContextValues = RequestContext & { [key: symbol]: unknown };

/** The key of a value that is kept with a request context, under a symbol of its own. */
export class ContextKey<T> {
  private readonly key = Symbol('context value');

  get(context: RequestContext): T | undefined {
    return (context as ContextValues)[this.key] as T | undefined;
  }

  set(context: RequestContext, value: T): void {
    (context as ContextValues)[this.key] = value;
  }
}
