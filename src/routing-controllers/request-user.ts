import { Exchange, type ExpressApplication } from '../http/exchange';
import { Slot } from '../http/slot';
import { outermost } from './outermost-application';

const users = new Slot<{ readonly user: unknown }>();

/** What requests of Express inherit from, where that has our `user`. */
const prepared = new WeakSet<object>();

/**
 * Sets `request.user` of a request of Express. It is read from what all requests of the application inherit from, which
 * is the application's own, because a property of each request costs more than the rest of a login (see `Exchange`).
 */
export function setRequestUser(exchange: Exchange, user: unknown): void {
  const request = exchange.message as Exchange['message'] & { user?: unknown };
  users.set(exchange, { user });
  if (!isPrepared(request, exchange) || Object.hasOwn(request, 'user')) request.user = user;
}

function isPrepared(request: object, exchange: Exchange): boolean {
  const parent: object = Object.getPrototypeOf(request);
  if (prepared.has(parent)) return true;
  const { application } = exchange;
  if (!application || !prepare(outermost(application))) return false;
  prepared.add(parent);
  return true;
}

/** Whether the application's requests have our `user`, or at least no other. */
function prepare({ request }: ExpressApplication): boolean {
  if (prepared.has(request)) return true;
  if ('user' in request) return false;
  Object.defineProperty(request, 'user', { get: userOf, set: ownUser, configurable: true });
  prepared.add(request);
  return true;
}

function userOf(this: Exchange['message']): unknown {
  const exchange = Exchange.known(this);
  return exchange && users.get(exchange)?.user;
}

/** What somebody else sets is a property as any other. */
function ownUser(this: object, value: unknown): void {
  Object.defineProperty(this, 'user', { value, writable: true, enumerable: true, configurable: true });
}
