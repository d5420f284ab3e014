/**
 * Returns what every path begins with that a route can match: its literal segments, up to the first with a parameter or
 * a pattern, in lower case and without a final slash. That holds for each version of `path-to-regexp` that Express 4,
 * Express 5 and Koa have, whatever their settings. Empty if nothing is known.
 */
export function literalPrefix(path: unknown): string {
  // Express 4 leaves an alternation to the regular expression, where it reaches back to the beginning.
  if (typeof path !== 'string' || path.includes('|')) return '';
  const [literal] = LITERAL.exec(path) as RegExpExecArray;
  return wholeSegments(literal, path.slice(literal.length)).replace(/\/+$/, '').toLowerCase();
}

/** Leaves out the last segment if more follows: that may make the character before it optional, or repeat it. */
function wholeSegments(literal: string, rest: string): string {
  if (rest === '') return literal;
  const whole = withoutLast(literal);
  // A parameter that may be missing takes its slash with it, and what follows it comes in its place.
  return /\/\.?$/.test(literal) && !WHOLE_SEGMENT.test(rest) ? withoutLast(whole) : whole;
}

function withoutLast(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Other text, or a parameter, a group or a wildcard that is a segment of its own. */
const WHOLE_SEGMENT = /^[^:(*?+{]|^(?::\w+(?:\([^()]*\))?|\([^()]*\)|\*\w*)[?*+]?(?:\/|$)/;

/** ASCII only: regular expressions that ignore case do not compare other characters as `toLowerCase` does. */
const LITERAL = /^[\w\-.~%@,=/]*/;
