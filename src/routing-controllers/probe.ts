import type { Action } from 'routing-controllers';
import type { Route } from '../authorization/route-table';
import { SecureExpressDriver } from './drivers/secure-express-driver';
import { SecureKoaDriver } from './drivers/secure-koa-driver';

/** A route, and every scope that it names, also those beside policies. */
export interface ProbedRoute extends Route {
  readonly namedScopes: readonly string[];
}

/** An application that shows who may pass, and its routes. */
export interface Probe {
  readonly app: unknown;
  readonly routes: readonly ProbedRoute[];
}

/** Answers a request that was let in. */
export function answerEmpty({ context, response }: Action): void {
  if (context) Object.assign(context, { status: 200, body: '' });
  else response.status(200).end();
}

/** Creates the driver of the framework that is installed. */
export function createProbeDriver<D>(create: (Driver: typeof SecureExpressDriver | typeof SecureKoaDriver) => D): D {
  try {
    require.resolve('express');
  } catch {
    return create(SecureKoaDriver);
  }
  return create(SecureExpressDriver);
}
