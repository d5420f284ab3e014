/** A clock that stands still until it is told to move. */
export class TestClock {
  /** A whole second, so that expected times are whole numbers. */
  now = Date.UTC(2030, 0, 1);

  readonly tell = (): number => this.now;

  /** @param seconds - How far to move on. */
  advance(seconds: number): void {
    this.now += seconds * 1000;
  }
}
