import fc, { type Arbitrary } from 'fast-check';
import type { Framework } from '../servers';

/** A server as plain data. */
export interface RandomServer {
  readonly routePrefix: string;
  readonly controllers: readonly RandomController[];
  /** Of Express; Koa's router has no such settings. */
  readonly caseSensitive: boolean;
  readonly strict: boolean;
  /** Whether the controllers are served by a router of Express that an application mounts. */
  readonly isMounted: boolean;
}

export interface RandomController {
  readonly path: string;
  readonly routes: readonly { readonly verb: Verb; readonly path: string | RegExp }[];
}

export type Verb = 'Get' | 'Post' | 'Head' | 'Delete' | 'All';

export interface RandomRequest {
  readonly method: string;
  readonly target: string;
}

/** Few words, so that routes overlap; some are the beginning of others, some are equal but for their case or encoding. */
const WORDS = ['a', 'A', 'ab', 'abc', 'a.b', 'k', '%61', 'a%2Fb', 'é'];

/** What each router makes of a path beside literal text and `:name`. */
const PATTERNS: Readonly<Record<Framework, readonly string[]>> = {
  'Express 5': ['/:id', '/*rest', '{/:id}', '{/a}/b', '/a{b}', '{a}', '/\\:a', '/a.:ext', '/:x-:y', '//'],
  'Express 4': [
    '/:id',
    '/:id?',
    '/:id(\\d+)',
    '/*',
    '/ab?',
    '/a+b',
    '/a(b)?',
    '/(a|b)',
    '|/b',
    '/a.:ext',
    '/a[bk]',
    '/:id?.b',
    '/?b',
    '//',
  ],
  Koa: [
    '/:id',
    '/:id?',
    '/:id(\\d+)',
    '/:rest*',
    '/:rest+',
    '{/a}?/b',
    '/a{b}?',
    '/(.*)',
    '/a.:ext',
    '/:id?.b',
    '/(a)?b',
    '//',
  ],
};

const EXPRESSIONS = [/^\/a/, /b$/i, /\/(\w+)\/(\d+)/, /^\/A\/(.*)$/, /./];

const literal = fc.constantFrom(...WORDS).map((word) => `/${word}`);

const pathOf = (framework: Framework): Arbitrary<string> =>
  fc
    .array(
      fc.oneof({ weight: 4, arbitrary: literal }, { weight: 1, arbitrary: fc.constantFrom(...PATTERNS[framework]) }),
      { maxLength: 3 },
    )
    .map((parts) => withDistinctNames(parts.join('')));

/** A name must not stand twice in a path. */
function withDistinctNames(path: string): string {
  let count = 0;
  return path.replace(/(?<!\\)([:*])([a-z]+)/g, (_, kind, name) => `${kind}${name}${count++ || ''}`);
}

const verb = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Verb>('Get') },
  { weight: 2, arbitrary: fc.constantFrom<Verb>('Post', 'Head', 'Delete', 'All') },
);

export const serverOf = (framework: Framework): Arbitrary<RandomServer> =>
  fc.record({
    routePrefix: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: literal }),
    controllers: fc.array(
      fc.record({
        path: fc.oneof(
          { weight: 1, arbitrary: fc.constant('') },
          { weight: 4, arbitrary: literal },
          { weight: 2, arbitrary: pathOf(framework) },
        ),
        routes: fc.array(
          fc.record({
            verb,
            path: fc.oneof(
              { weight: 5, arbitrary: pathOf(framework) },
              { weight: 1, arbitrary: fc.constantFrom(...EXPRESSIONS) },
            ),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      }),
      { minLength: 2, maxLength: 6 },
    ),
    caseSensitive: fc.boolean(),
    strict: fc.boolean(),
    isMounted: framework === 'Koa' ? fc.constant(false) : fc.boolean(),
  });

const method = fc.oneof(
  { weight: 5, arbitrary: fc.constant('GET') },
  { weight: 2, arbitrary: fc.constantFrom('POST', 'HEAD', 'OPTIONS', 'DELETE', 'PUT') },
);

/** What a client may make of a path. */
const change: Arbitrary<(path: string) => string> = fc.oneof(
  { weight: 9, arbitrary: fc.constant((path: string) => path) },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      (path: string) => `${path}/`,
      (path: string) => `${path}//`,
      (path: string) => `/${path}`,
      (path: string) => path.toUpperCase(),
      (path: string) => path.replace('a', '%61'),
      (path: string) => path.replace(/(.)\//, '$1%2F'),
      (path: string) => path.replace(/(.)\//, '$1//'),
      (path: string) => path.replace(/(.)\//, '$1/./'),
      (path: string) => `${path}/%`,
      (path: string) => `${path}/%ff`,
      (path: string) => `${path || '/'}?a=/b`,
      (path: string) => `${path}/#a`,
      (path: string) => `${path};a=b`,
      (path: string) => path.slice(0, -1) || '/',
      (path: string) => `${path}b`,
      (path: string) => `${path}.b`,
      (path: string) => `http://a${path}`,
      (path: string) => `HTTP://a/a${path}`,
      () => '*',
    ),
  },
);

const segment = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.constantFrom('7', 'b', '', '%E0%A4%A', 'a+b', '%C3%A9', '..') },
);

const freePath = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);

/** A request to one of the routes, with other words for its parameters, or to any other path. */
export const requestTo = ({ routePrefix, controllers, isMounted }: RandomServer): Arbitrary<RandomRequest> => {
  const paths = controllers.flatMap(({ path, routes }) => routes.map((route) => path + stringOf(route.path)));
  const known = fc
    .tuple(fc.constantFrom(...paths), segment, fc.boolean())
    .map(([path, word, isPresent]) => filledIn(path, word, isPresent));
  const path = fc.oneof({ weight: 3, arbitrary: known }, { weight: 1, arbitrary: freePath });
  return fc
    .record({ method, path, change })
    .map((one) => ({ method: one.method, target: one.change(`${isMounted ? '/m' : ''}${routePrefix}${one.path}`) }))
    .map(({ method, target }) => ({ method, target: target.replaceAll(/é/gi, '%C3%A9') || '/' }));
};

const stringOf = (path: string | RegExp) => (typeof path === 'string' ? path : '/a/7');

/** Near to what the path may match: the routers decide whether it does. */
function filledIn(path: string, word: string, isPresent: boolean): string {
  return path
    .replace(/\{(.*?)\}\??/g, isPresent ? '$1' : '')
    .replace(/\/:\w+(\(.*?\))?[?*+]?/g, isPresent ? `/${word}` : '/7')
    .replace(/[:*]\w+/g, word)
    .replace(/[?+*()|[\]\\]/g, '');
}
