import { literalPrefix } from './literal-prefix';

const FOUND = Symbol('the last look-up that found this route');

/** A route as the router of a framework keeps it. */
export interface Layer {
  match(path: string): unknown;
  [FOUND]?: number;
}

/**
 * Finds the routes of one server that a path may match, by the literal segments that both begin with, so that a router
 * need not try all the others. It only rules out what cannot match: which of the rest does is for the router to say.
 */
export class RouteIndex {
  private readonly byPrefix = new Map<string, Layer[]>();
  private longestPrefix = 0;
  private lastPath: string | undefined;
  private lookUps = 0;

  /** @param path - As the route was registered: a string or a regular expression. */
  add(layer: Layer, path: unknown): void {
    const prefix = literalPrefix(path);
    const others = this.byPrefix.get(prefix);
    if (others) others.push(layer);
    else this.byPrefix.set(prefix, [layer]);
    this.longestPrefix = Math.max(this.longestPrefix, prefix.length);
    this.lastPath = undefined;
    layer[FOUND] = 0;
  }

  /** Returns false if a route cannot match. Routers ask about each route in turn, so it looks up a path once. */
  mayMatch(layer: Layer, path: string): boolean {
    if (path !== this.lastPath) this.lookUp(path);
    this.lastPath = path; // this very string, which is compared faster than an equal one
    const { [FOUND]: found = this.lookUps } = layer; // a route that is not in the index is not ruled out
    return found === this.lookUps;
  }

  private lookUp(path: string): void {
    this.lookUps += 1;
    const beginning = path.slice(0, this.longestPrefix + 1).toLowerCase();
    this.mark('');
    for (let end = 1; end <= beginning.length; end++) {
      if (DELIMITERS.has(beginning[end])) this.mark(beginning.slice(0, end));
    }
  }

  private mark(prefix: string): void {
    for (const layer of this.byPrefix.get(prefix) ?? []) layer[FOUND] = this.lookUps;
  }
}

/** What follows the literal segments: the next one, the end, or what Koa's router accepts instead. */
const DELIMITERS: ReadonlySet<string | undefined> = new Set(['/', '#', '?', undefined]);
