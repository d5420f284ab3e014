// Loads the modules that its arguments name, in their order, then prints what the document says of two parameters.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const modules: Record<string, string> = {
  app: pathToFileURL(path.join(__dirname, 'import-order.app.js')).href,
  openapi: pathToFileURL(path.join(__dirname, '../../src/openapi/index.js')).href,
};

async function main(): Promise<void> {
  for (const name of process.argv.slice(2)) await import(modules[name] ?? name);
  const { getMetadataArgsStorage } = await import('routing-controllers');
  const { LoginManager } = await import('../../src/manager/login-manager.js');
  const { securedSpec } = await import('../../src/openapi/index.js');

  const manager = new LoginManager('a secret of forty bytes, made for specs.', '/login');
  const { paths } = securedSpec(manager, getMetadataArgsStorage());
  const { parameters, description } = paths['/items/{id}'].get;
  const types = parameters.map(({ schema }: { schema: { type: string } }) => schema.type);
  console.log(JSON.stringify({ types, described: description === 'An item' }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
