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
export class RouteIndex<L extends Layer = Layer> {
  private readonly layers: L[] = [];
  private readonly prefixes: string[] = [];
  private readonly known = new Set<string>();
  /** What was found, by the longest prefix of a path: it tells the shorter ones. */
  private readonly found = new Map<string, readonly L[]>();
  private longestPrefix = 0;
  private lastPath: string | undefined;
  private lookUps = 0;

  /** @param path - As the route was registered: a string or a regular expression. */
  add(layer: L, path: unknown): void {
    const prefix = literalPrefix(path);
    this.layers.push(layer);
    this.prefixes.push(prefix);
    this.known.add(prefix);
    this.found.clear();
    this.longestPrefix = Math.max(this.longestPrefix, prefix.length);
    this.lastPath = undefined;
    layer[FOUND] = 0;
  }

  /** Returns the routes that may match, in the order in which they were added; the same list for the same routes. */
  find(path: string): readonly L[] {
    const prefix = this.prefixOf(path);
    const before = this.found.get(prefix);
    if (before) return before;
    const found = this.layers.filter((_, index) => beginsWith(prefix, this.prefixes[index] as string));
    this.found.set(prefix, found);
    return found;
  }

  /** Returns false if a route cannot match. Routers ask about each route in turn, so it looks up a path once. */
  mayMatch(layer: Layer, path: string): boolean {
    if (path !== this.lastPath) {
      this.lookUps += 1;
      for (const one of this.find(path)) one[FOUND] = this.lookUps;
    }
    this.lastPath = path; // this very string, which is compared faster than an equal one
    const { [FOUND]: found = this.lookUps } = layer; // a route that is not in the index is not ruled out
    return found === this.lookUps;
  }

  /** Returns the longest prefix of a route that a path begins with; empty if there is none. */
  private prefixOf(path: string): string {
    const beginning = path.slice(0, this.longestPrefix + 1).toLowerCase();
    for (let end = beginning.length; end > 0; end--) {
      if (!isDelimiter(beginning[end])) continue;
      const prefix = beginning.slice(0, end);
      if (this.known.has(prefix)) return prefix;
    }
    return '';
  }
}

function beginsWith(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (prefix === '' || isDelimiter(path[prefix.length]));
}

/** Whether this may follow the literal segments: the next one, the end, or what Koa's router accepts instead. */
function isDelimiter(character: string | undefined): boolean {
  return character === undefined || character === '/' || character === '#' || character === '?';
}
