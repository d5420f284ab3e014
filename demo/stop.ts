import type { Server } from 'node:http';

const patience = 5_000;

/** At the first signal: takes no more requests, finishes those under way, tidies up. At the second: stops at once. */
export function stopOnSignals(server: Server, tidyUp: () => void): void {
  const stop = () => {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    server.close(tidyUp);
    setTimeout(() => server.closeAllConnections(), patience).unref();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}
