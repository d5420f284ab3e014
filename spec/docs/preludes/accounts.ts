import { hash, verify } from '@node-rs/argon2';

/** What the samples about passwords take for granted: an account, its hash, and mail. */
export interface Account {
  email: string;
  passwordHash: string;
  passwordChangedAt: Date;
}

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const unknownHash = hash('nobody', cost);

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

export async function isRight(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await unknownHash), password);
  return matches && passwordHash !== undefined;
}

export const mails: { to: string; text: string }[] = [];

export function sendMail(to: string, text: string): void {
  mails.push({ to, text });
}

export const SECRET = 'forty bytes that nobody else knows of....';
