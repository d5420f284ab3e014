import type { Server } from 'node:http';

const patience = 5_000;

/** The first signal stops the server after the requests under way; a second one ends the process immediately. */
export function stopOnSignals(server: Server, tidyUp: () => void): void {
  const stop = () => {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    server.close(tidyUp);
    setTimeout(() => server.closeAllConnections(), patience).unref();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}
