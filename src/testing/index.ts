export {
  type ContractCase,
  type ContractOptions,
  type CreateStore,
  revocationStoreContract,
} from './revocation-store-contract';
