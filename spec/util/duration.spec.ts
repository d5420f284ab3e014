import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { parseDuration } from '../../src/util/duration';
import { managerOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { nameOf } from '../support/name-of';
import { payloadOf } from '../support/tokens';

describe('a duration', () => {
  const good: [number | string, number][] = [
    [1, 1],
    [900, 900],
    [0.5, 0.5],
    [999_999_999, 999_999_999],
    ['12h', 43_200],
    ['90 s', 90],
    ['500ms', 0.5],
    ['15m', 900],
    ['1.5 hours', 5400],
    ['2 days', 172_800],
    ['1w', 604_800],
    ['1y', 31_557_600],
    ['12H', 43_200],
  ];

  for (const [value, seconds] of good) {
    it(`of ${JSON.stringify(value)} is ${seconds} seconds`, () => {
      expect(parseDuration(value, 'expires')).to.equal(seconds);
    });
  }

  const bad = [
    0,
    -1,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    'soon',
    '',
    ' ',
    '12',
    '0',
    '0s',
    '-1h',
    '1 fortnight',
    'h',
    '1h30m',
    'NaNs',
    'Infinity',
    null,
    undefined,
    true,
    10n,
    [60],
    {},
    new Date(60_000),
    `${'9'.repeat(200)}s`,
  ];

  for (const value of bad) {
    it(`of ${nameOf(value)} is refused with the unit`, () => {
      expect(() => parseDuration(value as never, 'expires')).to.throw(
        ConfigurationError,
        /^expires must be a length of time greater than zero: seconds as a number, or a string with a unit such as '12h'/,
      );
    });
  }

  for (const value of [Date.UTC(2030, 0, 1), Date.UTC(2030, 0, 1) / 1000, 1e9, '100 years', Number.MAX_VALUE]) {
    it(`of ${value} looks like a date, and is refused with the unit`, () => {
      expect(() => parseDuration(value, 'defaultExpiry')).to.throw(
        ConfigurationError,
        /^defaultExpiry must be a length of time in seconds.*looks like a date or like milliseconds; .*'10d' or 864000/,
      );
    });
  }

  it('is shown in part only where it is long', () => {
    expect(() => parseDuration('x'.repeat(5000), 'expires'))
      .to.throw(ConfigurationError)
      .with.property('message')
      .with.length.below(250);
  });
});

describe('the expiry of a token', () => {
  const clock = new TestClock();
  const lifetimeOf = (token: string) => (payloadOf(token).exp as number) - clock.now / 1000;

  it('is 15 minutes after it was made', () => {
    expect(lifetimeOf(managerOf({ clock: clock.tell }).createAccessToken({ data: { sub: 'ada' } }))).to.equal(900);
  });

  it('is what defaultExpiry says', () => {
    expect(
      lifetimeOf(managerOf({ clock: clock.tell, defaultExpiry: '12h' }).createAccessToken({ data: { sub: 'ada' } })),
    ).to.equal(43_200);
  });

  it('is what expires says, whatever defaultExpiry says', () => {
    const manager = managerOf({ clock: clock.tell, defaultExpiry: 5 });
    expect(lifetimeOf(manager.createAccessToken({ data: { sub: 'ada' }, expires: '90 s' }))).to.equal(90);
    expect(lifetimeOf(manager.createAccessToken({ data: { sub: 'ada' }, expires: 60 }))).to.equal(60);
  });

  it('keeps a fraction of a second', () => {
    expect(
      lifetimeOf(managerOf({ clock: clock.tell }).createAccessToken({ data: { sub: 'ada' }, expires: '500ms' })),
    ).to.equal(0.5);
  });

  it('is refused where it cannot be, at construction and for one token', () => {
    expect(() => managerOf({ defaultExpiry: 0 })).to.throw(ConfigurationError, /^defaultExpiry must be/);
    expect(() => managerOf({ defaultExpiry: null as never })).to.throw(ConfigurationError, /^defaultExpiry must be/);
    for (const expires of [0, -5, Number.NaN, 'soon', Date.now(), null]) {
      expect(() => managerOf().createAccessToken({ data: { sub: 'ada' }, expires: expires as never })).to.throw(
        ConfigurationError,
        /^expires must be/,
      );
    }
  });

  it('follows the clock of the manager', () => {
    const manager = managerOf({ clock: clock.tell });
    const first = payloadOf(manager.createAccessToken({ data: { sub: 'ada' } })).exp as number;
    clock.advance(100);
    expect(payloadOf(manager.createAccessToken({ data: { sub: 'ada' } })).exp).to.equal(first + 100);
  });
});
