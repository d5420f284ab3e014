// How long an application of 1,000 routes takes to start. By itself: node .build/bench/start-up.js

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import express from 'express';
import { useExpressServer } from 'routing-controllers';
import { LoginManager } from 'routing-controllers-login';
import { compare, type Results, report } from './compare';
import { options, ROUTES } from './thousand-routes';

export const START_ALONE = 'routing-controllers alone';
export const START_SECURE = 'manager.useExpressServer';

const start = (which: string) => () => execFileSync(process.execPath, [join(__dirname, `start-up-${which}.js`)]);
const checkers = { authorizationChecker: () => true, currentUserChecker: () => null };

/** The milliseconds from the start of a process to its end, which comes once it listens. */
export function measureStartUp(rounds: number): Promise<Results> {
  return compare({ [START_ALONE]: start('alone'), [START_SECURE]: start('secure') }, { rounds });
}

/** The milliseconds that registering the routes takes, once warm. */
function measureRegistration(rounds: number): Promise<Results> {
  const manager = new LoginManager('a secret of forty bytes, for benchmarks.', '/login');
  manager.userLoader()((email: string) => ({ email }));
  return compare(
    {
      [START_ALONE]: () => useExpressServer(express(), { ...options, ...checkers }),
      [START_SECURE]: () => manager.useExpressServer(express(), options),
    },
    { rounds },
  );
}

async function main(): Promise<void> {
  const rounds = Number(process.env.ROUNDS ?? 21);
  report(`Starting an application of ${ROUTES} routes, as a process`, await measureStartUp(rounds));
  report(`Of that, registering the routes (once warm)`, await measureRegistration(rounds));
}

if (require.main === module) main();
