import { dirname, join } from 'node:path';

/** The source folder, wherever the compiled code runs. */
export const demoFolder = join(dirname(require.resolve('routing-controllers-login/package.json')), 'demo');

/** The folder of the database and, in development, of the secret. */
export const dataFolder = join(demoFolder, '.data');

/** Style sheets, the icon, and the script of the documentation. */
export const publicFolder = join(demoFolder, 'public');
