import { AssertionError } from 'chai';

/** The error a promise is rejected with; where it is fulfilled, the test fails. */
export async function rejection<E extends Error = Error & { code?: string }>(promise: Promise<unknown>): Promise<E> {
  const [result] = await Promise.allSettled([promise]);
  if (result?.status === 'rejected') return result.reason as E;
  throw new AssertionError('expected a rejection, and the promise was fulfilled');
}

/** The error a function throws; where it returns, the test fails. */
export function thrownBy<E extends Error = Error & { code?: string }>(call: () => unknown): E {
  try {
    call();
  } catch (error) {
    return error as E;
  }
  throw new AssertionError('expected an error, and the function returned');
}
