/** Name and value together, in bytes, that browsers store (RFC 6265bis §5.6). */
const MAX_COOKIE_SIZE = 4096;

/** More would not fit into the 16 KiB that Node accepts as the headers of a request. */
const MAX_PIECES = 3;

/** Bounds the work for a request that has many cookies of one name. A browser has a few at most. */
const MAX_CANDIDATES = 64;

/** Separates the number of pieces from the first piece. No token contains it. */
const MARK = '~';

/**
 * Splits a token into the values of the cookies `name`, `name.1` and `name.2`. A token that fits stays one cookie. The
 * first piece of several says how many there are, so that a piece left from an earlier login is never part of a token.
 * Pieces of different logins do not make a token: its signature covers all of it.
 *
 * @returns Undefined if the token is too large even for that.
 */
export function splitToken(name: string, token: string): string[] | undefined {
  const room = MAX_COOKIE_SIZE - Buffer.byteLength(name);
  if (token.length <= room) return [token];
  const size = room - 2; // for the number of pieces and its mark, or for the suffix of the name
  const count = Math.ceil(token.length / size);
  if (count > MAX_PIECES) return undefined;
  const pieces = Array.from({ length: count }, (_, index) => token.slice(index * size, (index + 1) * size));
  return pieces.map((piece, index) => (index === 0 ? `${count}${MARK}${piece}` : piece));
}

/** Returns the length of the longest token that {@link splitToken} can split. */
export function maxTokenLength(name: string): number {
  return MAX_PIECES * (MAX_COOKIE_SIZE - Buffer.byteLength(name) - 2);
}

export function pieceName(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}

/** Returns all names that the pieces of a token can have. */
export function pieceNames(name: string): string[] {
  return Array.from({ length: MAX_PIECES }, (_, index) => pieceName(name, index));
}

/**
 * Returns every token that the cookies of a name can mean, 64 at most: one for each value, if the cookie occurs with
 * different values. Incomplete pieces give a string that is no token.
 */
export function joinTokens(header: string, name: string): string[] {
  const values = cookieValues(header, name).slice(0, MAX_CANDIDATES);
  if (!values.some(isSplit)) return values;
  const [, ...laterNames] = pieceNames(name);
  const later = laterNames.map((one) => cookieValues(header, one).slice(0, MAX_CANDIDATES));
  const tokens = new Set<string>();
  for (const value of values) {
    for (const token of isSplit(value) ? joinPieces(value, later) : [value]) {
      if (tokens.size === MAX_CANDIDATES) return [...tokens];
      tokens.add(token);
    }
  }
  return [...tokens];
}

function isSplit(value: string): boolean {
  return value[1] === MARK;
}

/** @param later - The values of the second and of each further piece. */
function joinPieces(value: string, later: readonly (readonly string[])[]): string[] {
  const count = Number(value[0]);
  if (!(count >= 2 && count <= MAX_PIECES)) return [value];
  let joined = [value.slice(2)];
  for (const pieces of later.slice(0, count - 1)) joined = combine(joined, pieces);
  return joined.length > 0 ? joined : [value];
}

/** Returns every start with every piece behind it, up to the bound. */
function combine(starts: readonly string[], pieces: readonly string[]): string[] {
  const combined: string[] = [];
  for (const start of starts) {
    for (const piece of pieces) {
      if (combined.length === MAX_CANDIDATES) return combined;
      combined.push(start + piece);
    }
  }
  return combined;
}

/**
 * Returns the different values of a cookie. Only spaces and tabs around a name or a value are removed (RFC 6265bis
 * §5.6): a cookie whose name begins with another white space is another cookie.
 */
export function cookieValues(header: string, name: string): string[] {
  if (!header.includes(name)) return [];
  const values = new Set<string>();
  for (const pair of header.split(';')) {
    const end = pair.indexOf('=');
    if (end !== -1 && trim(pair.slice(0, end)) === name) values.add(trim(pair.slice(end + 1)));
  }
  return [...values];
}

/** A regular expression would take quadratic time for a long run of spaces. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
