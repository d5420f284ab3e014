import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { ConfigurationError } from '../errors/configuration-error';
import { ContextKey, type RequestContext } from '../http/request-context';
import { isPromiseLike } from '../util/maybe-promise';
import { type Authentication, type AuthenticationResult, NO_CLAIMS } from './authentication';

/** A request that is running, or a function that runs as a user. */
interface Running<User> {
  /** Undefined for a function that runs as a user, and when the request has ended. */
  context?: RequestContext | undefined;
  /** Undefined until the request is authenticated. */
  result?: AuthenticationResult<User> | undefined;
  /** Why it could not be authenticated, such as a store that is down. */
  failure?: { readonly reason: unknown } | undefined;
  /** How many keep it running: the response until it is closed, and handlers until they return. */
  holders: number;
  /** The stream that was bound to it last. */
  stream?: Readable | undefined;
}

/** What {@link RunningRequests.current} found. */
export interface RunningResult<User> {
  readonly context: RequestContext | undefined;
  readonly result: AuthenticationResult<User>;
}

/**
 * Tells which request code belongs to, through everything that it awaits (the option `context`). A request is forgotten
 * when it has ended: a connection that its handler has opened for a pool outlives it, and must not act for its user.
 */
export class RunningRequests<User> {
  private readonly storage = new AsyncLocalStorage<Running<User>>();
  private readonly requests = new ContextKey<Running<User>>();

  /**
   * Returns the result of the authentication of the request that is running.
   *
   * @throws {@link ConfigurationError} outside a request, after its end, and before it is authenticated; whatever kept it
   * from being authenticated.
   */
  current(): RunningResult<User> {
    const running = this.storage.getStore();
    if (!running)
      throw new ConfigurationError(
        "current() was called outside a request; serve the route with the manager's server, call attachMiddleware(app) before the routes, or wrap a job in runAs(user, fn)",
        { section: 'servers' },
      );
    if (running.holders === 0)
      throw new ConfigurationError(
        'current() was called after the end of its request; wrap what outlives the request in runAs(user, fn)',
        { section: 'servers' },
      );
    const { context, result, failure } = running;
    if (result) return { context, result };
    if (failure) throw failure.reason;
    throw new ConfigurationError(
      'current() was called before its request is authenticated; the user loader and scopesOf get what they need as arguments',
      { section: 'servers' },
    );
  }

  /** Notes the result of the authentication of a request. */
  remember(context: RequestContext, result: AuthenticationResult<User>): void {
    this.runningOf(context).result = result;
  }

  /** Notes why a request could not be authenticated. */
  rememberFailure(context: RequestContext, reason: unknown): void {
    this.runningOf(context).failure = { reason };
  }

  /**
   * Runs a part of a request, so that {@link current} tells which in it. Each part enters anew, because what reads a body
   * calls back from the connection.
   */
  enter<T>(context: RequestContext, run: () => T): T {
    const running = this.runningOf(context);
    running.context = context;
    if (running.holders === 0) this.start(context, running);
    return this.hold(running, () => this.storage.run(running, run));
  }

  /** Runs a function as a user; within it, {@link current} returns an authentication without token, claims and scopes. */
  runAs<T>(user: User, run: () => T): T {
    const authentication: Authentication<User> = { user, token: '', payload: NO_CLAIMS, scopes: [] };
    return this.storage.run({ result: { authentication }, holders: 1 }, run);
  }

  private runningOf(context: RequestContext): Running<User> {
    const existing = this.requests.get(context);
    if (existing) return existing;
    const running: Running<User> = { context, holders: 0 };
    this.requests.set(context, running);
    return running;
  }

  /** The response keeps a request running until its own listeners of `close` have run. */
  private start(context: RequestContext, running: Running<User>): void {
    const { message, response } = context;
    if (response?.destroyed) return;
    running.holders += 1;
    response?.once?.('close', () => setImmediate(() => this.release(running)));
    // The events of a request come from its connection, which other requests have as well; Koa ends a response outside.
    this.bindEvents(message, running);
    this.bindEvents(response, running);
  }

  private bindEvents(emitter: EventEmitter | undefined, running: Running<User>): void {
    const emit = emitter?.emit;
    if (typeof emit !== 'function' || !Object.isExtensible(emitter)) return; // a request made by hand
    (emitter as EventEmitter).emit = (...args) => this.storage.run(running, () => emit.apply(emitter, args));
  }

  /** Reads a stream within its request: Koa sends it after all middleware has returned. */
  bindStream(context: RequestContext, stream: unknown): void {
    if (!(stream instanceof Readable)) return;
    const running = this.runningOf(context);
    if (running.stream === stream) return; // each part of the action asks for it
    running.stream = stream;
    const read = stream._read;
    stream._read = (size) => this.storage.run(running, () => read.call(stream, size));
  }

  private hold<T>(running: Running<User>, run: () => T): T {
    running.holders += 1;
    let result: T;
    try {
      result = run();
    } catch (error) {
      this.release(running);
      throw error;
    }
    if (isPromiseLike(result)) return Promise.resolve(result).finally(() => this.release(running)) as T;
    this.release(running);
    return result;
  }

  private release(running: Running<User>): void {
    running.holders -= 1;
    if (running.holders > 0) return;
    // A connection that the request has opened may keep this for as long as it lives.
    running.result = undefined;
    running.failure = undefined;
    running.context = undefined;
    running.stream = undefined;
  }
}
