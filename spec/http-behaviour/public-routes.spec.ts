import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, UseBefore } from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { badTokens, clock } from '../support/bad-tokens';
import { bearer } from '../support/http';
import { userSeenBy } from '../support/journal';
import { thrownBy } from '../support/rejection';
import type { App } from '../support/servers';
import { onEachSecureServer } from '../support/servers';
import '../support/quiet-lost-guards';

const whoIs = (account: Account | null) => ({ email: account?.email ?? null });

@JsonController('/plain')
class Plain {
  @Get('/closed')
  closed() {
    return {};
  }

  @Public()
  @Get('/open')
  open(@CurrentUser() account: Account | null) {
    return whoIs(account);
  }

  @Authorized('read')
  @Get('/scoped')
  scoped() {
    return {};
  }
}

@Authorized('staff')
@JsonController('/staff')
class Staff {
  @Public()
  @Get('/open')
  open(@CurrentUser() account: Account | null) {
    return whoIs(account);
  }

  @Get('/closed')
  closed() {
    return {};
  }
}

@Public()
@JsonController('/public')
class PublicClass {
  @Get('/open')
  open() {
    return {};
  }

  @Authorized()
  @Get('/closed')
  closed() {
    return {};
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return whoIs(account);
  }
}

@JsonController('/derived')
class DerivedFromPublic extends PublicClass {
  @Get('/own')
  own() {
    return {};
  }
}

@Authorized('base')
class GuardedBase {
  @Get('/inherited')
  inherited() {
    return {};
  }

  @Authorized('method')
  @Get('/guarded')
  guarded() {
    return {};
  }

  @Public()
  @Get('/open')
  open() {
    return { of: 'base' };
  }

  @Public()
  @Get('/overridden')
  overridden() {
    return { of: 'base' };
  }
}

@Public()
@JsonController('/opened')
class OpenedClass extends GuardedBase {}

@JsonController('/overriding')
class Overriding extends GuardedBase {
  override overridden() {
    return { of: 'derived' };
  }
}

@Authorized('derived')
@JsonController('/guarding')
class Guarding extends GuardedBase {}

@JsonController('/again')
class PublicAgain extends GuardedBase {
  @Public()
  override overridden() {
    return { of: 'derived' };
  }
}

class OpenMethods {
  @Public()
  @Get('/open')
  open() {
    return {};
  }
}

@JsonController('/guarded-override')
class GuardedOverride extends OpenMethods {
  @Authorized('read')
  override open() {
    return {};
  }
}

const seen: unknown[] = [];
function seeing(...args: App[]): unknown {
  seen.push(userSeenBy(args));
  return args.at(-1)();
}

@JsonController('/seeing')
class Seeing {
  @Public()
  @UseBefore(seeing)
  @Get()
  see() {
    return {};
  }
}

const everyController = [
  Plain,
  Staff,
  PublicClass,
  DerivedFromPublic,
  OpenedClass,
  Overriding,
  Guarding,
  PublicAgain,
  GuardedOverride,
];

describe('who may come where', () => {
  onEachSecureServer((start) => {
    const publicByDefault = managerOf({ clock: clock.tell });
    const closedByDefault = managerOf({ clock: clock.tell, defaultAccess: 'authenticated' });

    const statusFor = async (manager: LoginManager<Account>, path: string, scopes?: string[]) => {
      const { client } = await start({ manager, controllers: everyController });
      return (await client.get(path).set(scopes ? bearer(tokenOf(manager, 'bob@example.com', scopes)) : {})).status;
    };

    describe("with defaultAccess 'public'", () => {
      for (const path of [
        '/plain/closed',
        '/plain/open',
        '/staff/open',
        '/public/open',
        '/derived/own',
        '/derived/open',
      ]) {
        it(`anybody gets ${path}`, async () => {
          expect(await statusFor(publicByDefault, path)).to.equal(200);
        });
      }

      for (const path of ['/plain/scoped', '/staff/closed', '/public/closed', '/public/required', '/opened/guarded']) {
        it(`nobody gets ${path} without a login`, async () => {
          expect(await statusFor(publicByDefault, path)).to.equal(401);
        });
      }
    });

    describe("with defaultAccess 'authenticated'", () => {
      it('a route without any word needs a login, and no scope', async () => {
        expect(await statusFor(closedByDefault, '/plain/closed')).to.equal(401);
        expect(await statusFor(closedByDefault, '/plain/closed', [])).to.equal(200);
      });

      it('@Authorized asks for scopes as ever', async () => {
        expect(await statusFor(closedByDefault, '/plain/scoped', [])).to.equal(403);
        expect(await statusFor(closedByDefault, '/plain/scoped', ['read'])).to.equal(200);
      });

      it('@Public on a method opens it', async () => {
        expect(await statusFor(closedByDefault, '/plain/open')).to.equal(200);
      });

      it('@Public on a class opens its routes', async () => {
        expect(await statusFor(closedByDefault, '/public/open')).to.equal(200);
      });

      it('what is no route is not found, rather than refused', async () => {
        expect(await statusFor(closedByDefault, '/nowhere')).to.equal(404);
      });
    });

    describe('the nearest word counts:', () => {
      it('@Public on a method opens a route of an @Authorized class', async () => {
        expect(await statusFor(closedByDefault, '/staff/open')).to.equal(200);
        expect(await statusFor(closedByDefault, '/staff/closed', [])).to.equal(403);
      });

      it('@Authorized on a method closes a route of a @Public class', async () => {
        expect(await statusFor(closedByDefault, '/public/closed')).to.equal(401);
        expect(await statusFor(closedByDefault, '/public/closed', [])).to.equal(200);
      });

      it('a required current user closes it too', async () => {
        expect(await statusFor(closedByDefault, '/public/required')).to.equal(401);
      });

      it('@Public on a class opens what the class it extends guards as a class', async () => {
        expect(await statusFor(closedByDefault, '/opened/inherited')).to.equal(200);
      });

      it('but not what that class guards method by method', async () => {
        expect(await statusFor(closedByDefault, '/opened/guarded')).to.equal(401);
        expect(await statusFor(closedByDefault, '/opened/guarded', ['method'])).to.equal(403);
        expect(await statusFor(closedByDefault, '/opened/guarded', ['method', 'base'])).to.equal(200);
      });

      it('@Public on a method holds in a derived class that is @Authorized', async () => {
        expect(await statusFor(closedByDefault, '/guarding/open')).to.equal(200);
        expect(await statusFor(closedByDefault, '/guarding/inherited', ['base'])).to.equal(403);
      });
    });

    describe('@Public', () => {
      it('on a class does not go to derived classes', async () => {
        expect(await statusFor(closedByDefault, '/derived/open')).to.equal(401);
        expect(await statusFor(closedByDefault, '/derived/own')).to.equal(401);
        expect(await statusFor(closedByDefault, '/derived/own', [])).to.equal(200);
      });

      it('on a method goes with its body to a derived class', async () => {
        expect(await statusFor(closedByDefault, '/overriding/open')).to.equal(200);
      });

      it('on a method does not go to an override', async () => {
        expect(await statusFor(closedByDefault, '/overriding/overridden')).to.equal(401);
        expect(await statusFor(closedByDefault, '/overriding/overridden', [])).to.equal(403);
        expect(await statusFor(closedByDefault, '/overriding/overridden', ['base'])).to.equal(200);
      });

      it('on an override of a method that is @Public opens that one', async () => {
        expect(await statusFor(closedByDefault, '/again/overridden')).to.equal(200);
      });

      it('yields to @Authorized on an override', async () => {
        expect(await statusFor(closedByDefault, '/guarded-override/open')).to.equal(401);
        expect(await statusFor(closedByDefault, '/guarded-override/open', ['read'])).to.equal(200);
      });
    });

    describe('on a public route @CurrentUser() is', () => {
      for (const [kind, path] of [
        ['route', '/plain/open'],
        ['route of a guarded class', '/staff/open'],
      ] as const) {
        it(`the user who is logged in, on a public ${kind}`, async () => {
          const { client } = await start({ manager: closedByDefault, controllers: everyController });
          const { body } = await client.get(path).set(bearer(tokenOf(closedByDefault)));
          expect(body).to.deep.equal({ email: 'ada@example.com' });
        });

        it(`null without a token, on a public ${kind}`, async () => {
          const { client } = await start({ manager: closedByDefault, controllers: everyController });
          expect((await client.get(path)).body).to.deep.equal({ email: null });
        });
      }

      for (const [name, { token }] of Object.entries(badTokens)) {
        it(`null for ${name}`, async () => {
          const { client } = await start({ manager: closedByDefault, controllers: [Plain] });
          const { status, body } = await client.get('/plain/open').set(bearer(token));
          expect([status, body]).to.deep.equal([200, { email: null }]);
        });
      }
    });

    it('the own middleware of a public route sees the user, or null', async () => {
      seen.length = 0;
      const { client } = await start({ manager: closedByDefault, controllers: [Seeing] });
      await client.get('/seeing').set(bearer(tokenOf(closedByDefault)));
      await client.get('/seeing');
      await client.get('/seeing').set(bearer('garbage'));
      expect(seen).to.deep.equal([{ email: 'ada@example.com', admin: true }, null, null]);
    });
  });

  it("lm.checker is refused with defaultAccess 'authenticated', which it cannot keep", () => {
    const manager = managerOf({ defaultAccess: 'authenticated' });
    const error = thrownBy(() => manager.checker);
    expect(error).to.be.instanceOf(ConfigurationError);
    expect(error.message).to.match(/useExpressServer or useKoaServer/);
  });
});
