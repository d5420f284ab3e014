import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './peers-build';

/** What the numbers depend on. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores of ${cpu?.model.trim()}, ${memory} GiB, ${process.platform}, Node ${process.version}`;
}

/** The packages that are compared, each with its version. */
export function describeVersions(): string {
  const peers = versionsIn('bench/peers/package-lock.json', [
    'jose',
    'fast-jwt',
    'express-jwt',
    'passport-jwt',
    'express-oauth2-jwt-bearer',
    '@nestjs/core',
    '@nestjs/jwt',
    'better-auth',
    'passport',
    'express-session',
    'fastify',
    '@fastify/jwt',
  ]);
  return [describeOwnVersions(), ...peers].join(', ');
}

export function describeOwnVersions(): string {
  return versionsIn('package-lock.json', ['routing-controllers', 'express', 'jsonwebtoken']).join(', ');
}

function versionsIn(lockFile: string, names: readonly string[]): string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, lockFile), 'utf8'));
  return names.map((name) => `${name} ${packages[`node_modules/${name}`].version}`);
}
