import { inspect } from 'node:util';

/** Errors of an application that no server can send as they are. */
export const unsendableErrors: Readonly<Record<string, () => unknown>> = {
  'a circular error': () => {
    const error: Error & { self?: unknown } = new Error('circular');
    error.self = error;
    return error;
  },
  'an error with a BigInt': () => Object.assign(new Error('big'), { big: 1n }),
  'an error whose toJSON throws': () =>
    Object.assign(new Error('toJSON'), {
      toJSON: () => {
        throw new Error('cannot be sent');
      },
    }),
  'an error whose toJSON rejects': () => Object.assign(new Error('toJSON'), { toJSON: () => Promise.reject() }),
  'an error whose httpCode is a string': () => Object.assign(new Error('code'), { httpCode: 'abc' }),
  'an error whose httpCode is informational': () => Object.assign(new Error('code'), { httpCode: 101 }),
  'an error whose status is informational': () => Object.assign(new Error('code'), { status: 100 }),
  'an error whose headers cannot be sent': () => Object.assign(new Error('headers'), { headers: { 'a b': 'c' } }),
  'an error whose message throws': () =>
    Object.defineProperty(new Error(), 'message', {
      get: () => {
        throw new Error('cannot be read');
      },
    }),
  'an error with a getter that throws': () =>
    Object.defineProperty(new Error('getter'), 'detail', {
      enumerable: true,
      get: () => {
        throw new Error('cannot be read');
      },
    }),
  'an error whose status throws': () =>
    Object.defineProperty(new Error('getter'), 'status', {
      get: () => {
        throw new Error('cannot be read');
      },
    }),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
};

/** What a function of an application may throw, or reject with: nothing, what means "go on", and errors. */
export const thrownReasons: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  zero: () => 0,
  'an empty string': () => '',
  false: () => false,
  NaN: () => Number.NaN,
  "'route'": () => 'route',
  "'router'": () => 'router',
  'a symbol': () => Symbol('reason'),
  'an object without a prototype': () => Object.create(null),
  'a frozen error': () => Object.freeze(new Error('frozen')),
  'an error whose status is only a getter': () =>
    Object.defineProperty(new Error('getter'), 'status', { get: () => 500 }),
  'an object that cannot be printed': () => ({
    [inspect.custom]: () => {
      throw new Error('cannot be printed');
    },
  }),
  ...unsendableErrors,
};
