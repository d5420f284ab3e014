export { type ContractCase, revocationStoreContract } from './revocation-store-contract';
