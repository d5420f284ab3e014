import { assertProfile } from '../jwt/claims/token-profile';
import { invalidIssuer } from '../jwt/issuers/invalid-issuer';
import { Issuer } from '../jwt/issuers/issuer';
import type { Issuers, RemoteSecret } from '../jwt/issuers/issuer-options';
import { IssuersVerifier } from '../jwt/issuers/issuers-verifier';
import { KeySetSource } from '../jwt/issuers/key-set-source';
import { type CommonRules, type IssuerSettings, isRemoteSecret, parseRemoteSecret } from '../jwt/issuers/parse-issuer';
import { RemoteKeySet } from '../jwt/issuers/remote-key-set';
import { parseIssuers } from '../jwt/issuers/trusted-issuers';
import { KeySet, NO_KEYS } from '../jwt/keys/key-set';
import type { Secret } from '../jwt/keys/secret';
import { type AccessTokenVerifier, TokenVerifier, type VerifyOptions } from '../jwt/token-verifier';
import { VerifiedTokenCache } from '../jwt/verified-token-cache';
import type { CacheLimits } from '../util/cache-limits';
import type { Events } from '../util/diagnostics';
import { Introspection } from './introspection';

/** The options of a manager that decide which tokens it accepts. */
export type VerifierSettings = VerifyOptions &
  CommonRules & {
    readonly issuers: Issuers;
    /** Undefined if the cache is disabled. */
    readonly verifiedTokenCache: CacheLimits | undefined;
  };

/** What verifies a manager's tokens. */
export interface Verifiers {
  /** The manager's own keys; none if they are fetched. */
  readonly keys: KeySet;
  /** Verifies the tokens that the manager itself makes. */
  readonly own: TokenVerifier;
  /** What those tokens say: of a manager whose keys are fetched, what its issuer's tokens say. */
  readonly ownClaims: Pick<CommonRules, 'issuer' | 'audience'>;
  /** The issuers that are known before the first token, the manager itself first. */
  readonly issuerNames: readonly string[];
  /** Verifies access tokens, of whichever issuer. */
  readonly access: AccessTokenVerifier;
  /** Fetches what is needed before the first request. @throws `ServiceUnavailableError` if that fails. */
  ready(): Promise<void>;
}

/**
 * Creates what verifies the tokens of a manager.
 *
 * @throws {@link ConfigurationError} for keys and issuers that cannot work.
 */
export function createVerifiers(secret: Secret | RemoteSecret, settings: VerifierSettings, events: Events): Verifiers {
  const isRemote = isRemoteSecret(secret);
  if (!isRemote) assertProfile(settings);
  const keys = new KeySet(isRemote ? NO_KEYS : secret, settings.algorithms ?? ['HS256']);
  const createCache = () => settings.verifiedTokenCache && new VerifiedTokenCache(settings.verifiedTokenCache);
  const cache = createCache();
  const onError = (error: Error) => events.publish('issuer-error', () => ({ error }));
  const create = (issuer: IssuerSettings, isForeign: boolean) => {
    const keySet = new RemoteKeySet(new KeySetSource(issuer), settings.clock, onError);
    return new Issuer(issuer, keySet, isForeign);
  };
  const issuers = parseIssuers(settings.issuers, settings, (issuer) => create(issuer, true));
  const main = isRemote ? create(parseRemoteSecret(secret, settings), false) : undefined;
  const fetched = main ? [main, ...issuers.all] : issuers.all;
  const ownClaims = main?.settings.rules ?? settings;
  const own = new TokenVerifier(keys, { ...settings, issuer: ownClaims.issuer, audience: ownClaims.audience }, cache);
  const ownName = ownClaims.issuer;
  const issuerNames = [ownName, ...issuers.all.map((issuer) => issuer.settings.issuer)].filter(
    (name) => name !== undefined,
  );
  if (issuers.all.some((issuer) => issuer.settings.issuer === ownName))
    throw invalidIssuer('issuers names the manager itself, whose tokens its own secret verifies; remove it');
  if (!main && settings.issuers.length === 0 && Array.isArray(settings.issuers))
    return { keys, own, ownClaims, issuerNames, access: own, ready: async () => undefined };
  const introspecting = fetched.filter((issuer) => issuer.settings.introspection);
  if (introspecting.length > 1)
    throw invalidIssuer(
      'Two issuers have introspection, and an opaque token does not say whose it is; leave it to one',
    );
  const opaque = introspecting.map(
    ({ settings: issuer }) =>
      new Introspection({
        // biome-ignore lint/style/noNonNullAssertion: filtered by it
        endpoint: issuer.introspection!,
        issuer,
        isForeign: issuer !== main?.settings,
        rules: settings,
        cache: createCache(),
        onError,
      }),
  )[0];
  return {
    keys,
    own,
    ownClaims,
    issuerNames,
    access: new IssuersVerifier({ keys, own, main, ownName, issuers, opaque, cache }, settings),
    ready: async () => {
      await Promise.all(fetched.map((issuer) => issuer.ready(settings.clock())));
    },
  };
}
