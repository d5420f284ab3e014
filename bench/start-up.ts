import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import express from 'express';
import { useExpressServer } from 'routing-controllers';
import { LoginManager } from 'routing-controllers-login';
import { compare, report } from './compare';
import { options, ROUTES } from './thousand-routes';

const manager = new LoginManager('a secret of forty bytes, for benchmarks.', '/login');
manager.userLoader()((email: string) => ({ email }));

const start = (which: string) => () => execFileSync(process.execPath, [join(__dirname, `start-up-${which}.js`)]);
const checkers = { authorizationChecker: () => true, currentUserChecker: () => null };

async function main(): Promise<void> {
  const rounds = Number(process.env.ROUNDS ?? 21);
  const starts = await compare(
    { 'routing-controllers alone': start('alone'), 'manager.useExpressServer': start('secure') },
    { rounds },
  );
  report(`Starting an application of ${ROUTES} routes, as a process`, starts);

  const registrations = await compare(
    {
      'routing-controllers alone': () => useExpressServer(express(), { ...options, ...checkers }),
      'manager.useExpressServer': () => manager.useExpressServer(express(), options),
    },
    { rounds },
  );
  report(`Of that, registering the routes (once warm)`, registrations);
}

main();
