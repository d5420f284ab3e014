// Reads a document from standard input and prints openapi-typescript's types of it. That package uses the JavaScript API
// of TypeScript 5, which TypeScript 7 does not have; so it is given 5.4 here, and `overrides` in package.json keeps npm
// from wanting one TypeScript for both.
import Module, { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

type Resolve = (request: string, ...others: unknown[]) => string;

const resolver = Module as unknown as { _resolveFilename: Resolve };
const resolve = resolver._resolveFilename;
resolver._resolveFilename = function (this: unknown, request, ...others) {
  return resolve.call(this, request === 'typescript' ? 'typescript-5.4' : request, ...others);
};

async function main(): Promise<void> {
  const { default: typesOf, astToString } = createRequire(__filename)('openapi-typescript');
  process.stdout.write(astToString(await typesOf(JSON.parse(await text(process.stdin)))));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
