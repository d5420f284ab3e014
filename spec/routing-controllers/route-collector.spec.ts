import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { Public } from '../../src/authorization/public';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf } from '../support/accounts';
import { problemsIn } from '../support/problems';
import { inChildProcess } from '../support/process';
import { thrownBy } from '../support/rejection';
import { type App, closeServers, createApp, type Framework, listen, nothingElse } from '../support/servers';
import '../support/quiet-lost-guards';

const scopes = { 'notes:read': 'Read notes', 'notes:write': 'Write notes' };

class Base {
  @Authorized('notes:raed')
  @Get('/typo')
  typo() {
    return {};
  }

  @Authorized()
  @Get('/guarded')
  guarded() {
    return {};
  }
}

@Authorized(['notes:read', 'users:delete'])
@JsonController('/problems')
class Problems extends Base {
  @Public()
  override guarded() {
    return {};
  }

  @Authorized(anyOf('notes:read', 'notes:wirte'))
  @Get('/alternatives')
  alternatives() {
    return {};
  }

  @Public()
  @Authorized('notes:read')
  @Get('/both')
  both() {
    return {};
  }

  @Public()
  @Get('/user')
  user(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @Authorized(42 as never)
  @Get('/number')
  number() {
    return {};
  }

  @Authorized([{ role: 'admin' }] as never)
  @Get('/object')
  object() {
    return {};
  }

  @Authorized('two scopes')
  @Get('/space')
  space() {
    return {};
  }

  @Get('/good')
  good() {
    return {};
  }
}

@Public()
@Authorized()
@JsonController('/both')
class BothAtOnce {
  @Get()
  get() {
    return {};
  }
}

@JsonController('/good')
class Good {
  @Authorized('notes:read')
  @Get()
  get() {
    return {};
  }
}

@JsonController('/second')
class SecondProblems extends Base {}

function serve(app: App, framework: Framework, manager: LoginManager<Account>, controllers: App[]): void {
  const options = { ...nothingElse, controllers };
  if (framework === 'Koa') manager.useKoaServer(app, options);
  else manager.useExpressServer(app, options);
}

function problemsOf(manager: LoginManager<Account>, ...controllers: App[]): string[] {
  const error = thrownBy(() => manager.routes({ ...nothingElse, controllers }));
  expect(error).to.be.instanceOf(ConfigurationError);
  return problemsIn(error);
}

describe('what is wrong with the routes', () => {
  afterEach(closeServers);

  const manager = managerOf({ scopes });

  it('is told all at once, each once, with the class and method that say it', () => {
    expect(problemsOf(manager, Problems, Good, BothAtOnce, SecondProblems)).to.have.members([
      `Problems: the scope 'users:delete' is not among the manager's scopes.`,
      `Base.typo: the scope 'notes:raed' is not among the manager's scopes. Did you mean "notes:read"?`,
      `Problems.alternatives: the scope 'notes:wirte' is not among the manager's scopes. Did you mean "notes:write"?`,
      'Problems.guarded has @Public(), but overrides Base.guarded, which is guarded; rename it or remove @Public()',
      'Problems.both has both @Public() and @Authorized(); remove one of them',
      'Problems.user has @Public(), but requires a current user; remove @Public() or write @CurrentUser({ required: false })',
      'Problems.number: @Authorized takes scopes (strings), policies (functions), anyOf(…), allOf(…) and stepUp(…), alone or in an array',
      'Problems.object: @Authorized takes scopes (strings), policies (functions), anyOf(…), allOf(…) and stepUp(…), alone or in an array',
      "Problems.space: 'two scopes' is not a scope: a scope is printable ASCII without spaces, quotes and backslashes (RFC 6749 §3.3); pass several as an array",
      'BothAtOnce has both @Public() and @Authorized(); remove one of them',
    ]);
  });

  it('is told by routes(), protect() and the servers alike', () => {
    const options = { ...nothingElse, controllers: [Problems, BothAtOnce] };
    const messages = [
      thrownBy(() => manager.routes(options)),
      thrownBy(() => manager.protect(options)),
      thrownBy(() => manager.useExpressServer(createApp('Express 5'), options)),
      thrownBy(() => manager.useKoaServer(createApp('Koa'), options)),
      thrownBy(() => manager.createExpressServer(options)),
      thrownBy(() => manager.createKoaServer(options)),
    ].map(({ message }) => message);
    expect(new Set(messages)).to.have.property('size', 1);
    expect(messages[0]?.split('\n- ')).to.have.length.greaterThan(5);
  });

  it('is not that a scope is undeclared where none is declared', () => {
    expect(() => managerOf().routes({ ...nothingElse, controllers: [Good, SecondProblems] })).not.to.throw();
  });

  it('is that a scope is undeclared where an empty list is declared', () => {
    expect(problemsOf(managerOf({ scopes: {} }), Good)).to.deep.equal([
      `Good.get: the scope 'notes:read' is not among the manager's scopes.`,
    ]);
  });

  for (const framework of ['Express 5', 'Express 4', 'Koa'] as const) {
    it(`is told before any route exists on ${framework}: the good ones are not there either`, async () => {
      const app = createApp(framework);
      expect(() => serve(app, framework, manager, [Good, Problems])).to.throw(ConfigurationError);
      const { client } = await listen(app);
      for (const path of ['/good', '/problems/good', '/problems/both']) {
        expect((await client.get(path)).status, path).to.equal(404);
      }
    });

    it(`leaves an application of ${framework} fit for the routes once they are mended`, async () => {
      const app = createApp(framework);
      expect(() => serve(app, framework, manager, [Problems])).to.throw(ConfigurationError);
      serve(app, framework, manager, [Good]);
      const { client } = await listen(app);
      expect((await client.get('/good')).status).to.equal(401);
    });
  }

  describe('is that there is no user loader:', () => {
    let told: Record<'none' | 'several' | 'beside' | 'optional' | 'noLogin', string[]>;

    // In a process of its own, for a manager takes the only class that has a loader, and specs declare several.
    before(() => {
      told = inChildProcess(
        `result = require('../routing-controllers/fixtures/missing-loader.js').main();`,
      ) as typeof told;
    });

    it('none', () => {
      expect(told.none).to.have.length(1);
      expect(told.none[0]).to.match(/UserLoader/);
    });

    it('or several, with their names', () => {
      expect(told.several).to.have.length(1);
      expect(told.several[0]).to.match(/FirstLoader.*SecondLoader/s);
    });

    it('which stands beside all else that is wrong', () => {
      expect(told.beside).to.have.length(2);
      expect(told.beside[0]).to.contain("Misspelt.get: the scope 'notes:raed' is not among");
    });

    it('which matters to a route that may have a user, too', () => {
      expect(told.optional).to.have.length(1);
    });

    it('which does not matter where nobody logs in', () => {
      expect(told.noLogin).to.deep.equal([]);
    });
  });
});
