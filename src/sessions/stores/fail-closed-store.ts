import { ServiceUnavailableError } from '../../errors/service-unavailable-error';
import { CircuitBreaker } from '../../util/circuit-breaker';
import type { MaybePromise } from '../../util/maybe-promise';
import { withTimeout } from '../../util/with-timeout';
import type { SessionStore, StoredRecord } from './session-store';

/** Milliseconds until a subscription that failed is tried again. */
const SUBSCRIBE_INTERVAL = 30_000;

export interface FailClosedOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Called for each failure of the store; not for calls that were not made. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds of a monotonic clock; for tests. */
  readonly now?: () => number;
}

/**
 * A store that answers in time and in the right form, or throws a `ServiceUnavailableError`: if it cannot be asked,
 * nobody is let in. After several failures in a row only one call a second is made, until one succeeds, so that a
 * store in trouble is not overwhelmed and requests do not wait for it.
 */
export class FailClosedStore {
  private readonly breaker: CircuitBreaker;

  constructor(
    private readonly store: SessionStore,
    private readonly options: FailClosedOptions,
  ) {
    this.breaker = new CircuitBreaker('The store', options.now);
  }

  /** Whether sessions can be listed. */
  get canList(): boolean {
    return typeof this.store.list === 'function';
  }

  read(owner: string, names: readonly string[]): Promise<(string | null)[]> {
    return this.askForValues('read', () => this.store.read(owner, names), names.length);
  }

  /** Reads to check whether a login has ended: the store may know from before. */
  check(owner: string, names: readonly string[]): MaybePromise<(string | null)[]> {
    const { store } = this;
    if (typeof store.check !== 'function') return this.read(owner, names);
    const ask = (question: () => unknown) => this.askForValues('check', question, names.length);
    if (this.breaker.hasFailed) return ask(() => store.check?.(owner, names));
    let answer: unknown;
    try {
      answer = store.check(owner, names);
    } catch (error) {
      return ask(() => Promise.reject(error));
    }
    return areValues(answer, names.length) ? answer : ask(() => answer); // what is known needs no waiting
  }

  write(owner: string, name: string, expected: string | null, value: string | null, ttl: number): Promise<boolean> {
    return this.ask(
      () => this.store.write(owner, name, expected, value, Math.ceil(ttl)),
      (answer): answer is boolean => typeof answer === 'boolean',
      'write() of the store must return a boolean',
    );
  }

  age(owner: string, name: string): Promise<number | null> {
    return this.ask(
      () => this.store.age(owner, name),
      (answer): answer is number | null => answer === null || (typeof answer === 'number' && Number.isFinite(answer)),
      'age() of the store must return a number of milliseconds or null',
    );
  }

  list(owner: string): Promise<StoredRecord[]> {
    return this.ask(
      async () => this.store.list?.(owner),
      (answer): answer is StoredRecord[] => Array.isArray(answer) && Array.from(answer).every(isRecord),
      'list() of the store must return an array of records with a name and a value',
    );
  }

  /** Sends a message to other processes. Failures are reported and not thrown: it is best effort. */
  publish(message: string): void {
    if (typeof this.store.publish !== 'function') return;
    Promise.resolve()
      .then(() => this.store.publish?.(message))
      .catch(this.options.onError);
  }

  /** Listens to messages of other processes. A failure is reported once and not thrown, and it is tried again. */
  subscribe(listener: (message: string) => void): void {
    if (typeof this.store.subscribe === 'function') this.trySubscribe(listener, this.options.onError);
  }

  private trySubscribe(listener: (message: string) => void, onError: (error: unknown) => void): void {
    Promise.resolve()
      .then(() => this.store.subscribe?.(listener))
      .catch((error: unknown) => {
        onError(error);
        this.subscribeLater(listener);
      });
  }

  /** Once the store answers again: one whose client the application has closed must not open another connection. */
  private subscribeLater(listener: (message: string) => void): void {
    const retry = () => {
      Promise.resolve()
        .then(() => this.store.read('subscription', ['probe']))
        .then(
          () => this.trySubscribe(listener, () => undefined),
          () => this.subscribeLater(listener),
        );
    };
    setTimeout(retry, SUBSCRIBE_INTERVAL).unref();
  }

  private askForValues(method: string, question: () => unknown, count: number): Promise<(string | null)[]> {
    return this.ask(
      async () => question(),
      (answer): answer is (string | null)[] => areValues(answer, count),
      `${method}() of the store must return a string or null for each name`,
    );
  }

  private async ask<T>(
    question: () => Promise<unknown>,
    isAnswer: (answer: unknown) => answer is T,
    problem: string,
  ): Promise<T> {
    const reason = this.breaker.tryEnter();
    if (reason) throw new ServiceUnavailableError(undefined, { cause: reason });
    try {
      const answer = await withTimeout(question, this.options.timeout);
      if (!isAnswer(answer)) throw new TypeError(problem);
      this.breaker.succeeded();
      return answer;
    } catch (cause) {
      this.breaker.failed();
      this.options.onError(cause);
      throw new ServiceUnavailableError(undefined, { cause });
    }
  }
}

function areValues(answer: unknown, count: number): answer is (string | null)[] {
  return Array.isArray(answer) && answer.length === count && Array.from(answer).every(isValue);
}

function isValue(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isRecord(record: unknown): record is StoredRecord {
  const { name, value } = (record ?? {}) as Partial<StoredRecord>;
  return typeof name === 'string' && typeof value === 'string';
}
