import { expect } from 'chai';
import {
  Authorized,
  Body,
  CurrentUser,
  Get,
  JsonController,
  Post,
  type RoutingControllersOptions,
  UseAfter,
  UseBefore,
  useExpressServer,
  useKoaServer,
} from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { beforeBody, policy } from '../../src/authorization/policy';
import { Public } from '../../src/authorization/public';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { problemsIn } from '../support/problems';
import { thrownBy } from '../support/rejection';
import { type App, closeServers, createApp, listen, nothingElse } from '../support/servers';
import '../support/quiet-lost-guards';

const isOwner = () => true;
const ownGuard = (_request: App, response: App) => response.status(418).end();

@Authorized('staff')
@JsonController('/kept')
class Kept {
  @Authorized(['read', anyOf('b', 'a'), isOwner])
  @UseBefore((...args: App[]) => args.at(-1)())
  @Get()
  list() {
    return {};
  }

  @Get('/me')
  me(@CurrentUser({ required: true }) account: Account) {
    return { email: account.email };
  }
}

/** What comes after a handler guards nothing. */
class FollowedBase {
  @UseAfter(ownGuard)
  @Get()
  get() {
    return {};
  }
}

@JsonController('/followed')
class Followed extends FollowedBase {}

const mayWrite = beforeBody(policy('mayWrite', () => true));

@JsonController('/early')
class Early {
  @Authorized(anyOf('admin', mayWrite))
  @Post('/body')
  body(@Body() body: object) {
    return body;
  }

  @Authorized(mayWrite)
  @Get()
  get() {
    return {};
  }
}

class Base {
  @Authorized('read')
  @Get('/scoped')
  scoped() {
    return {};
  }

  @Authorized()
  @Get('/login')
  login() {
    return {};
  }

  @Get('/user')
  user(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @UseBefore(ownGuard)
  @Get('/own')
  own() {
    return {};
  }

  @Public()
  @Get('/open')
  open() {
    return {};
  }
}

@JsonController('/lost')
class Lost extends Base {}

@JsonController('/repeated')
class Repeated extends Base {
  @Authorized('read')
  override scoped() {
    return {};
  }

  @Authorized()
  override login() {
    return {};
  }

  override user(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @UseBefore(ownGuard)
  override own() {
    return {};
  }
}

@JsonController('/stacked')
class Stacked {
  @Authorized(anyOf('a', 'b'))
  @Authorized(isOwner)
  @Get()
  get() {
    return {};
  }
}

@JsonController('/unmarked')
class Unmarked {
  @Get('/closed')
  closed() {
    return {};
  }

  @Public()
  @Get('/open')
  open() {
    return {};
  }

  @Authorized()
  @Get('/login')
  login() {
    return {};
  }
}

class AnonymousBase {
  @Authorized(() => true)
  @UseBefore((...args: App[]) => args.at(-1)())
  @Get()
  get() {
    return {};
  }
}

@JsonController('/anonymous')
class Anonymous extends AnonymousBase {}

describe('lm.protect', () => {
  afterEach(closeServers);

  const manager = managerOf();
  const lostOf = (options: RoutingControllersOptions, of = manager): string[] => {
    const error = thrownBy(() => of.protect({ ...nothingElse, ...options }));
    expect(error).to.be.instanceOf(ConfigurationError);
    expect(error.message.split('\n', 1)[0]).to.match(/useExpressServer or useKoaServer/);
    return problemsIn(error);
  };

  it('names the policies that are to be asked before a body which such a server reads first', () => {
    expect(lostOf({ controllers: [Early] })).to.deep.equal([
      'Early.body (POST /early/body) loses beforeBody(mayWrite), which it asks after the body',
    ]);
  });

  it('returns the options with both checkers, and leaves the ones it was given', () => {
    const options = Object.freeze({ ...nothingElse, controllers: [Kept], routePrefix: '/api' });
    const protectedOptions = manager.protect(options);
    expect(protectedOptions).to.include(options);
    expect(Object.keys(protectedOptions)).to.have.members([
      ...Object.keys(options),
      'authorizationChecker',
      'currentUserChecker',
    ]);
    expect(protectedOptions.authorizationChecker).to.be.a('function');
    expect(protectedOptions.currentUserChecker).to.equal(manager.currentUserChecker);
  });

  for (const framework of ['Express 5', 'Express 4', 'Koa'] as const) {
    it(`guards routing-controllers' own server on ${framework}`, async () => {
      const app = createApp(framework);
      const options = manager.protect({ ...nothingElse, controllers: [Kept] });
      if (framework === 'Koa') useKoaServer(app, options);
      else useExpressServer(app, options);
      const { client } = await listen(app);
      expect((await client.get('/kept')).status).to.equal(401);
      expect((await client.get('/kept').set(bearer(tokenOf(manager, undefined, ['read', 'a'])))).status).to.equal(403);
      expect(
        (await client.get('/kept').set(bearer(tokenOf(manager, undefined, ['read', 'a', 'staff'])))).status,
      ).to.equal(200);
    });
  }

  it('throws a list of every route whose guard would be lost', () => {
    expect(lostOf({ controllers: [Lost, Kept, Stacked] })).to.have.members([
      "Lost.scoped (GET /lost/scoped) loses @Authorized('read')",
      'Lost.login (GET /lost/login) loses its login',
      'Lost.user (GET /lost/user) loses its login',
      'Lost.own (GET /lost/own) loses @UseBefore(ownGuard)',
      "Stacked.get (GET /stacked) loses @Authorized(anyOf('a', 'b'))",
    ]);
  });

  it('is content where what is lost is no guard', () => {
    expect(() => manager.protect({ ...nothingElse, controllers: [Followed] })).not.to.throw();
  });

  it('is content where the derived class repeats the guards', () => {
    expect(() => manager.protect({ ...nothingElse, controllers: [Repeated] })).not.to.throw();
  });

  it("lists what the manager's default access closes, and routing-controllers would leave open", () => {
    const closed = managerOf({ defaultAccess: 'authenticated' });
    expect(lostOf({ controllers: [Unmarked] }, closed)).to.deep.equal([
      'Unmarked.closed (GET /unmarked/closed) loses its login',
    ]);
  });

  it("works with defaultAccess 'authenticated' where every route has its own word", () => {
    const closed = managerOf({ defaultAccess: 'authenticated' });
    expect(closed.protect({ ...nothingElse, controllers: [Kept] }).authorizationChecker).to.be.a('function');
  });

  it('refuses checkers of the application', () => {
    const options = { ...nothingElse, controllers: [Kept], authorizationChecker: () => true };
    expect(() => manager.protect(options)).to.throw(ConfigurationError, /authorizationChecker/);
  });

  it('names anonymous guards', () => {
    expect(lostOf({ controllers: [Anonymous] })).to.deep.equal([
      'Anonymous.get (GET /anonymous) loses @Authorized(a policy), @UseBefore(a function)',
    ]);
  });
});
