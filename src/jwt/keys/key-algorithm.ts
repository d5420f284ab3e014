import type { KeyObject } from 'node:crypto';
import { ConfigurationError } from '../../errors/configuration-error';
import { type Algorithm, algorithms, curves, isHmac } from './algorithm';
import { invalidKey } from './invalid-key';

/**
 * Returns the one algorithm a key is used with.
 *
 * @param allowed - The algorithms of the manager.
 * @param named - The `alg` of the JWK (RFC 7517 §4.4).
 * @throws {@link ConfigurationError} if the key fits none of them, or several: then a key would verify two kinds of
 * signature (RFC 8725 §3.1).
 */
export function chooseAlgorithm(key: KeyObject, allowed: readonly Algorithm[], named?: string): Algorithm {
  const fitting = allowed.filter((algorithm) => fits(key, algorithm) && (named === undefined || named === algorithm));
  const [algorithm] = fitting;
  if (!algorithm) throw doesNotFit(key, allowed);
  if (fitting.length === 1) return algorithm;
  throw invalidKey(
    `A ${describeKey(key)} fits ${fitting.join(' and ')}, and one key must not verify two algorithms; leave one algorithm, or pass the key as a JWK with its alg`,
  );
}

/** Whether a key can be used with an algorithm. */
function fits(key: KeyObject, algorithm: Algorithm): boolean {
  if (isHmac(algorithm)) return key.type === 'secret';
  if (algorithm === 'EdDSA') return key.asymmetricKeyType === 'ed25519';
  const curve = curves[algorithm];
  if (curve === undefined) return key.asymmetricKeyType === 'rsa';
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === curve;
}

function doesNotFit(key: KeyObject, allowed: readonly Algorithm[]): ConfigurationError {
  const others = algorithms.filter((algorithm) => fits(key, algorithm));
  const advice = [...new Set(allowed.map(describeNeed))].join(', or ');
  const alternative = others.length > 0 ? `, or set algorithm to ${others.join(', ')}` : '';
  return invalidKey(`A ${describeKey(key)} does not fit ${allowed.join(' or ')}; pass ${advice}${alternative}`);
}

function describeKey(key: KeyObject): string {
  if (key.type === 'secret') return 'symmetric key';
  const { namedCurve } = key.asymmetricKeyDetails ?? {};
  return `${key.type} key of type ${key.asymmetricKeyType}${namedCurve === undefined ? '' : ` on the curve ${namedCurve}`}`;
}

/** No JWK can hold an RSASSA-PSS key, so PS algorithms use an ordinary RSA key too. */
function describeNeed(algorithm: Algorithm): string {
  if (isHmac(algorithm)) return 'an HMAC secret';
  if (algorithm === 'EdDSA') return 'an Ed25519 key';
  const curve = curves[algorithm];
  return curve === undefined ? 'an RSA key (rsaEncryption, not RSASSA-PSS)' : `an EC key on the curve ${curve}`;
}
