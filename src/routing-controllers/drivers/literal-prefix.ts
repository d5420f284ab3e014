/**
 * Returns what every path begins with that a route can match: its literal segments, up to the first with a parameter or
 * a pattern, in lower case and without a final slash. That holds for each version of `path-to-regexp` that Express 4,
 * Express 5 and Koa have, whatever their settings. Empty if nothing is known.
 */
export function literalPrefix(path: unknown): string {
  // Express 4 leaves an alternation to the regular expression, where it reaches back to the beginning.
  if (typeof path !== 'string' || path.includes('|')) return '';
  const [literal] = LITERAL.exec(path) as RegExpExecArray;
  // What follows may make the character before it optional, or repeat it.
  const whole = literal === path ? literal : literal.slice(0, Math.max(0, literal.lastIndexOf('/')));
  return whole.replace(/\/+$/, '').toLowerCase();
}

/** ASCII only: regular expressions that ignore case do not compare other characters as `toLowerCase` does. */
const LITERAL = /^[\w\-.~%@,=/]*/;
