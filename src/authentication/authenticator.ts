import type { Action } from 'routing-controllers';
import { withoutTrace } from '../errors/auth-error';
import { ConfigurationError } from '../errors/configuration-error';
import { CrossOriginError } from '../errors/cross-origin-error';
import { type NotAuthenticatedCode, NotAuthenticatedError } from '../errors/not-authenticated-error';
import { Slot } from '../http/context-key';
import type { OriginRule } from '../http/origin-check';
import type { Exchange } from '../http/request-context';
import type { TokenSource } from '../http/token-extractor';
import type { TokenPayload } from '../jwt/token-payload';
import type { TokenVerifier } from '../jwt/token-verifier';
import type { VerifiedToken } from '../jwt/verify-token';
import type { Revocations } from '../sessions/revocations';
import type { UserSource } from '../users/dependency';
import { type Eventually, isPromiseLike, type MaybePromise, whenReady } from '../util/maybe-promise';
import type { Outcome } from './authentication';

/** What a manager puts together so that a request can be authenticated. */
export interface AuthenticatorParts<User> {
  readonly source: TokenSource;
  readonly originRule: OriginRule;
  readonly verifier: TokenVerifier;
  /** Undefined where tokens cannot be taken back. */
  readonly revocations: Revocations | undefined;
  readonly users: UserSource;
  readonly scopesOf: ((user: User, payload: TokenPayload) => MaybePromise<readonly string[]>) | undefined;
}

/** What came of a request. */
interface Attempt<User> {
  /** A good token was in the cookie, so that it matters which page sent the request. */
  readonly byCookie: boolean;
  readonly outcome: Eventually<Outcome<User>>;
}

/**
 * Establishes the user: find the token, verify it, see where the request comes from and whether the token was taken
 * back, load the user. What goes wrong with the token is an outcome; what goes wrong in the application's own functions
 * is thrown, and is its own error.
 */
export class Authenticator<User> {
  private readonly attempts = new Slot<Attempt<User>>();

  constructor(private readonly parts: AuthenticatorParts<User>) {}

  /**
   * A request is authenticated once, whoever asks; a failure is remembered too. Where it comes from is asked each time,
   * because a middleware may have changed its method since.
   */
  ofRequest(exchange: Exchange, action: Action): Eventually<Outcome<User>> {
    const known = this.attempts.get(exchange);
    if (known) return known.byCookie && this.parts.originRule.refuses(exchange) ? foreign() : known.outcome;
    const attempt = this.attempt(exchange, action);
    this.attempts.set(exchange, attempt);
    return attempt.outcome;
  }

  private attempt(exchange: Exchange, action: Action): Attempt<User> {
    const presented = this.parts.source.read(exchange);
    if (!presented) return { byCookie: false, outcome: refused('token_missing') };
    const verification = this.parts.verifier.verify(presented.token);
    if (!verification.payload) return { byCookie: false, outcome: refused(verification.fault) };
    const byCookie = presented.inCookie;
    if (byCookie && this.parts.originRule.refuses(exchange)) return { byCookie, outcome: foreign() };
    return { byCookie, outcome: this.tryToAdmit(presented.token, verification, action) };
  }

  /** What the application's functions throw at once is a rejection too, so that it can be remembered. */
  private tryToAdmit(token: string, verified: VerifiedToken, action: Action): Eventually<Outcome<User>> {
    try {
      return this.admit(token, verified, action);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  ofToken(token: string, action?: Action): Eventually<Outcome<User>> {
    const verification = this.parts.verifier.verify(token);
    return verification.payload ? this.admit(token, verification, action) : refused(verification.fault);
  }

  private admit(token: string, verified: VerifiedToken, action: Action | undefined): Eventually<Outcome<User>> {
    if (!this.parts.revocations) return this.load(token, verified, action);
    return this.parts.revocations.standingOf(token, verified.payload).then((revoked) => {
      return revoked.token || revoked.session ? refused('token_revoked') : this.load(token, verified, action);
    });
  }

  private load(token: string, verified: VerifiedToken, action: Action | undefined): Eventually<Outcome<User>> {
    const user = this.parts.users.load({ action, payload: verified.payload });
    if (isPromiseLike(user)) return Promise.resolve(user).then((one) => this.establish(one, token, verified));
    return this.establish(user, token, verified);
  }

  private establish(user: unknown, token: string, verified: VerifiedToken): Eventually<Outcome<User>> {
    if (!user) return refused('user_unknown');
    const { payload, scopes } = verified;
    if (!this.parts.scopesOf) return { authentication: { user: user as User, token, payload, scopes } };
    return whenReady(this.parts.scopesOf(user as User, payload), (own) => ({
      authentication: { user: user as User, token, payload, scopes: checkScopes(own) },
    }));
  }
}

function checkScopes(scopes: readonly string[]): readonly string[] {
  if (Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string')) return scopes;
  throw new ConfigurationError('scopesOf must return a list of scopes (text)');
}

function foreign(): { refusal: CrossOriginError } {
  return { refusal: withoutTrace(() => new CrossOriginError()) };
}

/** A refusal needs no trace, and to take one is most of what a refusal costs. */
function refused(code: NotAuthenticatedCode): { refusal: NotAuthenticatedError } {
  return { refusal: withoutTrace(() => new NotAuthenticatedError(undefined, { code })) };
}
