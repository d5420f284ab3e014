import type { Random } from '../support/random';
import { type Target, type User, users } from './protocol';

export type Field = readonly [name: string, value: string];

/** Header fields with credentials, and whose good tokens are whole among them. */
export interface Credentials {
  readonly fields: readonly Field[];
  readonly users: ReadonlySet<User>;
}

interface Token {
  readonly text: string;
  /** Whose it is, if it is as it was issued. */
  readonly user?: User;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Makes another token, or something like a token, of one. */
const mutations: ((token: string, random: Random) => string)[] = [
  (token, random) => {
    const at = random.below(token.length);
    const next = ALPHABET[(ALPHABET.indexOf(token[at] as string) + 1 + random.below(63)) % 64];
    return `${token.slice(0, at)}${token[at] === '.' ? '' : next}${token.slice(at + 1)}`;
  },
  (token, random) => token.slice(0, random.below(token.length)),
  (token, random) => token.slice(1 + random.below(token.length - 1)),
  (token, random) => token + random.pick(['A', '=', '==', '.', '..', '.e30', '%00', '\\']),
  (token, random) => random.pick(['.', 'x', '=', 'Bearer', '\u00ff', '"']) + token,
  (token) => token.toUpperCase(),
  (token) => token.split('.').reverse().join('.'),
  (token) => `${token.split('.').slice(0, 2).join('.')}.`,
  (token) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
  (token) => `"${token}"`,
  (token) => `%${token.charCodeAt(0).toString(16)}${token.slice(1)}`,
  (token) => token.replaceAll('.', '%2E'),
  (token) => `${token}.${token}`,
  (_token, random) => 'A'.repeat(random.below(10_000)),
  (_token, random) =>
    random.pick(['', '.', '..', 'null', 'undefined', '__proto__', '[object Object]', '{}', '2~', '3~x']),
  (_token, random) =>
    String.fromCharCode(...Array.from({ length: 1 + random.below(60) }, () => 0x80 + random.below(0x80))),
];

function anyToken(random: Random, { good, bad }: Target): Token {
  const chance = random.next();
  if (chance < 0.35) {
    const user = random.pick(users);
    return { text: good[user], user };
  }
  if (chance < 0.55) return { text: random.pick(bad) };
  return { text: random.pick(mutations)(random.pick([...Object.values(good), ...bad]), random) };
}

const schemes = [
  'Bearer ',
  'bearer ',
  'BEARER  ',
  'Bearer',
  'Bearer\t',
  'Basic ',
  'Digest ',
  'Bearer Bearer ',
  ' Bearer ',
  '',
];

function authorization(random: Random, token: Token): Field {
  const name = random.pick(['Authorization', 'authorization', 'AUTHORIZATION']);
  return [name, `${random.pick(schemes)}${token.text}${random.pick(['', '', '', ' ', ', Bearer x', ', '])}`];
}

const COOKIE = 'access-token';

const noise = [
  'a=b',
  'access-token-refresh=x',
  'access-token.1=x',
  'access-token.3=',
  '=',
  ';',
  'access-token',
  '\u00e9=\u00e9',
  ' access-token = ',
  '__proto__=1',
];

/** Cookies of one token: as one, or in pieces as a large token is, whole or not. */
function cookiesOf(random: Random, { text }: Token): string[] {
  if (random.happens(0.6)) return [`${COOKIE}=${text}`];
  const count = 2 + random.below(2);
  const size = Math.max(1, Math.ceil(text.length / count));
  const pieces = Array.from({ length: count }, (_, index) => text.slice(index * size, (index + 1) * size));
  const said = random.happens(0.8) ? count : random.below(10);
  const cookies = pieces.map((piece, index) =>
    index === 0 ? `${COOKIE}=${said}~${piece}` : `${COOKIE}.${index}=${piece}`,
  );
  if (random.happens(0.3)) cookies.splice(random.below(cookies.length), 1);
  if (random.happens(0.3)) cookies.reverse();
  return cookies;
}

/** One or several `Cookie` fields. */
function cookieFields(random: Random, tokens: readonly Token[]): Field[] {
  const pairs = tokens.flatMap((token) => cookiesOf(random, token));
  for (let count = random.below(4); count > 0; count--)
    pairs.splice(random.below(pairs.length + 1), 0, random.pick(noise));
  const separator = random.pick(['; ', '; ', ';', ' ; ', ', ', ';;']);
  if (pairs.length > 1 && random.happens(0.2)) {
    const cut = 1 + random.below(pairs.length - 1);
    return [pairs.slice(0, cut), pairs.slice(cut)].map((part): Field => ['Cookie', part.join(separator)]);
  }
  return pairs.length > 0 ? [[random.pick(['Cookie', 'cookie']), pairs.join(separator)]] : [];
}

/** Header fields with no, one or several tokens, good and bad ones, in the header, in cookies or in both. */
export function anyCredentials(random: Random, target: Target): Credentials {
  const inHeader = random.happens(0.5) ? [anyToken(random, target)] : [];
  if (random.happens(0.08)) inHeader.push(anyToken(random, target));
  const inCookies = random.happens(0.5) ? [anyToken(random, target)] : [];
  if (random.happens(0.15)) inCookies.push(anyToken(random, target));
  const fields = [...inHeader.map((token) => authorization(random, token)), ...cookieFields(random, inCookies)];
  const whole = [...inHeader, ...inCookies].flatMap(({ user }) => user ?? []);
  return { fields, users: new Set(whole) };
}
