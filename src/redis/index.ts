export { type RedisClient, RedisRevocationStore, type RedisRevocationStoreOptions } from './redis-revocation-store';
