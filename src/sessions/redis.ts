export type { IoRedisClient, NodeRedisClient } from './sessions/stores/redis-client';
export {
  type RedisClient,
  RedisSessionStore,
  type RedisSessionStoreOptions,
} from './sessions/stores/redis-session-store';
