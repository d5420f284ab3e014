import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { formatRoutes, LoginManager } from 'routing-controllers-login';
import { createApp, serverOptions } from './app';
import { EnvironmentError, readConfig } from './config';
import { demoUsers, seed } from './seed';
import { closeServices, createServices } from './services';
import { SessionStorage } from './sessions/session-storage';
import { stopOnSignals } from './stop';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const services = createServices(config);
  if (process.argv.includes('--routes'))
    return console.log(formatRoutes(services.get(LoginManager).routes(serverOptions(services).all)));
  if (!config.production) await seed(services);

  await services.get(SessionStorage).connect();
  const server = createApp(services, config).listen(config.port, (error) => {
    if (error) return fail(error);
    const { port } = server.address() as AddressInfo;
    console.log([`Notes are at http://localhost:${port}`, ...(config.production ? [] : usersToTry())].join('\n'));
  });
  stopOnSignals(server, () => closeServices(services).catch(fail));
}

function usersToTry(): string[] {
  const lines = demoUsers.map(({ email, password, admin }) => {
    return `  ${email.padEnd(20)} password: ${password.padEnd(14)} ${admin ? 'an administrator' : 'may only read'}`;
  });
  return ['Two users to try:', ...lines];
}

/** Prints the message alone if whoever starts the demo can fix the problem; otherwise the stack too. */
function fail(error: Error & { code?: string }): void {
  const isFixable =
    error instanceof EnvironmentError || error.code === 'configuration_error' || error.code === 'EADDRINUSE';
  console.error(isFixable ? error.message : error);
  process.exit(1);
}

main().catch(fail);
