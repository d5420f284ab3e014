import { expect } from 'chai';
import { Authorized, Controller, Get, getMetadataArgsStorage, JsonController } from 'routing-controllers';
import { formatRoutes } from '../../src/authorization/route-table';
import { combineStepUps, describeStepUp, findStepUpProblem, stepUp } from '../../src/authorization/step-up';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { InsufficientAuthenticationError } from '../../src/errors/insufficient-authentication-error';
import type { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { redirectTo } from '../../src/errors/redirect-to';
import { securedSpec } from '../../src/openapi/index';
import { managerOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { bearer } from '../support/http';
import { rejection } from '../support/rejection';
import { onEachSecureServer, onEachServer } from '../support/servers';
import { Sessions } from '../support/sessions';
import '../support/quiet-lost-guards';

const MINUTE = 60;
const within = { maxAge: '5m', acr: ['mfa', 'hwk'] };

@JsonController()
class Transfers {
  @Authorized(stepUp({ maxAge: '5m' }))
  @Get('/recent')
  recent() {
    return {};
  }

  @Authorized(stepUp({ acr: ['mfa', 'hwk'] }))
  @Get('/strong')
  strong() {
    return {};
  }

  @Authorized(['pay', stepUp(within)])
  @Get('/both')
  both() {
    return {};
  }
}

@Authorized(stepUp({ maxAge: '10m', acr: ['mfa', 'hwk'] }))
class Base {
  @Authorized(stepUp({ acr: ['hwk', 'bio'] }))
  show() {
    return {};
  }
}

@JsonController('/derived')
@Authorized(stepUp({ maxAge: '20m' }))
class Derived extends Base {
  @Authorized(stepUp({ maxAge: '5m' }))
  @Get()
  override show() {
    return {};
  }
}

@Controller()
class Pages {
  @Authorized(stepUp({ maxAge: '5m' }))
  @Get('/page')
  page() {
    return 'secret';
  }
}

const sub = 'ada@example.com';

describe('stepUp', () => {
  const clock = new TestClock();
  const manager = managerOf({ clock: clock.tell });
  /** Of a login so many seconds ago. */
  const token = (age: number | undefined, acr?: unknown, scopes?: string[]) =>
    manager.createAccessToken({
      data: { sub, ...(age !== undefined && { auth_time: clock.now / 1000 - age }), ...(acr !== undefined && { acr }) },
      ...(scopes && { scopes }),
    });
  const old = () => token(5 * MINUTE + 1);

  onEachServer((start) => {
    const send = async (path: string, sent: string) => {
      const { client } = await start({ manager, controllers: [Transfers] });
      return client.get(path).set(bearer(sent));
    };

    for (const [name, path, sent, status] of [
      ['lets a login in that is just young enough', '/recent', () => token(5 * MINUTE), 200],
      ['refuses a login that is too old', '/recent', old, 401],
      ['refuses a login whose time is unknown', '/recent', () => token(undefined), 401],
      ['refuses a login of the far future', '/recent', () => token(-MINUTE - 1), 401],
      ['lets a login in of a server whose clock is a little ahead', '/recent', () => token(-MINUTE), 200],
      ['lets a login in that has one of the acr values', '/strong', () => token(undefined, 'hwk'), 200],
      ['refuses a login of another acr', '/strong', () => token(1, 'pwd'), 401],
      ['refuses a login without acr', '/strong', () => token(1), 401],
      ['refuses an acr that is an array', '/strong', () => token(1, ['mfa']), 401],
      ['lets a login in that has everything', '/both', () => token(1, 'mfa', ['pay']), 200],
      ['refuses a login that has everything but the age', '/both', () => token(301, 'mfa', ['pay']), 401],
      ['asks nobody for a new login who lacks the scope anyway', '/both', () => token(301, 'pwd', []), 403],
    ] as const) {
      it(name, async () => {
        expect((await send(path, sent())).status).to.equal(status);
      });
    }

    it('says in the challenge what a new login needs', async () => {
      const { headers, body } = await send('/both', token(301, 'pwd', ['pay']));
      expect(headers['www-authenticate']).to.equal(
        'Bearer realm="api", error="insufficient_user_authentication", error_description="A more recent or stronger login is required", max_age="300", acr_values="mfa hwk"',
      );
      expect(body).to.deep.equal({
        name: 'InsufficientAuthenticationError',
        message: 'A more recent or stronger login is required',
        code: 'insufficient_user_authentication',
      });
    });

    it('sends a visitor of a page to the login and back', async () => {
      const pages = managerOf({
        clock: clock.tell,
        notAuthenticatedException: redirectTo('/login', { returnTo: 'next' }),
      });
      const { client } = await start({ manager: pages, controllers: [Pages] });
      const { status, headers } = await client.get('/page?a=1').set(bearer(old()));
      expect([status, headers.location]).to.deep.equal([303, '/login?next=%2Fpage%3Fa%3D1']);
    });
  });

  onEachSecureServer((start) => {
    for (const [name, age, acr, status] of [
      ['lets a login in that meets all of a class chain', 300, 'hwk', 200],
      ['holds the shortest age of a class chain', 301, 'hwk', 401],
      ["holds the base class's list of acr", 1, 'bio', 401],
      ["holds the overridden method's list of acr", 1, 'mfa', 401],
    ] as const) {
      it(name, async () => {
        const { client } = await start({ manager, controllers: [Derived] });
        expect((await client.get('/derived').set(bearer(token(age, acr)))).status).to.equal(status);
      });
    }
  });

  it('is listed by routes() and in its table', () => {
    const routes = manager.routes({ controllers: [Derived] });
    expect(routes[0]?.stepUp).to.deep.equal({ maxAge: 300, acr: ['hwk'] });
    expect(formatRoutes(routes)).to.contain('stepUp(300s, hwk)');
    expect(manager.routes({ controllers: [Transfers] }).find(({ path }) => path === '/strong')?.stepUp).to.deep.equal({
      acr: ['mfa', 'hwk'],
    });
  });

  it('stands in the description of the operation', () => {
    const { paths } = securedSpec(manager, getMetadataArgsStorage(), { controllers: [Transfers] });
    expect(paths['/both'].get.description).to.equal(
      'Needs a login at most 300 seconds old, with the `acr` `mfa` or `hwk`.',
    );
    expect(paths['/both'].get.responses).to.have.property('401');
  });

  it('is refused by protect() where a server of routing-controllers would lose it', () => {
    expect(() => manager.protect({ controllers: [Derived] })).to.throw(
      ConfigurationError,
      /loses .*stepUp\(300s, hwk\)/,
    );
    expect(() => manager.protect({ controllers: [Transfers] })).not.to.throw();
  });

  it('lets nobody in while the clock is broken', async () => {
    const broken = managerOf({ clock: () => Number.NaN, verifiedTokenCache: false });
    const error = await rejection(broken.authenticate({ headers: bearer(token(1)) } as never, stepUp({ maxAge: 9 })));
    expect(error).to.have.property('status', 401);
  });

  it('counts for authenticate(), which tells the developer why', async () => {
    const request = { headers: { authorization: `Bearer ${old()}` } } as never;
    const error = await rejection(manager.authenticate(request, stepUp({ maxAge: '5m' })));
    expect(error).to.be.instanceOf(InsufficientAuthenticationError);
    expect(error).to.include({ maxAge: 300, cause: 'login time: the login is 301 seconds old, and may be 300' });
    expect(await manager.authenticate(request, stepUp({ maxAge: '6m' }))).to.have.property('token');
  });

  it('is a 401 for the custom exception, which can tell it from others', async () => {
    class PasswordPlease extends Error {}
    const custom = managerOf({
      clock: clock.tell,
      notAuthenticatedException: (error) =>
        error instanceof InsufficientAuthenticationError ? new PasswordPlease() : error,
    });
    const request = { headers: { authorization: `Bearer ${old()}` } } as never;
    expect(await rejection(custom.authenticate(request, stepUp({ maxAge: '5m' })))).to.be.instanceOf(PasswordPlease);
  });

  it('fits a custom exception that knows no step-up', () => {
    managerOf({ notAuthenticatedException: (error: NotAuthenticatedError) => new Error(error.code) });
  });

  describe('of a session', () => {
    const role = stepUp({ maxAge: '5m' });
    const outcome = ({ manager }: Sessions, token: string) =>
      manager.authenticate({ headers: { authorization: `Bearer ${token}` } } as never, role).then(
        () => 'let in',
        ({ code }) => code,
      );

    it('counts from the login, not from a refresh', async () => {
      const sessions = new Sessions();
      const pair = await sessions.login();
      sessions.clock.advance(4 * MINUTE);
      const refreshed = await sessions.refresh(pair);
      expect(await outcome(sessions, refreshed.access_token)).to.equal('let in');
      sessions.clock.advance(MINUTE + 1);
      expect(await outcome(sessions, refreshed.access_token)).to.equal('insufficient_user_authentication');
      const again = await sessions.refresh(refreshed);
      expect(await outcome(sessions, again.access_token)).to.equal('insufficient_user_authentication');
    });

    it('keeps the acr over a refresh', async () => {
      const sessions = new Sessions();
      const pair = await sessions.login(sub, { data: { sub, acr: 'mfa' } });
      const { access_token } = await sessions.refresh(pair);
      const request = { headers: { authorization: `Bearer ${access_token}` } } as never;
      expect(await sessions.manager.authenticate(request, stepUp({ acr: 'mfa' }))).to.have.property('token');
    });

    it('prefers the time of the session to an auth_time among the data', async () => {
      const sessions = new Sessions();
      const { access_token } = await sessions.login(sub, {
        data: { sub, auth_time: sessions.clock.now / 1000 + 3600 },
      });
      sessions.clock.advance(5 * MINUTE + 1);
      expect(await outcome(sessions, access_token)).to.equal('insufficient_user_authentication');
    });
  });

  describe('tells the developer why a login will not do:', () => {
    const now = 1_000_000;
    const problem = (claims: object, requirement: object) => findStepUpProblem(claims as never, requirement, now);

    for (const [name, claims, requirement, expected] of [
      ['its acr', { acr: 'pwd' }, { acr: ['mfa'] }, "acr: the token's is 'pwd'"],
      ['no acr', {}, { acr: ['mfa'] }, "acr: the token's is missing"],
      ['an acr that is not a string', { acr: ['mfa'] }, { acr: ['mfa'] }, "acr: the token's is missing"],
      ['its age', { auth_time: 994.4 }, { maxAge: 5 }, 'login time: the login is 6 seconds old, and may be 5'],
      ['its time in the future', { login_at: 1_061_000 }, { maxAge: 5 }, /the login is -61 seconds old/],
      ['no time', {}, { maxAge: 5 }, /^login time: the token has neither login_at nor auth_time/],
      ['a login_at that is not a number', { login_at: '1000000', auth_time: 1000 }, { maxAge: 5 }, /neither/],
      ['an auth_time that is not a number', { auth_time: '1000' }, { maxAge: 5 }, /neither/],
    ] as const) {
      it(name, () => {
        const found = problem(claims, requirement);
        if (typeof expected === 'string') expect(found).to.equal(expected);
        else expect(found).to.match(expected);
      });
    }

    it('nothing, where it will do', () => {
      expect(problem({ acr: 'mfa' }, { acr: ['hwk', 'mfa'] })).to.equal(undefined);
      expect(problem({ login_at: 995_000 }, { maxAge: 5 })).to.equal(undefined);
      expect(problem({ auth_time: 1060 }, { maxAge: 5 })).to.equal(undefined);
    });
  });

  it('is described in words', () => {
    expect(describeStepUp({ maxAge: 300, acr: ['mfa', 'hwk'] })).to.equal('stepUp(300s, mfa | hwk)');
    expect(describeStepUp({ maxAge: 300 })).to.equal('stepUp(300s)');
    expect(describeStepUp({ acr: ['mfa'] })).to.equal('stepUp(mfa)');
    expect(describeStepUp({ acr: [] })).to.equal('stepUp(none)');
  });

  it('adds up: the shortest age, and the acr that are in every list', () => {
    const roles = [{ maxAge: 9 }, { maxAge: 5, acr: ['a', 'b', 'c'] }, { acr: ['c', 'b'] }, { acr: ['b', 'd', 'c'] }];
    expect(combineStepUps(roles.map(stepUp))).to.deep.equal({ maxAge: 5, acr: ['b', 'c'] });
    expect(combineStepUps([stepUp({ acr: 'a' }), stepUp({ acr: 'b' })])).to.deep.equal({ acr: [] });
    expect(combineStepUps([])).to.equal(undefined);
  });

  it('has each acr once, and cannot be changed', () => {
    const { requirement } = stepUp({ acr: ['mfa', 'mfa'] });
    expect(requirement).to.deep.equal({ acr: ['mfa'] });
    expect(requirement).to.be.frozen;
    expect(requirement.acr).to.be.frozen;
  });

  describe('refuses', () => {
    for (const [name, options, message] of [
      ['no options', undefined, "stepUp() requires maxAge, acr or both; write stepUp({ maxAge: '5m' })"],
      ['null', null, 'stepUp() requires maxAge, acr or both'],
      ['options that require nothing', {}, 'stepUp() requires maxAge, acr or both'],
      ['an unknown option', { maxAge: 1, arc: 'mfa' }, "stepUp() has no 'arc'"],
      ['an age of nothing', { maxAge: 0 }, 'maxAge must be'],
      ['an age that is not a duration', { maxAge: 'soon' }, 'maxAge must be'],
      ['an empty list of acr', { acr: [] }, 'acr must be a value or an array of values'],
      ['an empty acr', { acr: '' }, 'acr must be a value or an array of values'],
      ['an acr with a space', { acr: 'mfa hwk' }, 'acr must be a value or an array of values'],
      ['an acr with a quote', { acr: ['mfa', 'a"b'] }, 'acr must be a value or an array of values'],
      ['an acr that is not a string', { acr: [1] }, 'acr must be a value or an array of values'],
      ['an acr that is a number', { acr: 7 }, 'acr must be a value or an array of values'],
    ] as const) {
      it(name, () => {
        expect(() => stepUp(options as never)).to.throw(ConfigurationError, message);
      });
    }

    it('with a message that says where it is explained', () => {
      expect(() => stepUp({})).to.throw(/docs\/troubleshooting\.md#routes-and-decorators$/);
    });
  });
});
