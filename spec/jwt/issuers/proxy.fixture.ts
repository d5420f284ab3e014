// node proxy.fixture.js <address of a key set> <token>: prints what a manager says about the token.

import 'reflect-metadata';
import { LoginManager } from '../../../src/manager/login-manager';

const [jwksUri = '', token = ''] = process.argv.slice(2);

new LoginManager<object>({ jwksUri, audience: 'api' }, null).verify(token).then(
  () => console.log('accepted'),
  ({ code }) => console.log(code),
);
