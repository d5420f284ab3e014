import type { Server } from 'node:http';
import type { ExpressApplication, RequestContext } from './request-context';

/** The application that an application is mounted in, by way of others perhaps; or itself. */
export function rootApplication(app: ExpressApplication): ExpressApplication {
  let outer = app;
  while (outer.parent) outer = outer.parent;
  return outer;
}

/** The application that the server calls; one that is mounted in a router knows no parent. */
export function serverApplication({ message, application }: RequestContext): ExpressApplication | undefined {
  const listeners: unknown[] = serverOf(message)?.listeners('request') ?? [];
  return listeners.find(isApplication) ?? (application && rootApplication(application));
}

export function serverOf(message: RequestContext['message']): Server | undefined {
  return (message.socket as { server?: Server } | undefined)?.server; // requests made by hand may have none
}

function isApplication(listener: unknown): listener is ExpressApplication {
  return typeof (listener as Partial<ExpressApplication>).use === 'function';
}
