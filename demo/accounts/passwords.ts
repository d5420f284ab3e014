import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** argon2id, as OWASP's Password Storage Cheat Sheet has it. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Checked where there is no account, so that a wrong name takes as long as a wrong password. */
const nobodysHash = hash(randomBytes(32), cost);

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(passwordHash ?? (await nobodysHash), password);
  return fits && passwordHash !== undefined;
}
