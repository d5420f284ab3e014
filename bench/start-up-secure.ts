// The same application on a secure server: to load the library is part of its price.

import type { Server } from 'node:http';
import express from 'express';
import { LoginManager } from 'routing-controllers-login';
import { options } from './thousand-routes';

const manager = new LoginManager('a secret of forty bytes, for benchmarks.', '/login');
manager.userLoader()((email: string) => ({ email }));
const app = manager.useExpressServer(express(), options);
const server: Server = app.listen(0, '127.0.0.1', () => server.close());
