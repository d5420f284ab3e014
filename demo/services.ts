import { LoginManager } from 'routing-controllers-login';
import { ContainerInstance } from 'typedi';
import { createLoginManager } from './accounts/login-manager';
import type { Config } from './config';
import { Database } from './database';

/** A container with what cannot be built from classes alone; typedi makes the rest when it is asked for. */
export function createServices({ database, secret }: Pick<Config, 'database' | 'secret'>): ContainerInstance {
  return new ContainerInstance('notes')
    .set(LoginManager, createLoginManager(secret))
    .set(Database, new Database(database));
}
