import { dirname, join } from 'node:path';

/** The folder of the sources, from wherever the compiled code runs. */
export const demoFolder = join(dirname(require.resolve('routing-controllers-login/package.json')), 'demo');

/** What the demo writes: its database and, in development, its secret. */
export const dataFolder = join(demoFolder, '.data');

/** Style sheets, the icon, and the script of the documentation. */
export const publicFolder = join(demoFolder, 'public');
