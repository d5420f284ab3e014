// Runs a script of the documentation's package, after installing it.
//
//   node scripts/docs.mjs dev | build | check

import { installPackage, run } from './packages.mjs';

installPackage('docs');
run('npm', ['run', ...process.argv.slice(2)], 'docs');
