import type { Server } from 'node:http';
import type { Exchange, ExpressApplication } from './request-context';

/** The application that an application is mounted in, by way of others perhaps; or itself. */
export function outermost(app: ExpressApplication): ExpressApplication {
  let outer = app;
  while (outer.parent) outer = outer.parent;
  return outer;
}

/** The application that the server calls; one that is mounted in a router knows no parent. */
export function listeningApplication({ message, application }: Exchange): ExpressApplication | undefined {
  const listeners: unknown[] = serverOf(message)?.listeners('request') ?? [];
  return listeners.find(isApplication) ?? (application && outermost(application));
}

export function serverOf(message: Exchange['message']): Server | undefined {
  return (message.socket as { server?: Server } | undefined)?.server; // requests made by hand may have none
}

function isApplication(listener: unknown): listener is ExpressApplication {
  return typeof (listener as Partial<ExpressApplication>).use === 'function';
}
