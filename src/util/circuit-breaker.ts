/** Failures in a row after which a service is left alone, and milliseconds between two attempts after that. */
const FAILURES_UNTIL_OPEN = 5;
const RETRY_INTERVAL = 1000;

/**
 * Leaves a service alone that has failed several times in a row: then one call a second asks it, until one succeeds. So a
 * service in trouble is not overwhelmed, and requests do not wait for it.
 */
export class CircuitBreaker {
  private failures = 0;
  private retryAt = 0;

  /**
   * @param service - What to call it in the message.
   * @param now - Milliseconds of a monotonic clock; for tests.
   */
  constructor(
    private readonly service: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether the last call failed. */
  get hasFailed(): boolean {
    return this.failures > 0;
  }

  /** Allows a call, or returns the error that is the reason why not. */
  tryEnter(): Error | undefined {
    if (this.failures < FAILURES_UNTIL_OPEN) return undefined;
    if (this.now() < this.retryAt)
      return new Error(`${this.service} failed ${this.failures} times in a row; it is asked once a second`);
    this.retryAt = this.now() + RETRY_INTERVAL; // this call is the attempt; others wait for the next
    return undefined;
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(): void {
    this.failures += 1;
    this.retryAt = this.now() + RETRY_INTERVAL;
  }
}
