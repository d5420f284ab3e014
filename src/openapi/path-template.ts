/** A parameter of a path. */
export interface PathParameter {
  /** A number for a wildcard or a group without a name, as Express 4 and path-to-regexp count them. */
  readonly name: string;
  /** The regular expression of the parameter as it is written, if it has one. */
  readonly pattern: string | undefined;
}

/** A path of a router as OpenAPI writes it. */
export interface PathTemplate {
  /** Such as `/notes/{id}`. */
  readonly path: string;
  readonly parameters: readonly PathParameter[];
}

/** A parameter, named or quoted (path-to-regexp 8). */
const NAMED = /:(?:"((?:[^"\\]|\\.)+)"|([\p{ID_Continue}]+))/uy;
/** A wildcard of Express 5. */
const WILDCARD = /\*(?:"((?:[^"\\]|\\.)+)"|([\p{ID_Continue}]+))/uy;

/**
 * Parses a path in the syntax of Express 5, Express 4 or @koa/router. It never fails, because the router has accepted
 * the path: a character that no syntax gives a meaning is part of the path. Optional parts are taken as present; OpenAPI
 * knows no others.
 *
 * @param declared - The names of the parameters of the handler. `a*b` is a wildcard named `b` of Express 5 if there is
 * such a parameter or a slash before it, else a bare wildcard of Express 4 and a `b`.
 */
export function parsePath(source: string, declared: readonly string[]): PathTemplate {
  const parameters: PathParameter[] = [];
  let path = '';
  let index = 0;
  let unnamed = 0;

  const match = (syntax: RegExp): string | undefined => {
    syntax.lastIndex = index;
    const [whole, quoted, plain] = syntax.exec(source) ?? [];
    if (whole === undefined || (syntax === WILDCARD && !isNamedWildcard(quoted ?? plain ?? ''))) return undefined;
    index += whole.length;
    return quoted?.replace(/\\(.)/g, '$1') ?? plain;
  };
  const isNamedWildcard = (name: string) => /(^|[/{])$/.test(source.slice(0, index)) || declared.includes(name);
  const add = (name: string, pattern: string | undefined) => {
    parameters.push({ name, pattern });
    path += `{${name}}`;
  };

  while (index < source.length) {
    const char = source[index] as string;
    const name = match(NAMED) ?? match(WILDCARD);
    const group = char === '(' || name !== undefined ? groupAt(source, index) : undefined;
    if (group !== undefined) index += group.length + 2;
    if (name !== undefined) add(name, group);
    else if (group !== undefined) add(String(unnamed++), group);
    else if (char === '\\' && index + 1 < source.length) {
      path += toLiteral(source[index + 1] as string);
      index += 2;
    } else {
      index++;
      if (char === '*' && !isModifier(source, index - 1)) add(String(unnamed++), '.*');
      else if (!'{}?+*'.includes(char)) path += toLiteral(char);
    }
  }
  return { path: path.startsWith('/') ? path : `/${path}`, parameters };
}

/** Returns what is in the parentheses at this place, or undefined if there are none. */
function groupAt(source: string, start: number): string | undefined {
  if (source[start] !== '(') return undefined;
  let depth = 0;
  let isInClass = false;
  for (let index = start; index < source.length; index++) {
    const char = source[index];
    if (char === '\\') index++;
    else if (isInClass) isInClass = char !== ']';
    else if (char === '[') isInClass = true;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return source.slice(start + 1, index);
  }
  return undefined;
}

/** Returns whether a star repeats the parameter or the group before it. */
function isModifier(source: string, index: number): boolean {
  return /(?:[)}]|:[\p{ID_Continue}]+)$/u.test(source.slice(0, index));
}

/** Braces have a meaning of their own in the paths of OpenAPI. */
function toLiteral(char: string): string {
  return '{}'.includes(char) ? encodeURIComponent(char) : char;
}
