import { callOption } from '../../errors/application-error';
import { ConfigurationError } from '../../errors/configuration-error';
import { isPromiseLike } from '../../util/maybe-promise';
import type { TokenPayload } from '../token-payload';

/**
 * Calls the option `acceptClaims`.
 *
 * @throws {@link ConfigurationError} for an answer that is not a boolean. An error that the function throws is thrown;
 * anything else it throws is the `cause` of an error.
 */
export function areClaimsAccepted(accept: (payload: TokenPayload) => boolean, payload: TokenPayload): boolean {
  const answer: unknown = callOption('acceptClaims', () => accept(payload));
  if (typeof answer === 'boolean') return answer;
  if (isPromiseLike(answer)) answer.then(undefined, () => {}); // an unhandled rejection would end the process
  throw new ConfigurationError('acceptClaims did not return a boolean; return true or false, not a promise');
}
