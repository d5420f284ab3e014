import 'reflect-metadata';
import { managerOf } from '../../support/accounts';
import { closeServers, type ServerOptions, type Start, starter } from '../../support/servers';
import { errorMiddlewares, faultsOf, JsonRoutes, refusedRequests, TextRoutes } from './refused-requests';

/** Runs on its own, for NODE_ENV is read where it likes; prints how many cases there were, and which had a fault. */
async function main(): Promise<void> {
  let cases = 0;
  const faulty: string[] = [];
  for await (const [name, url] of servers()) {
    for (const request of [...refusedRequests(manager, '/json'), ...refusedRequests(manager, '/text')]) {
      const faults = await faultsOf(url, request, 5);
      cases += 1;
      if (faults.length > 0) faulty.push(`${name}, ${request.path}: ${faults.join(', ')}`);
    }
    closeServers();
  }
  process.stdout.write(JSON.stringify({ cases, faulty }));
}

const manager = managerOf({ useCookie: true });

async function* servers(): AsyncGenerator<[string, string]> {
  for (const framework of ['Express 5', 'Express 4', 'Koa'] as const) {
    for (const defaultErrorHandler of [true, false]) {
      for (const [name, after] of Object.entries(framework === 'Koa' ? { Koa: undefined } : errorMiddlewares)) {
        const { url } = await startOn(starter(framework), { defaultErrorHandler, ...(after && { after }) });
        yield [`${framework}, ${defaultErrorHandler}, ${name}`, url];
      }
    }
  }
}

function startOn(start: Start, options: Partial<ServerOptions>): ReturnType<Start> {
  return start({ manager, controllers: [JsonRoutes, TextRoutes], ...options });
}

void main();
