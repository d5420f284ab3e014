import { Authenticator } from '../authentication/authenticator';
import { createVerifiers } from '../authentication/create-verifier';
import { RunningRequests } from '../authentication/running-request';
import { UserResolver } from '../authentication/user-resolver';
import { Authorizer } from '../authorization/authorizer';
import { TokenInspector } from '../authorization/token-inspector';
import { CustomExceptions } from '../errors/custom-exceptions';
import { createRefreshCookie, TokenCookie } from '../http/cookies/token-cookie';
import { OriginCheck } from '../http/origin-check';
import { actionOf } from '../http/request-context';
import { resourceMetadataUrl } from '../http/resource';
import { TokenExtractor } from '../http/token-extractor';
import type { RemoteSecret } from '../jwt/issuers/issuer-options';
import { isRemoteSecret } from '../jwt/issuers/parse-issuer';
import { invalidKey } from '../jwt/keys/invalid-key';
import type { KeySet } from '../jwt/keys/key-set';
import { createPublicJwks } from '../jwt/keys/public-jwks';
import type { Secret } from '../jwt/keys/secret';
import { createTokenRequestParser } from '../jwt/token-request';
import { createAuthorizationChecker, createCurrentUserChecker } from '../routing-controllers/checkers';
import { Servers } from '../routing-controllers/servers';
import type { MetadataSource } from '../routing-controllers/well-known/documents';
import { CacheMessages } from '../sessions/cache-messages';
import { deriveKeys } from '../sessions/derived-keys';
import { LoginService } from '../sessions/login-service';
import { OneTimeTokens } from '../sessions/one-time-tokens';
import { RefreshTokenRotation } from '../sessions/refresh-rotation';
import { createSessionRegistry, longestSession } from '../sessions/registry/create-session-registry';
import { SecurityStamp } from '../sessions/security-stamp';
import { SessionCookies } from '../sessions/session-cookies';
import { SessionEnder } from '../sessions/session-ender';
import { SessionService } from '../sessions/session-service';
import { SlidingRenewal } from '../sessions/sliding-renewal';
import { TokenIssuer } from '../sessions/token-issuer';
import { LoaderResolver } from '../users/loader-resolver';
import { UserCache } from '../users/user-cache';
import { Events } from '../util/diagnostics';
import type { Settings } from './settings';
import { TestAccess } from './test-access';

export type Services<User> = ReturnType<typeof createServices<User>>;

/** Builds everything a manager consists of, once, in the order in which the parts depend on each other. */
export function createServices<User>(
  secret: Secret | RemoteSecret,
  settings: Settings<User>,
  manager: { readonly tokenUrl: string | null },
) {
  const events = new Events(manager);
  const { clock, scopesOf } = settings;
  const declaredScopes = settings.scopes?.names;
  const expandScopes = settings.scopes?.withImplied ?? ((scopes) => scopes);

  const verifiers = createVerifiers(secret, settings, events);
  const { keys, own: verifier, access: accessVerifier, ready } = verifiers;
  const { issuer: iss, audience } = verifiers.ownClaims;
  const issuer = new TokenIssuer(keys, { ...settings, issuer: iss, audience }, settings.defaultExpiry);

  const cookie = settings.cookie && new TokenCookie(settings.cookie);
  const refreshCookie = createRefreshCookie(settings);
  const extractor = new TokenExtractor(settings.useHeader, cookie, settings.tokenFrom);
  const originCheck = new OriginCheck(
    settings.trustedOrigins,
    settings.originCheck,
    settings.resource,
    (error, { request }) => events.publish('refused', () => ({ action: actionOf(request), code: error.code, error })),
  );

  const loader = new LoaderResolver(settings.userLoader, settings.userCache !== undefined);
  const userCache = settings.userCache && new UserCache(loader, settings.userCache, clock);
  const users = userCache ?? loader;

  const exceptions = new CustomExceptions({
    realm: settings.realm,
    resourceMetadata: settings.resource && resourceMetadataUrl(settings.resource),
    notAuthenticatedException: settings.notAuthenticatedException,
    outOfScopeException: settings.outOfScopeException,
  });
  const stamp = settings.securityStamp && new SecurityStamp(settings.securityStamp, loader, deriveKeys(keys, 'stamp'));
  const registry = createSessionRegistry(settings, (error) => events.publish('store-error', () => ({ error })));
  const logins = new LoginService({
    issuer,
    registry: registry?.sessions,
    revocations: registry?.revocations,
    stamp,
    clock,
    longestSession: registry || settings.slidingExpiry ? longestSession(settings) : undefined,
    isSliding: settings.slidingExpiry !== undefined,
    refreshExpiry: settings.refreshExpiry,
    keepsClientDetails: settings.keepClientDetails,
    events,
  });
  if (settings.slidingExpiry !== undefined) assertCanRenew(keys);
  const renewal =
    cookie && settings.slidingExpiry
      ? new SlidingRenewal({
          issuer,
          cookie,
          registry: registry?.sessions,
          stamp,
          scopeClaim: settings.scopeClaim,
          clock,
          slidingExpiry: settings.slidingExpiry,
        })
      : undefined;

  const authenticator = new Authenticator<User>({
    extractor,
    credentials: settings.credentials,
    originCheck,
    cacheControl: settings.cacheControl,
    verifier: accessVerifier,
    revocations: registry?.revocations,
    users: new UserResolver<User>({ users, stamp, scopesOf, expandScopes, exceptions }),
    renewal,
    exceptions,
    events,
  });
  const authorizer = new Authorizer(
    authenticator,
    exceptions,
    declaredScopes,
    events,
    clock,
    settings.context ? new RunningRequests<User>() : undefined,
  );
  const tokens = new TokenInspector(authenticator, exceptions, accessVerifier, registry?.revocations, expandScopes);

  const cookies = new SessionCookies({
    cookie,
    refreshCookie,
    originCheck,
    verifier,
    accessVerifier,
    logins,
    exceptions,
    clock,
    isSliding: settings.slidingExpiry !== undefined,
  });
  const rotation =
    registry &&
    new RefreshTokenRotation({
      issuer,
      registry: registry.sessions,
      succession: registry.succession,
      verifier,
      users: loader,
      stamp,
      scopesOf,
      expandScopes,
      clock,
      refreshExpiry: settings.refreshExpiry,
      events,
    });
  const caches = new CacheMessages(userCache, registry?.store);
  const sessions = new SessionService({
    stored: registry &&
      rotation && {
        ...registry,
        rotation,
        ender: new SessionEnder(registry, verifier, accessVerifier, extractor, cookie, refreshCookie),
      },
    logins,
    cookies,
    extractor,
    cookie,
    refreshCookie,
    originCheck,
    isSliding: settings.slidingExpiry !== undefined,
    caches,
    events,
  });
  const oneTimeTokens = new OneTimeTokens(issuer, verifier, registry?.revocations, deriveKeys(keys, 'one-time tokens'));

  const currentUserChecker = createCurrentUserChecker(authorizer);
  const servers = new Servers({
    authorizer: authorizer,
    rules: { defaultAccess: settings.defaultAccess, declaredScopes },
    authorizationChecker: createAuthorizationChecker(authorizer),
    currentUserChecker,
    findLoaderProblem: () => (acceptsTokens(settings) ? loader.findProblem() : undefined),
    loginUrls: { tokenUrl: manager.tokenUrl, refreshUrl: settings.refreshUrl },
  });
  const metadata: MetadataSource = {
    isRemote: isRemoteSecret(secret),
    tokenUrl: manager.tokenUrl,
    canRefresh: registry !== undefined,
    useHeader: settings.useHeader,
    scopes: declaredScopes ?? [],
    issuer: iss,
    issuerNames: verifiers.issuerNames,
    resource: settings.resource,
    publicKeys: keys.publicKeys.length > 0 ? () => createPublicJwks(keys) : undefined,
  };
  const parseTokenRequest = createTokenRequestParser(declaredScopes);
  const testing = new TestAccess({
    keys,
    createToken: (request) => logins.accessToken(parseTokenRequest(request, 'createAccessToken')),
    scopeClaim: settings.scopeClaim,
    useHeader: settings.useHeader,
    cookieName: settings.cookie?.name,
    loader,
    userCache,
    servers,
  });
  return {
    authorizer,
    caches,
    cookies,
    currentUserChecker,
    keys,
    loader,
    logins,
    metadata,
    oneTimeTokens,
    originCheck,
    parseTokenRequest,
    ready,
    servers,
    sessions,
    testing,
    tokens,
  };
}

/** @throws {@link ConfigurationError} for a manager that only verifies. */
function assertCanRenew({ signer }: KeySet): void {
  if (signer) return;
  throw invalidKey(
    'slidingExpiry renews cookies with new tokens, and this manager only verifies; give it a key that signs, or leave slidingExpiry out',
  );
}

/** Without tokens no user is loaded by the subject of one. */
function acceptsTokens<User>({ useHeader, cookie, tokenFrom }: Settings<User>): boolean {
  return useHeader || cookie !== undefined || tokenFrom !== undefined;
}
