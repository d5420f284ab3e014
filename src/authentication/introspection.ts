import { createHash } from 'node:crypto';
import { ServiceUnavailableError } from '../errors/service-unavailable-error';
import { acceptPayload, type PayloadRules } from '../jwt/claims/accept-payload';
import { findClaimProblem } from '../jwt/claims/claims';
import { checkTimes } from '../jwt/claims/times';
import { MAX_TOKEN_LENGTH } from '../jwt/compact-jws';
import { fetchJson, UnusableAnswer } from '../jwt/issuers/fetch-json';
import { markForeign } from '../jwt/issuers/foreign-issuer';
import type { IntrospectionOptions } from '../jwt/issuers/issuer-options';
import type { OpaqueTokenVerifier } from '../jwt/issuers/issuers-verifier';
import type { IssuerSettings } from '../jwt/issuers/parse-issuer';
import type { TokenPayload } from '../jwt/token-payload';
import { invalid, type VerificationResult } from '../jwt/verification-result';
import type { VerifiedTokenCache } from '../jwt/verified-token-cache';
import { CircuitBreaker } from '../util/circuit-breaker';
import type { Clock } from '../util/clock';
import type { MaybePromise } from '../util/maybe-promise';

/** For how long an answer without `exp` counts, in seconds; then the issuer is asked again. */
const UNKNOWN_EXPIRY = 60;

/** What opaque tokens of an issuer are verified with. */
export interface IntrospectionParts {
  readonly endpoint: Readonly<IntrospectionOptions>;
  readonly issuer: IssuerSettings;
  /** Whether its subjects are others than the manager's. */
  readonly isForeign: boolean;
  readonly rules: PayloadRules & { readonly clock: Clock };
  /** Of this issuer's opaque tokens alone, by their hash; undefined if each is asked for each time. */
  readonly cache: VerifiedTokenCache | undefined;
  readonly onError: (error: Error) => void;
}

/** Verifies opaque tokens by asking their issuer (RFC 7662). Active ones are remembered by a hash; others are not. */
export class Introspection implements OpaqueTokenVerifier {
  private readonly pending = new Map<string, Promise<VerificationResult>>();
  private readonly breaker = new CircuitBreaker('The introspection endpoint');
  /** Cached results whose `exp` is not the issuer's. */
  private readonly provisional = new WeakSet<VerificationResult>();

  constructor(private readonly parts: IntrospectionParts) {}

  /** Verifies a token: at once if it is remembered. @throws {@link ServiceUnavailableError} if the issuer does not answer. */
  verify(token: string): MaybePromise<VerificationResult> {
    if (token.length > MAX_TOKEN_LENGTH || !/^[\w.~+/-]+=*$/.test(token)) return invalid('malformed');
    const { cache, rules } = this.parts;
    const now = rules.clock();
    const hash = createHash('sha256').update(token).digest('base64url');
    const cached = cache?.get(hash, now);
    const failure = cached && checkTimes(cached.times, now, rules);
    if (cached && !(failure && this.provisional.has(cached))) return failure ?? cached;
    return this.pending.get(hash) ?? this.start(hash, token);
  }

  /** Concurrent requests with one token ask once. */
  private start(hash: string, token: string): Promise<VerificationResult> {
    const result = this.ask(hash, token).finally(() => this.pending.delete(hash));
    this.pending.set(hash, result);
    return result;
  }

  private async ask(hash: string, token: string): Promise<VerificationResult> {
    const { cache, rules } = this.parts;
    const answer = await this.introspect(token);
    const isProvisional = answer.exp === undefined;
    const now = rules.clock();
    const payload = this.readAnswer(answer, now);
    if (typeof payload === 'string') return invalid(payload);
    const verified = acceptPayload(payload, now, rules);
    if (isProvisional) this.provisional.add(verified);
    if (verified.payload !== undefined) cache?.add(hash, verified, now);
    return verified;
  }

  private async introspect(token: string): Promise<Record<string, unknown>> {
    const { endpoint, issuer, onError } = this.parts;
    const reason = this.breaker.tryEnter();
    if (reason) throw new ServiceUnavailableError(undefined, { cause: reason });
    try {
      const { body } = await fetchJson(endpoint.url, issuer.timeout, {
        method: 'POST',
        headers: {
          Authorization: basicCredentials(endpoint),
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
      });
      this.breaker.succeeded();
      return body;
    } catch (cause) {
      // An answer that cannot be used may be about one token alone, and anybody can send such a token.
      if (cause instanceof UnusableAnswer) this.breaker.succeeded();
      else this.breaker.failed();
      const error = new Error(`The introspection endpoint of ${issuer.issuer ?? endpoint.url} failed`, { cause });
      onError(error);
      throw new ServiceUnavailableError(undefined, { cause: error });
    }
  }

  /**
   * Returns the claims of an active token, or why it is refused. What the answer leaves out, the issuer has decided
   * (RFC 7662 §4); what it says must fit. A token without `sub` is of its client itself (RFC 9068 §2.2).
   */
  private readAnswer(claims: Record<string, unknown>, now: number): TokenPayload | string {
    if (claims.active !== true) return 'introspection: the token is not active';
    const { token_type: type, client_id: client } = claims;
    if (type !== undefined && String(type).toLowerCase() !== 'bearer') return 'introspection: not a bearer token';
    const { rules, issuer } = this.parts.issuer;
    if (claims.sub === undefined) claims.sub = client;
    if (claims.iss === undefined && issuer !== undefined) claims.iss = issuer;
    if (claims.exp === undefined) claims.exp = Math.floor(now / 1000) + UNKNOWN_EXPIRY;
    const audience = claims.aud === undefined ? undefined : rules.audience;
    const problem = findClaimProblem(claims, { issuer, audience });
    if (problem !== undefined) return problem;
    if (this.parts.isForeign && issuer !== undefined) markForeign(claims as TokenPayload, issuer);
    return claims as TokenPayload;
  }
}

/** The id and the secret are form-encoded before they are joined (RFC 6749 §2.3.1). */
function basicCredentials({ clientId, clientSecret }: IntrospectionOptions): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
}
