/** What the fuzzer learns from its target. */
export interface Target {
  readonly port: number;
  /** Access tokens that let these users in. */
  readonly good: Readonly<Record<User, string>>;
  /** Tokens that let nobody in: of another kind, expired, forged, of a session that has ended. */
  readonly bad: readonly string[];
  readonly refresh: readonly string[];
}

export const users = ['ada', 'bob'] as const;

export type User = (typeof users)[number];

/** How a target breaks a promise, for the specs of the fuzzer. */
export type Flaw = 'open' | 'fails' | 'echoes' | 'stack' | 'hangs' | 'dies';

/** The header by which requests and their answers are told apart. */
export const ID = 'x-id';

/** The header of an answer to somebody who was let in. */
export const LET_IN = 'x-let-in';

export const PASSWORD = 'correct horse battery';
