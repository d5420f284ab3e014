// node start-up-app.js alone|secure: an application of 1,000 routes that starts, and stops once it listens.

import type { Server } from 'node:http';
import express from 'express';
import { useExpressServer } from 'routing-controllers';
import { options } from './thousand-routes';

async function main(): Promise<void> {
  const app = express();
  if (process.argv[2] === 'alone') {
    useExpressServer(app, { ...options, authorizationChecker: () => true, currentUserChecker: () => null });
  } else {
    const { LoginManager } = await import('routing-controllers-login'); // loading it is part of its price
    const manager = new LoginManager('a secret of forty bytes, for benchmarks.', '/login');
    manager.userLoader()((email: string) => ({ email }));
    manager.useExpressServer(app, options);
  }
  const server: Server = app.listen(0, '127.0.0.1', () => server.close());
}

main();
