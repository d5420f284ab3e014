import type { App } from './servers';

/** What happened, in its order. */
export class Journal {
  readonly entries: string[] = [];

  note(entry: string): void {
    this.entries.push(entry);
  }

  /** What was noted until now; the journal is empty afterwards. */
  take(): string[] {
    return this.entries.splice(0);
  }

  /** A middleware, of Express or of Koa, that notes its name and goes on. */
  middleware(name: string): (...args: App[]) => unknown {
    return (...args) => {
      this.note(name);
      return args.at(-1)();
    };
  }

  /** An interceptor that notes its name and changes nothing. */
  interceptor(name: string): (action: unknown, result: unknown) => unknown {
    return (_action, result) => {
      this.note(name);
      return result;
    };
  }
}

/** The user that a middleware sees: `request.user` of Express, `ctx.state.user` of Koa. */
export function userSeenBy(args: readonly App[]): App {
  return args.length === 2 ? args[0].state.user : args[0].user;
}

/** The body that a middleware sees. */
export function bodySeenBy(args: readonly App[]): unknown {
  return args.length === 2 ? args[0].request.body : args[0].body;
}
