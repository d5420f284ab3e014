// What the benchmark and its peers, which are a package of their own, have to agree on.

export type BenchAlgorithm = 'HS256' | 'RS256' | 'ES256';

/** Text, as most applications have it: the HMAC secret twice, or PEM. */
export interface Keys {
  readonly secret: string;
  readonly verifying: string;
}

/** What the process of a server is told, as JSON in the variable BENCH_SERVER; it sends its port back. */
export interface ServerConfig extends Keys {
  readonly candidate: string;
  readonly algorithm: BenchAlgorithm;
  /** How many routes there are: `/notes-0`, `/notes-1`, … Default 1. */
  readonly routes?: number;
  /** Where the Redis server is of those that have a store. */
  readonly redis?: string;
}

/** What tokens say beside their times: some peers insist on it. */
export const ISSUER = 'https://issuer.example/';
export const AUDIENCE = 'https://api.example';

export const SCOPE = 'notes:read';

/** The user of every request, and what every server answers with. */
export const USER = { email: 'ada@example.com', name: 'Ada Lovelace' };

/** An object of its own for each request, as a database gives it: one that is always the same is compiled away. */
export const loadUser = () => ({ ...USER });

/** How long a user takes that is loaded out of a database, in milliseconds. */
export const LOADING = 1;

/** Verifies a token; a promise is waited for. */
export type Verify = (token: string) => unknown;

export type VerifiersOf = (algorithm: BenchAlgorithm, verifying: string) => Promise<Record<string, Verify>>;

/**
 * Servers run until whoever started them is gone, and tell on request what they used of the processor.
 *
 * @param listen - Says where it listens, and with which headers a request is logged in, unless that is a bearer token.
 */
export function serve(listen: (ready: (port: number, headers?: Record<string, string>) => void) => void): void {
  process.on('disconnect', () => process.exit());
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
  listen((port, headers) => process.send?.({ port, headers }));
}

export function readConfig(): ServerConfig {
  return JSON.parse(process.env.BENCH_SERVER ?? '{}');
}
