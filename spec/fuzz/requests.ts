import type { Random } from '../support/random';
import { anyBody } from './bodies';
import { anyCredentials, type Field } from './credentials';
import { ID, type Target, users } from './protocol';
import { chunked, type FuzzRequest, write } from './request';

const paths = [
  '/public',
  '/optional',
  '/me',
  '/me',
  '/notes',
  '/notes',
  '/upload',
  '/login',
  '/logout',
  '/token',
  '/token',
  '/boom',
  '/flaw',
  '/nowhere',
];

const methods = ['GET', 'GET', 'GET', 'POST', 'POST', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'];

/** Other spellings of a path, and targets of other forms (RFC 9112 §3.2). */
const targets: ((path: string, random: Random) => string)[] = [
  (path) => path,
  (path) => path,
  (path) => path,
  (path, random) => `${path}?${random.pick(['', 'a=b', 'a[]=1&a[b]=2', '%', '%ff', '?', 'token=x', 'a'.repeat(3000)])}`,
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => path.toUpperCase(),
  (path) => `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`,
  (path, random) => `${path}${random.pick(['%00', '%', '%zz', ';a=b', '/.', '/..', '#x', '%2f', '\\'])}`,
  (path) => `/public/..${path}`,
  (path, random) => `http://${random.pick(['127.0.0.1', 'evil.example', 'a@b', '[::1]'])}${path}`,
  () => '*',
];

const origins = [
  'https://app.example',
  'https://a.app.example',
  'https://evil.example',
  'null',
  'https://app.example.evil.example',
  'x',
  '',
  'http://127.0.0.1',
  'https://app.example https://evil.example',
];

/** Header fields that applications, proxies, browsers and attackers send. */
const extras: ((random: Random) => Field)[] = [
  (random) => ['Origin', random.pick(origins)],
  (random) => ['Sec-Fetch-Site', random.pick(['same-origin', 'none', 'cross-site', 'same-site', 'x', ''])],
  (random) => ['X-Forwarded-Proto', random.pick(['https', 'http', 'https, http', ''])],
  (random) => ['X-Forwarded-Host', random.pick(origins)],
  (random) => ['X-Forwarded-For', random.pick(['1.2.3.4', 'x', '1.2.3.4, 5.6.7.8'])],
  (random) => ['Referer', random.pick(origins)],
  (random) => ['Accept', random.pick(['*/*', 'text/html', 'application/json', 'x', '', 'text/html;q=2'])],
  (random) => ['Accept-Encoding', random.pick(['gzip', 'br', 'x', '*;q=0'])],
  (random) => ['Content-Encoding', random.pick(['gzip', 'deflate', 'identity', 'x', 'br'])],
  (random) => ['X-HTTP-Method-Override', random.pick(['POST', 'GET', 'DELETE'])],
  (random) => ['If-None-Match', random.pick(['*', '"x"', 'x'])],
  (random) => ['Range', random.pick(['bytes=0-1', 'bytes=-', 'x'])],
  (random) => ['Access-Control-Request-Method', random.pick(['POST', 'x'])],
  (random) => ['Content-Length-X', `${random.below(9)}`],
  (random) => ['X-Long', 'x'.repeat(random.below(4000))],
  (random) => [random.pick(['constructor', '__proto__', 'toString', 'hasOwnProperty']), 'x'],
  () => ['User-Agent', '\u00e9\u00ff'],
];

/** A request whose end is where its head says. Its credentials, path, fields and body may be anything. */
export function framedRequest(random: Random, target: Target, id: number): FuzzRequest {
  const method = random.pick(methods);
  const path = random.pick(paths);
  const credentials = anyCredentials(random, target);
  const hasBody = method !== 'HEAD' && (method === 'POST' || random.happens(0.1));
  const body = hasBody ? anyBody(random, target) : { bytes: Buffer.alloc(0), type: undefined, mayLogIn: false };
  const fields: Field[] = [
    ['Host', random.happens(0.9) ? '127.0.0.1' : random.pick(['', 'evil.example', 'a:b:c', 'x y'])],
  ];
  for (let count = random.below(4); count > 0; count--) fields.push(random.pick(extras)(random));
  fields.push(...credentials.fields);
  if (body.type !== undefined) fields.push(['Content-Type', body.type]);
  const isChunked = hasBody && random.happens(0.3);
  if (isChunked) fields.push(['Transfer-Encoding', 'chunked']);
  else if (hasBody) fields.push(['Content-Length', `${body.bytes.length}`]);
  fields.push([ID, `${id}`]);
  const bytes = write({
    method,
    target: random.pick(targets)(path, random),
    version: 'HTTP/1.1',
    fields: random.shuffle(fields),
    body: isChunked ? chunked(body.bytes, 1 + random.below(5000), random.pick(['', 'X-Trailer: x\r\n'])) : body.bytes,
  });
  return { id, bytes, isFramed: true, method, path, users: credentials.users, mayLogIn: body.mayLogIn };
}

/** Breaks the framing, or the form of the head. */
const breaks: ((text: string, random: Random) => string)[] = [
  (text, random) => text.slice(0, random.below(text.length)),
  (text, random) => spliced(text, random, String.fromCharCode(random.below(256))),
  (text, random) => spliced(text, random, random.pick(['\r\n', '\n', '\r', '\r\n\r\n', '\0', ':', ' '])),
  (text, random) =>
    withField(
      text,
      `Content-Length: ${random.pick(['0', '5', '-1', '+1', '0x10', '1e3', '99999999999999999999', '5, 5', ''])}`,
    ),
  (text, random) =>
    withField(
      text,
      `Transfer-Encoding: ${random.pick(['chunked', 'Chunked', 'xchunked', 'chunked, identity', 'gzip, chunked', '\tchunked', 'identity', ''])}`,
    ),
  (text, random) =>
    withField(text, `Transfer-Encoding${random.pick([' ', '\t', ''])}:${random.pick(['', ' '])}chunked`),
  (text, random) =>
    text.replace('\r\n\r\n', `\r\n\r\n${random.pick(['ffffffff', 'zz', '-1', '5;x', '0'])}\r\nhello\r\n0\r\n\r\n`),
  (text, random) =>
    text.replace(
      /HTTP\/1\.1/,
      random.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.11', 'http/1.1', '', 'HTTPS/1.1']),
    ),
  (text, random) =>
    text.replace(/^\w+/, random.pick(['GETT', 'get', 'TRACE', 'CONNECT', 'PRI', '', 'M-SEARCH', 'G\0T'])),
  (text, random) => text.replace(' /', random.pick([' https:/', ' http:///', ' ', '  /', ' /\u00ff', '\t/'])),
  (text) => text.replaceAll('\r\n', '\n'),
  (text) => withField(text, ' folded: x'),
  (text) => withField(text, 'Host: evil.example'),
  (text, random) => withField(text, `Expect: ${random.pick(['100-continue', 'x'])}`),
  (text, random) => withField(text, `Connection: ${random.pick(['close', 'Upgrade', 'keep-alive, x', 'x'])}`),
  (text, random) => withField(text, `Connection: Upgrade\r\nUpgrade: ${random.pick(['websocket', 'h2c', 'x'])}`),
  (text, random) => withField(text, 'X-Many: x\r\n'.repeat(random.below(3000)).trimEnd()),
  (text, random) => withField(text, `X-Long: ${'x'.repeat(random.below(40_000))}`),
];

function spliced(text: string, random: Random, part: string): string {
  const at = random.below(Math.min(text.length, 1500));
  return text.slice(0, at) + part + text.slice(at + random.below(2));
}

/** Adds a line after the first one. */
function withField(text: string, line: string): string {
  return line === '' ? text : text.replace('\r\n', `\r\n${line}\r\n`);
}

/** A request that is broken in one or several places. Who may be let in by it stays the same. */
export function brokenRequest(random: Random, target: Target, id: number): FuzzRequest {
  const request = framedRequest(random, target, id);
  let text = request.bytes.toString('latin1');
  for (let count = 1 + random.below(2); count > 0; count--) text = random.pick(breaks)(text, random);
  // What was cut out may have been what made a token a bad one.
  const restored = users.filter((user) => text.includes(target.good[user]));
  return {
    ...request,
    bytes: Buffer.from(text, 'latin1'),
    isFramed: false,
    users: new Set([...request.users, ...restored]),
  };
}
