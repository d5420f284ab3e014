// Runs the compiled benchmark, after installing and compiling what it compares the library with.
//
//   node scripts/bench.mjs [--quick]

import { installPackage, run } from './packages.mjs';

installPackage('bench/peers');
run('npx', ['tsc', '-p', 'bench/peers/tsconfig.json']);
run(process.execPath, ['.build/bench/run.js', ...process.argv.slice(2)]);
