import 'reflect-metadata';
import { closeServers, frameworks, type ServerKind, starter } from '../../support/servers';
import { controllersOf, errorMiddlewaresOf, faultsOf, manager, refusedRequests } from './refused-requests';

/** A connection that is let go shows in the second request. */
const TIMES = 2;

/** Runs on its own, for NODE_ENV is read where it likes; prints how many cases there were, and which had a fault. */
async function main(): Promise<void> {
  let cases = 0;
  const faulty: string[] = [];
  for await (const { name, url, prefixes } of servers()) {
    for (const request of refusedRequests) {
      const faults = await faultsOf(url, request, { prefixes, times: TIMES });
      cases += prefixes.length;
      if (faults.length > 0) faulty.push(`${name}, ${request.name}: ${faults.join(', ')}`);
    }
    closeServers();
  }
  process.stdout.write(JSON.stringify({ cases, faulty }));
}

async function* servers() {
  for (const framework of frameworks) {
    for (const kind of ['own', 'secure'] as const satisfies ServerKind[]) {
      for (const defaultErrorHandler of [true, false]) {
        for (const [name, after] of Object.entries(errorMiddlewaresOf(framework))) {
          const controllers = Object.values(controllersOf[kind]);
          const { url } = await starter(framework, kind)({ manager, controllers, defaultErrorHandler, after });
          const prefixes = Object.keys(controllersOf[kind]);
          yield { name: `${framework}, ${kind}, ${defaultErrorHandler}, ${name}`, url, prefixes };
        }
      }
    }
  }
}

void main();
