import type { Class } from '../authorization/controller-metadata';
import { emitLoginWarning } from '../util/diagnostics';
import { didYouMean } from '../util/did-you-mean';
import type { ResolvedRoute } from './route-collector';

/** The public paths of a manager's login routes, by the name of their option. */
export type LoginUrls = Readonly<Record<string, string | null | undefined>>;

/** Kinds of parameters that routing-controllers converts or validates by their type. */
const TYPED = /^(?:body|body-param|query|queries|header|headers|cookie|cookies|param|params)$/;

/** Classes that have been warned of, in this process. */
const warnedClasses = new WeakSet<Class>();

/**
 * Warns of parameters whose types the compiler did not record (esbuild and tsx never do): routing-controllers neither
 * converts nor validates them. Each class is named once.
 */
export function warnOfMissingTypes(routes: readonly ResolvedRoute[]): void {
  for (const { routeMetadata } of routes) {
    const member = routeMetadata.methods.find(({ params }) => params.length > 0);
    const untyped = member?.params.find(({ type, explicitType }) => TYPED.test(type) && !explicitType);
    if (!member || !untyped || warnedClasses.has(member.type)) continue;
    if (Reflect.getMetadata('design:paramtypes', untyped.object, untyped.method)) continue;
    warnedClasses.add(member.type);
    emitLoginWarning(
      'LOGIN_NO_METADATA',
      `${member.type.name}.${untyped.method} has parameters without recorded types, so routing-controllers neither converts nor validates them; compile with emitDecoratorMetadata (tsc or swc, not esbuild or tsx), or give the decorators a type`,
    );
  }
}

interface Server {
  readonly routes: readonly ResolvedRoute[];
  readonly app: unknown;
}

/** Warns of login URLs that no server of a manager serves. */
export class LoginUrlCheck {
  private readonly pending: Server[] = [];
  private readonly paths = new Set<string>();
  private readonly warned = new Set<string>();

  private readonly urls: readonly (readonly [name: string, url: string])[];

  constructor(urls: LoginUrls) {
    this.urls = Object.entries(urls).filter((entry): entry is [string, string] => isServedHere(entry[1]));
  }

  /**
   * Checks the routes of a server once all code of the start-up has run, because only then it is known which
   * application it is mounted in, and what the other servers of the manager serve.
   */
  add(server: Server): void {
    if (this.urls.length === 0 || this.pending.push(server) > 1) return;
    setImmediate(() => {
      for (const { routes, app } of this.pending.splice(0)) {
        const mountPath = mountPathOf(app);
        for (const route of routes) this.paths.add(route.publicPath ?? `${mountPath}${pathOf(route)}`);
      }
      this.check();
    });
  }

  private check(): void {
    for (const [name, url] of this.urls) {
      if (this.warned.has(url)) continue;
      const path = toSegments(url);
      if ([...this.paths].some((pattern) => matches(path, toSegments(pattern)))) continue;
      this.warned.add(url);
      emitLoginWarning(
        'LOGIN_NO_TOKEN_ROUTE',
        `${name} '${url}' is no route of this server.${this.suggest(url)} Set ${name} to the path that clients see, prefixes included; nothing needs to be done if another server serves it`,
      );
    }
  }

  /** A forgotten or doubled prefix is likelier than a typo. */
  private suggest(url: string): string {
    const paths = [...this.paths].map((path) => path.replace(ANY, ''));
    const prefixed = paths.find((path) => path.length > 1 && (path.endsWith(url) || url.endsWith(path)));
    return prefixed ? ` Did you mean "${prefixed}"?` : didYouMean(url, paths);
  }
}

/** Matches any path. */
const ANY = '**';

/** Returns the path at which an application of Express is mounted; a router may be mounted anywhere. */
function mountPathOf(app: unknown): string {
  if (typeof app !== 'function') return '';
  const { path } = app as { path?: () => string };
  return typeof path === 'function' ? path.call(app) : ANY;
}

/** Returns the path that a route declares; a regular expression may match anything. */
function pathOf(route: ResolvedRoute): string {
  return route.metadata.fullRoute instanceof RegExp ? ANY : route.path;
}

/** Returns false for a URL with a host, and for none. */
function isServedHere(url: string | null | undefined): boolean {
  return typeof url === 'string' && !/^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(url);
}

function toSegments(path: string): string[] {
  return (path.split(/[?#]/, 1)[0] as string)
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '');
}

/** Compares segments. A segment with a parameter or a pattern matches any segment, a wildcard any number of them. */
function matches(path: readonly string[], [pattern, ...patterns]: readonly string[]): boolean {
  if (pattern === undefined) return path.length === 0;
  if (pattern.includes('*'))
    return path.some((_, index) => matches(path.slice(index), patterns)) || matches([], patterns);
  const [segment, ...rest] = path;
  return segment !== undefined && (segment === pattern || PATTERN.test(pattern)) && matches(rest, patterns);
}

const PATTERN = /[:(){}[\]+?\\^$]/;
