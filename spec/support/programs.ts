import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Whether a program that specs start is installed. Under CI it is installed if it is missing, or this throws.
 *
 * @param args - With which the program ends at once, without an error.
 * @param debianPackage - Default: the name of the program.
 */
export function isInstalled(program: string, args: readonly string[], debianPackage = program): boolean {
  if (spawnSync(program, args).status === 0) return true;
  if (!process.env.CI) return false;
  install(program, debianPackage);
  return true;
}

function install(program: string, debianPackage: string): void {
  console.log(`${program} is missing, and is installed now: apt-get install ${debianPackage}`);
  const get = 'DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends';
  const { status, stderr } = spawnSync('sh', ['-c', `apt-get update -q && ${get} ${debianPackage}`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The specs need ${program}, and it could not be installed: ${stderr}`);
}

/** A port of the loopback that nobody listens to at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
