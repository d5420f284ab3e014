import { ServiceUnavailableError } from '../errors/service-unavailable-error';
import type { RevocationStore } from './revocation-store';

/** The longest time that a timer can be set to, in milliseconds: a longer one goes off at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * A store that answers in time and to the point, or throws a `ServiceUnavailableError`: who cannot be asked about is not
 * let in.
 */
export class FailClosedStore implements RevocationStore {
  /** @param timeout - Milliseconds. */
  constructor(
    private readonly store: RevocationStore,
    private readonly timeout: number,
  ) {}

  async revoke(id: string, at: number, expiresAt: number): Promise<boolean> {
    const answer = await this.withTimeout(() => this.store.revoke(id, at, expiresAt));
    if (typeof answer === 'boolean') return answer;
    throw new ServiceUnavailableError(undefined, {
      cause: new TypeError('revoke() of the store must answer a boolean'),
    });
  }

  async revokedAt(ids: string[]): Promise<(number | null)[]> {
    const answer = await this.withTimeout(() => this.store.revokedAt(ids));
    if (Array.isArray(answer) && answer.length === ids.length && answer.every(isTime)) return answer;
    const cause = new TypeError('revokedAt() of the store must answer a number or null for each id');
    throw new ServiceUnavailableError(undefined, { cause });
  }

  private async withTimeout<T>(question: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`No answer within ${this.timeout} ms`)),
        Math.min(this.timeout, LONGEST_TIMER),
      );
    });
    try {
      return await Promise.race([question(), late]);
    } catch (cause) {
      throw new ServiceUnavailableError(undefined, { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}

function isTime(value: unknown): value is number | null {
  return value === null || Number.isFinite(value);
}
