export {
  type RedisClient,
  RedisRevocationStore,
  type RedisRevocationStoreOptions,
} from './sessions/redis-revocation-store';
