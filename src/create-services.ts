import { Authenticator } from './authentication/authenticator';
import { Authorizer } from './authorization/authorizer';
import { RefreshGrants } from './authorization/refresh-grants';
import { TokenInspector } from './authorization/token-inspector';
import { CustomExceptions } from './errors/custom-exceptions';
import { OriginCheck } from './http/origin-check';
import { createRefreshCookie, TokenCookie } from './http/token-cookie';
import { TokenExtractor } from './http/token-extractor';
import { KeySet } from './jwt/keys/key-set';
import type { Secret } from './jwt/keys/secret';
import { assertProfile } from './jwt/token-profile';
import { createTokenRequestParser } from './jwt/token-request';
import { TokenVerifier } from './jwt/token-verifier';
import { VerifiedTokenCache } from './jwt/verified-token-cache';
import { createAuthorizationChecker, createCurrentUserChecker } from './routing-controllers/checkers';
import { Servers } from './routing-controllers/servers';
import { RefreshTokenRotation } from './sessions/refresh-rotation';
import { createRevocations } from './sessions/revocations';
import { SessionCookies } from './sessions/session-cookies';
import { SessionService } from './sessions/session-service';
import { TokenIssuer } from './sessions/token-issuer';
import type { Settings } from './settings';
import { LoaderResolver } from './users/loader-resolver';
import { UserCache } from './users/user-cache';
import { Events } from './util/diagnostics';

export type Services<User> = ReturnType<typeof createServices<User>>;

/** Builds everything a manager consists of, once, in the order in which the parts depend on each other. */
export function createServices<User>(secret: Secret, settings: Settings<User>, manager: object) {
  const events = new Events(manager);
  const { clock, scopesOf, refreshExpiry } = settings;
  const declaredScopes = settings.scopes && Object.keys(settings.scopes);

  assertProfile(settings);
  const keys = new KeySet(secret, settings.algorithms);
  const verifier = new TokenVerifier(
    keys,
    settings,
    settings.verifiedTokenCache && new VerifiedTokenCache(settings.verifiedTokenCache),
  );
  const revocations = createRevocations(settings);
  const issuer = new TokenIssuer(
    keys,
    settings,
    settings.defaultExpiry,
    revocations && { loginTime: () => revocations.loginTime(), lifetime: refreshExpiry },
  );

  const cookie = settings.cookie && new TokenCookie(settings.cookie);
  const refreshCookie = createRefreshCookie(settings);
  const source = new TokenExtractor(settings.useHeader, cookie, settings.tokenFrom);
  const originRule = new OriginCheck(settings.trustedOrigins, settings.originCheck);

  const loader = new LoaderResolver(settings.userLoader, settings.userCache !== undefined);
  const users = settings.userCache && new UserCache(loader, settings.userCache, clock);

  const exceptions = new CustomExceptions(settings);
  const authenticator = new Authenticator<User>({
    extractor: source,
    originCheck: originRule,
    cacheControl: settings.cacheControl,
    verifier,
    revocations,
    users: users ?? loader,
    scopesOf,
    exceptions,
    events,
  });
  const authorizer = new Authorizer(authenticator, exceptions, declaredScopes, events);
  const tokens = new TokenInspector(authenticator, exceptions, verifier, revocations);

  const cookies = new SessionCookies({ cookie, refreshCookie, originCheck: originRule, verifier, exceptions, clock });
  const rotation = revocations && new RefreshTokenRotation({ issuer, revocations, verifier, users: loader, clock });
  const refreshGrants = new RefreshGrants<User>(verifier, loader, refreshCookie);
  const sessions = new SessionService({
    revocations,
    rotation,
    verifier,
    userCache: users,
    extractor: source,
    refreshCookie,
    originCheck: originRule,
    refreshExpiry,
  });

  const currentUserChecker = createCurrentUserChecker(authorizer);
  const servers = new Servers({
    authorizer: authorizer,
    rules: { defaultAccess: settings.defaultAccess, declaredScopes },
    authorizationChecker: createAuthorizationChecker(authorizer),
    currentUserChecker,
    findLoaderProblem: () => loader.findProblem(),
  });
  const parseTokenRequest = createTokenRequestParser(declaredScopes);
  return {
    authorizer,
    cookies,
    currentUserChecker,
    issuer,
    loader,
    originCheck: originRule,
    parseTokenRequest,
    refreshGrants,
    servers,
    sessions,
    tokens,
    users,
  };
}
