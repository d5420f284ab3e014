import { UserLoader } from '../../../src/users/user-loader';

/** Each load finds another user, so that shared ones are seen. */
export class CountingLoader {
  static loads = 0;

  @UserLoader()
  find(_sub: string): { load: number } {
    CountingLoader.loads++;
    return { load: CountingLoader.loads };
  }
}
