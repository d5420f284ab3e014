import { join } from 'node:path';

/** The repository; this file runs in `.build/bench`. */
export const ROOT = join(__dirname, '../..');

/** A compiled file of the peers, which are a package of their own. */
export const peerFile = (name: string): string => join(ROOT, 'bench/peers/.build', name);
