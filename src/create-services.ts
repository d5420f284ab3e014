import { Authenticator } from './authentication/authenticator';
import { Gate } from './authorization/authorizer';
import { TokenLogin } from './authorization/token-inspector';
import { CustomExceptions } from './errors/custom-exceptions';
import { OriginRule } from './http/origin-check';
import { createRefreshCookie, TokenCookie } from './http/token-cookie';
import { TokenSource } from './http/token-extractor';
import { KeyRing } from './jwt/keys/key-set';
import type { Secret } from './jwt/keys/secret';
import { TokenVerifier } from './jwt/token-verifier';
import { VerifiedTokens } from './jwt/verified-token-cache';
import { authorizationCheckerOf, currentUserCheckerOf } from './routing-controllers/checkers';
import { Servers } from './routing-controllers/servers';
import { Rotation } from './sessions/refresh-rotation';
import { createRevocations } from './sessions/revocations';
import { CookieLogin } from './sessions/session-cookies';
import { SessionLogin } from './sessions/session-service';
import { TokenIssuer } from './sessions/token-issuer';
import type { Settings } from './settings';
import { LoaderSlot } from './users/loader-resolver';
import { UserCache } from './users/user-cache';

export type Services<User> = ReturnType<typeof createServices<User>>;

/** Builds everything a manager consists of, once, in the order in which the parts depend on each other. */
export function createServices<User>(secret: Secret, settings: Settings<User>) {
  const { clock, scopesOf, trustedOrigins, refreshExpiry } = settings;
  const declaredScopes = settings.scopes && Object.keys(settings.scopes);

  const keys = new KeyRing(secret, settings.algorithm);
  const verifier = new TokenVerifier(
    keys,
    settings,
    settings.verifiedTokenCache && new VerifiedTokens(settings.verifiedTokenCache),
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
  const source = new TokenSource(settings.useHeader, cookie);
  const originRule = new OriginRule(trustedOrigins);

  const loader = new LoaderSlot(settings.userLoader, settings.userCache !== undefined);
  const users = settings.userCache && new UserCache(loader, settings.userCache, clock);

  const exceptions = new CustomExceptions(settings);
  const authenticator = new Authenticator<User>({
    source,
    originRule,
    verifier,
    revocations,
    users: users ?? loader,
    scopesOf,
  });
  const authorizer = new Gate(authenticator, exceptions, declaredScopes);
  const tokens = new TokenLogin(authenticator, exceptions, verifier, revocations);

  const cookies = new CookieLogin({ cookie, refreshCookie, originRule, verifier, exceptions, clock });
  const rotation = revocations && new Rotation({ issuer, revocations, verifier, users: loader, clock });
  const sessions = new SessionLogin({
    revocations,
    rotation,
    verifier,
    source,
    refreshCookie,
    originRule,
    refreshExpiry,
  });

  const currentUserChecker = currentUserCheckerOf(authorizer);
  const servers = new Servers({
    gate: authorizer,
    rules: { defaultAccess: settings.defaultAccess, declaredScopes },
    authorizationChecker: authorizationCheckerOf(authorizer),
    currentUserChecker,
    loaderFault: () => loader.fault(),
  });
  return { authorizer, cookies, currentUserChecker, issuer, loader, servers, sessions, tokens, users };
}
