export {
  type ContractCase,
  type ContractOptions,
  type CreateStore,
  sessionStoreContract,
} from './session-store-contract';
