import { LoginManager } from 'routing-controllers-login';
import { ContainerInstance } from 'typedi';
import { createLoginManager } from './accounts/login-manager';
import type { Config } from './config';
import { Database } from './database';
import { RedisRevocations, Revocations } from './sessions/revocations';
import { SqliteSessionStore } from './sessions/sqlite-session-store';

/** A container with what cannot be built from classes alone; typedi makes the rest when it is asked for. */
export function createServices({
  database,
  redisUrl,
  secret,
}: Pick<Config, 'database' | 'redisUrl' | 'secret'>): ContainerInstance {
  const db = new Database(database);
  const revocations = redisUrl ? RedisRevocations.at(redisUrl) : new Revocations(new SqliteSessionStore(db));
  return new ContainerInstance('notes')
    .set(Database, db)
    .set(Revocations, revocations)
    .set(LoginManager, createLoginManager(secret, revocations.store));
}

/** Lets go of what is open. */
export async function closeServices(services: ContainerInstance): Promise<void> {
  await services.get(Revocations).close();
  services.get(Database).close();
}
