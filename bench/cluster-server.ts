// The same server in two workers of a cluster, each with caches of its own.

import cluster from 'node:cluster';
import { readConfig, serve } from './peers/contract';
import { appOf } from './routes-app';

const WORKERS = 2;

if (cluster.isPrimary) {
  serve((ready) => {
    let listening = 0;
    cluster.on('listening', (_, { port }) => {
      if (++listening === WORKERS) ready(port);
    });
    for (let index = 0; index < WORKERS; index++) cluster.fork();
  });
} else {
  appOf(readConfig()).then((app) => app.listen(0, '127.0.0.1'));
}
