import { join } from 'node:path';
import { developmentSecret } from './development-secret';
import { dataFolder } from './paths';

/** The configuration of one installation of the demo. */
export interface Config {
  readonly production: boolean;
  readonly port: number;
  /** The SQLite file, or `:memory:`. */
  readonly database: string;
  /** Where sessions are stored, for several servers. Default: in the database. */
  readonly redisUrl?: string;
  /** Signs the tokens. */
  readonly secret: string;
  /** What links in mail begin with. It never comes from a request: a forged `Host` would lead the reader elsewhere. */
  readonly publicUrl: string;
  /** Failed logins for one account, from one address, within a minute. */
  readonly attemptsPerMinute: number;
  /** The number of proxies in front of the demo that may say the client's address and protocol. */
  readonly trustedProxies: number;
}

/** An invalid environment variable; the message is for whoever starts the demo. */
export class EnvironmentError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {@link EnvironmentError} */
export function readConfig(environment: Environment): Config {
  const production = environment.NODE_ENV === 'production';
  const port = wholeNumber(environment, 'PORT', 3000, 65_535);
  return {
    production,
    port,
    publicUrl: publicUrl(environment.PUBLIC_URL?.trim(), production) ?? `http://localhost:${port}`,
    database: environment.DATABASE || join(dataFolder, 'notes.db'),
    redisUrl: redisUrl(environment.REDIS_URL?.trim()),
    secret: environment.SECRET?.trim() || secretFor(production),
    attemptsPerMinute: wholeNumber(environment, 'ATTEMPTS_PER_MINUTE', 5, 1_000_000),
    trustedProxies: wholeNumber(environment, 'TRUSTED_PROXIES', 0, 10),
  };
}

function secretFor(production: boolean): string {
  if (!production) return developmentSecret(dataFolder);
  throw new EnvironmentError(
    'In production the demo needs a SECRET to sign its tokens: 32 random bytes or more, kept over restarts.\n' +
      'Make one with: openssl rand -hex 32',
  );
}

function publicUrl(text: string | undefined, production: boolean): string | undefined {
  if (text && /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return new URL(text).origin;
  if (!text && !production) return undefined;
  throw new EnvironmentError(
    'PUBLIC_URL must be the URL that visitors use, such as https://notes.example.com: links in mail begin with it',
  );
}

function redisUrl(text: string | undefined): string | undefined {
  if (!text || /^rediss?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text || undefined;
  throw new EnvironmentError('REDIS_URL must be a URL such as redis://localhost:6379');
}

function wholeNumber(environment: Environment, name: string, otherwise: number, most: number): number {
  const text = environment[name]?.trim();
  if (!text) return otherwise;
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new EnvironmentError(`${name} must be a whole number from 0 to ${most}, not "${text}"`);
}
