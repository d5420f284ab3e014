import { RateLimiterMemory } from 'rate-limiter-flexible';

/** What the sample of the second factor takes for granted: accounts, one with an authenticator app. */
export interface Account {
  email: string;
  totpSecret: Buffer | undefined;
  lastStep: number;
}

const accounts: Account[] = [
  { email: 'ada@example.com', totpSecret: Buffer.from('12345678901234567890'), lastStep: 0 },
  { email: 'bob@example.com', totpSecret: undefined, lastStep: 0 },
];

export const findAccount = (email: string) => accounts.find((account) => account.email === email) ?? null;

/** Everybody's password is "correct horse" here. */
export async function verifyPassword(email: string, password: string): Promise<Account | null> {
  return password === 'correct horse' ? findAccount(email) : null;
}

export const limiter = new RateLimiterMemory({ points: 10, duration: 900 });

export const SECRET = 'forty bytes that nobody else knows of....';
