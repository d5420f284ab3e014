// An application of 1,000 routes on routing-controllers alone, which starts, and stops once it listens.

import type { Server } from 'node:http';
import express from 'express';
import { useExpressServer } from 'routing-controllers';
import { options } from './thousand-routes';

const app = express();
useExpressServer(app, { ...options, authorizationChecker: () => true, currentUserChecker: () => null });
const server: Server = app.listen(0, '127.0.0.1', () => server.close());
