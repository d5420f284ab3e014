import { LoginManager } from 'routing-controllers-login';
import { ContainerInstance } from 'typedi';
import { Attempts } from './accounts/attempts';
import { createLoginManager } from './accounts/login-manager';
import type { Config } from './config';
import { Database } from './database';
import { Mailer } from './mail/mailer';
import { RedisSessionStorage, SessionStorage } from './sessions/session-storage';
import { SqliteSessionStore } from './sessions/sqlite-session-store';

type ServicesConfig = Pick<Config, 'database' | 'redisUrl' | 'secret' | 'publicUrl' | 'attemptsPerMinute'>;

/**
 * Creates the container with the services that need the configuration; typedi creates the others when they are needed.
 *
 * @param clock - For tests.
 */
export function createServices(config: ServicesConfig, clock: () => number = Date.now): ContainerInstance {
  const db = new Database(config.database);
  const storage = config.redisUrl
    ? RedisSessionStorage.at(config.redisUrl)
    : new SessionStorage(new SqliteSessionStore(db));
  return new ContainerInstance('notes')
    .set(Database, db)
    .set(SessionStorage, storage)
    .set(LoginManager, createLoginManager(config.secret, storage.store, clock))
    .set(Attempts, new Attempts(config.attemptsPerMinute))
    .set(Mailer, new Mailer(config.publicUrl));
}

/** Closes the connections. */
export async function closeServices(services: ContainerInstance): Promise<void> {
  await services.get(SessionStorage).close();
  services.get(Database).close();
}
