import { parseDuration } from '../../util/duration';
import { copyOwnProperties } from '../../util/own-properties';
import { assertKnownKeys, parseString } from '../../util/validate';
import { type ClaimOptions, parseAudience } from '../claims/claims';
import { assertProfile } from '../claims/token-profile';
import { type Algorithm, isHmac, parseAlgorithms } from '../keys/algorithm';
import type { TokenRules } from '../verify-token';
import { invalidIssuer } from './invalid-issuer';
import type { IntrospectionOptions, IssuerOptions, RemoteSecret } from './issuer-options';
import { parseSecureUrl } from './secure-url';

/** Those that providers sign with. */
const DEFAULT_ALGORITHMS: readonly Algorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

const OPTION_NAMES = ['issuer', 'audience', 'jwksUri', 'algorithms', 'timeout', 'introspection'];

/** The parsed options of an issuer. */
export interface IssuerSettings {
  /** Undefined for keys that are for tokens of any issuer. */
  readonly issuer: string | undefined;
  readonly jwksUri: string | undefined;
  readonly algorithms: readonly Algorithm[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly rules: TokenRules;
  readonly introspection: Readonly<IntrospectionOptions> | undefined;
}

/** What the options of a manager say about all tokens. */
export type CommonRules = Pick<ClaimOptions, 'issuer' | 'audience' | 'tokenProfile'> & {
  /** The option `algorithm`; undefined if it is not given. */
  readonly algorithms: readonly Algorithm[] | undefined;
};

/** Whether a secret says where to fetch keys. */
export function isRemoteSecret(secret: unknown): secret is RemoteSecret {
  if (typeof secret !== 'object' || secret === null || Array.isArray(secret)) return false;
  return Object.hasOwn(secret, 'issuer') || Object.hasOwn(secret, 'jwksUri');
}

/** Parses a secret that says where to fetch keys. @throws {@link ConfigurationError} for one that cannot work. */
export function parseRemoteSecret(secret: RemoteSecret, common: CommonRules): IssuerSettings {
  const { issuer = common.issuer } = secret;
  if (common.issuer !== undefined && issuer !== common.issuer)
    throw invalidIssuer('The secret { issuer } and the option issuer name different issuers; omit the option');
  if (secret.issuer !== undefined)
    return parseIssuer({ algorithms: common.algorithms as readonly Algorithm[], ...secret }, common);
  return parse({ algorithms: common.algorithms, ...secret, issuer }, common, 'The secret { jwksUri }');
}

/** Parses the options of one issuer. @throws {@link ConfigurationError} for options that cannot work. */
export function parseIssuer(given: IssuerOptions, common: CommonRules): IssuerSettings {
  if (typeof given !== 'object' || given === null)
    throw invalidIssuer("An issuer must be an object such as { issuer: 'https://login.example.com' }");
  const options = copyOwnProperties(given);
  const issuer = parseString(options.issuer, 'issuer');
  if (issuer === undefined) throw invalidIssuer('An issuer has no issuer; set it to the iss of its tokens');
  if (options.audience === undefined && common.audience === undefined)
    throw invalidIssuer(
      `The issuer ${issuer} has no audience, and its tokens may be meant for another API; set audience to the name of this API at the issuer, or to null if its tokens have no aud`,
    );
  if (options.jwksUri === undefined && /[?#]/.test(parseSecureUrl(issuer, 'issuer')))
    throw invalidIssuer('issuer must have no query and no fragment (RFC 8414 §2); remove them');
  return parse(options, common, `The issuer ${issuer}`);
}

function parse(
  given: { [Name in keyof IssuerOptions]?: IssuerOptions[Name] | undefined },
  common: CommonRules,
  owner: string,
): IssuerSettings {
  const options = copyOwnProperties(given);
  assertKnownKeys(options, OPTION_NAMES, owner);
  const { issuer, audience = common.audience, timeout = '5s' } = options;
  const rules: TokenRules = {
    issuer,
    audience: parseAudience(audience ?? undefined),
    tokenProfile: common.tokenProfile,
  };
  assertProfile(rules);
  return Object.freeze({
    issuer,
    jwksUri: options.jwksUri === undefined ? undefined : parseSecureUrl(options.jwksUri, 'jwksUri'),
    algorithms: parsePublicAlgorithms(options.algorithms),
    timeout: parseDuration(timeout, 'timeout') * 1000,
    rules,
    introspection: options.introspection === undefined ? undefined : parseIntrospection(options.introspection),
  });
}

/** A public key is no secret, so that it must never verify an HMAC. */
function parsePublicAlgorithms(names: readonly Algorithm[] = DEFAULT_ALGORITHMS): readonly Algorithm[] {
  const algorithms = parseAlgorithms(names);
  if (!algorithms.some(isHmac)) return algorithms;
  throw invalidIssuer(
    'An HS algorithm has no public keys that could be fetched; remove it, or pass the shared secret itself',
  );
}

function parseIntrospection(given: IntrospectionOptions): Readonly<IntrospectionOptions> {
  const options = copyOwnProperties(given);
  if (typeof options !== 'object' || options === null)
    throw invalidIssuer('introspection must be an object: { url, clientId, clientSecret }');
  assertKnownKeys(options, ['url', 'clientId', 'clientSecret'], 'introspection');
  const clientId = parseString(options.clientId, 'introspection.clientId');
  const clientSecret = parseString(options.clientSecret, 'introspection.clientSecret');
  if (clientId === undefined || clientSecret === undefined)
    throw invalidIssuer('introspection needs clientId and clientSecret: endpoints answer only to clients');
  return Object.freeze({ url: parseSecureUrl(options.url, 'introspection.url'), clientId, clientSecret });
}
