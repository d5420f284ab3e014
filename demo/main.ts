import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { formatRoutes, LoginManager } from 'routing-controllers-login';
import { createApp, servedBy } from './app';
import { EnvironmentError, readConfig } from './config';
import { demoUsers, seed } from './seed';
import { closeServices, createServices } from './services';
import { Revocations } from './sessions/revocations';
import { stopOnSignals } from './stop';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const services = createServices(config);
  if (process.argv.includes('--routes'))
    return console.log(formatRoutes(services.get(LoginManager).routes(servedBy(services).all)));
  if (!config.production) await seed(services);

  await services.get(Revocations).connect();
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

/** What whoever starts the demo can mend is said in a sentence; the rest with its trace. */
function fail(error: Error & { code?: string }): void {
  const mendable =
    error instanceof EnvironmentError || error.code === 'configuration_error' || error.code === 'EADDRINUSE';
  console.error(mendable ? error.message : error);
  process.exit(1);
}

main().catch(fail);
