/**
 * Helpers for tests, for any test runner.
 *
 * @module routing-controllers-login/testing
 */

export type { LoginAsOptions } from '../manager/test-access';
export { type AccessMatrixOptions, type AccessRow, accessMatrix } from './access-matrix';
export { loginAs } from './login-as';
export { replaceLoader } from './replace-loader';
export {
  type ContractCase,
  type ContractOptions,
  type CreateStore,
  sessionStoreContract,
} from './session-store-contract';
export { type TestIssuer, type TestIssuerOptions, type TestTokenClaims, testIssuer } from './test-issuer';
