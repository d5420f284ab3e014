import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface ForkedServers<T> {
  readonly processes: readonly ChildProcess[];
  /** What they write to standard error, as it comes. */
  readonly errors: string[];
  /** The first message of each: it has started. */
  readonly started: readonly T[];
}

/**
 * Runs a module in one process for each list of arguments. They end with this process at the latest.
 *
 * @param execArgv - Options of Node.
 */
export async function forkServers<T>(
  module: string,
  argumentLists: readonly (readonly string[])[],
  execArgv: string[] = [],
): Promise<ForkedServers<T>> {
  const errors: string[] = [];
  const processes = argumentLists.map((list) => {
    const child = fork(module, list, { silent: true, execArgv });
    child.stderr?.on('data', (text) => errors.push(String(text)));
    process.once('exit', () => child.kill('SIGKILL'));
    return child;
  });
  const started = await Promise.all(
    processes.map(async (child) => {
      const [message] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [])]);
      if (message === undefined) throw new Error(`A server ended: ${errors.join('')}`);
      return message as T;
    }),
  );
  return { processes, errors, started };
}
