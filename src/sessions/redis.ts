/**
 * The session store in Redis.
 *
 * @module routing-controllers-login/redis
 */

export type { IoRedisClient, NodeRedisClient } from './stores/redis-client';
export {
  type RedisClient,
  RedisSessionStore,
  type RedisSessionStoreOptions,
} from './stores/redis-session-store';
