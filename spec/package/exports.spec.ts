import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(__dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// Every name here is a promise to users: adding one is a minor version, taking one away a major one.
const VALUES = [
  'ConfigurationError',
  'CrossOriginError',
  'InsufficientAuthenticationError',
  'InsufficientScopeError',
  'InvalidClientError',
  'InvalidGrantError',
  'InvalidRequestError',
  'InvalidScopeError',
  'LoginManager',
  'MemorySessionStore',
  'NotAuthenticatedError',
  'OAuth2Error',
  'OAuth2PasswordRequestForm',
  'PasswordForm',
  'PolicyDeniedError',
  'Public',
  'ServiceUnavailableError',
  'Subject',
  'TooManyAttemptsError',
  'UnsupportedGrantTypeError',
  'UserLoader',
  'allOf',
  'anyOf',
  'apiKey',
  'beforeBody',
  'defineScopes',
  'deny',
  'formatRoutes',
  'grantScopes',
  'inject',
  'localPath',
  'policy',
  'provide',
  'redirectTo',
  'stepUp',
  'subject',
  'tokenEndpoints',
];

const TYPES = [
  'Algorithm',
  'AllOf',
  'Alternative',
  'AnyOf',
  'ApiKeyOptions',
  'Authentication',
  'CauseOption',
  'ChallengeParameters',
  'CookieAttributes',
  'CookieOptions',
  'ContextExtras',
  'Credential',
  'DefinedAlternative',
  'DefinedRole',
  'DefinedScopes',
  'Denial',
  'Dependency',
  'Duration',
  'ErrorBody',
  'ExceptionOption',
  'Extra',
  'GuardMiddleware',
  'HttpRequest',
  'HttpResponse',
  'InsufficientAuthenticationErrorOptions',
  'InsufficientScopeErrorOptions',
  'IntrospectionOptions',
  'IssuerOptions',
  'Issuers',
  'Jwk',
  'JwkSet',
  'Limiter',
  'LoginEvent',
  'LoginEventName',
  'LoginHttpError',
  'LoginLimiters',
  'LoginManagerOptions',
  'MiddlewareTarget',
  'NamedPolicy',
  'NotAuthenticatedCode',
  'NotAuthenticatedErrorOptions',
  'NotAuthenticatedException',
  'OAuth2ErrorBody',
  'OAuth2ErrorOptions',
  'OneTimeTokenRequest',
  'OriginCheckMode',
  'Policy',
  'PolicyContext',
  'PolicyDeniedErrorOptions',
  'PrivateKeySecret',
  'PublicJwkSet',
  'PublicKeySecret',
  'RedeemedToken',
  'RedirectOptions',
  'RemoteSecret',
  'Resolved',
  'ResolvedAll',
  'ResolvedExtras',
  'RouteSubject',
  'SessionStore',
  'StepUp',
  'StepUpOptions',
  'StepUpRequirement',
  'StoredRecord',
  'SubjectDecorator',
  'SubjectOptions',
  'Role',
  'Route',
  'ScopeClaimName',
  'ScopeDefinition',
  'ScopeDefinitions',
  'ScopeReader',
  'Secret',
  'SecretKey',
  'ServerOptions',
  'SessionInfo',
  'TokenData',
  'TokenEndpointsOptions',
  'TokenFrom',
  'TokenPayload',
  'TokenProfile',
  'TokenRequest',
  'TokenResponse',
  'TokenResponseRequest',
  'TrustedOrigins',
  'UserLoaderDecorator',
  'WellKnownOptions',
];

describe('the package', () => {
  const name: string = manifest.name;

  it('exports these values to CommonJS', () => {
    expect(Object.keys(createRequire(__filename)(name)).sort()).to.deep.equal(VALUES);
  });

  it('exports the same values by name to ES modules', async () => {
    const { default: all, ...named } = await import(name);
    expect(
      Object.keys(named)
        .filter((key) => !INTEROPERABILITY.includes(key))
        .sort(),
    ).to.deep.equal(VALUES);
    for (const value of VALUES) expect(named[value]).to.equal(all[value]);
  });

  it('declares these values and types', () => {
    const declarations = readFileSync(join(root, manifest.exports['.'].types), 'utf8');
    expect(declaredNames(declarations)).to.deep.equal([...VALUES, ...TYPES].sort());
  });
});

describe('the subpaths of the package', () => {
  const subpaths = Object.keys(manifest.exports).filter((path) => path !== '.' && path !== './package.json');

  it('export these values of the testing helpers', () => {
    const values = createRequire(__filename)(`${manifest.name}/testing`);
    expect(Object.keys(values).sort()).to.deep.equal([
      'accessMatrix',
      'loginAs',
      'replaceLoader',
      'sessionStoreContract',
      'testIssuer',
    ]);
  });

  it('lead to files of the build', () => {
    const targets = Object.values<string | Record<string, string>>(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? target : Object.values(target),
    );
    for (const target of targets) expect(() => readFileSync(join(root, target))).not.to.throw();
  });

  it("resolve to the same declarations under TypeScript's node10", () => {
    const expected = subpaths.map((path) => [path.replace('./', ''), [manifest.exports[path].types]]);
    expect(manifest.typesVersions['*']).to.deep.equal(Object.fromEntries(expected));
  });
});

/** What Node adds to the names of a CommonJS module, by version. */
const INTEROPERABILITY = ['__esModule', 'module.exports'];

/** The names of a barrel, which consists of a comment about the module and of export lists. */
function declaredNames(declarations: string): string[] {
  const lists = [...declarations.matchAll(/^export (?:type )?\{(?<names>[^}]*)\} from '[^']+';$/gm)];
  const code = declarations.replace(/^\/\*\*.*?\*\/\n/s, '');
  expect(lists.map(([text]) => text).join('\n'), 'a list of names with its module').to.equal(code.trim());
  return lists
    .flatMap(({ groups }) => (groups?.names ?? '').split(','))
    .filter((item) => item.trim() !== '')
    .map((item) =>
      item
        .trim()
        .replace(/^type /, '')
        .replace(/^.* as /, ''),
    )
    .sort();
}
