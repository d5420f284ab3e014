import { expect } from 'chai';
import { Authorized, CurrentUser, Get } from 'routing-controllers';
import { ControllerMetadata } from '../../src/authorization/controller-metadata';
import { Public } from '../../src/authorization/public';
import { type AccessRules, getRouteMetadata, resolveAccess } from '../../src/authorization/route-access';
import '../support/quiet-lost-guards';

class Base {
  @Authorized('read')
  @Get('/guarded')
  guarded() {
    return {};
  }

  @Get('/plain')
  plain() {
    return {};
  }

  @Public()
  @Get('/open')
  open() {
    return {};
  }

  @Get('/user')
  user(@CurrentUser() account: unknown) {
    return account;
  }

  @Authorized([])
  @Get('/empty')
  empty() {
    return {};
  }

  @Authorized(null as never)
  @Get('/null')
  null() {
    return {};
  }
}

@Authorized('derived')
class Derived extends Base {
  @Authorized(['a', 'read'])
  override guarded() {
    return {};
  }
}

class Contradicting extends Base {
  @Public()
  override guarded() {
    return {};
  }
}

/** Says nothing itself: the contradiction is that of a class it extends. */
class Below extends Contradicting {
  override guarded() {
    return {};
  }
}

const open: AccessRules = { declaredScopes: undefined, defaultAccess: 'public' };
const closed: AccessRules = { declaredScopes: undefined, defaultAccess: 'authenticated' };

function resolved(type: new () => object, method: string, rules = open, requiredByDefault = false) {
  return resolveAccess(getRouteMetadata(type, method, new ControllerMetadata(), requiredByDefault), rules);
}

const scopesOf = (...args: Parameters<typeof resolved>) => {
  const { access, problems } = resolved(...args);
  expect(problems).to.deep.equal([]);
  return access.isPublic ? 'public' : [...access.requirement.allOf].sort().join(' ');
};

describe('resolveAccess', () => {
  it('adds up what classes and methods say, each scope once', () => {
    expect(scopesOf(Derived, 'guarded')).to.equal('a derived read');
    expect(scopesOf(Derived, 'plain')).to.equal('derived');
    expect(scopesOf(Base, 'guarded')).to.equal('read');
  });

  it('leaves what nobody guards to the default', () => {
    expect([scopesOf(Base, 'plain'), scopesOf(Base, 'plain', closed)]).to.deep.equal(['public', '']);
  });

  it('takes @Authorized([]) for a login', () => {
    expect(scopesOf(Base, 'empty')).to.equal('');
  });

  it('refuses @Authorized(null), and closes the route', () => {
    const { access, problems } = resolved(Base, 'null');
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include('Base.null: a required scope or policy is null; check for a circular import');
    expect(access.isPublic).to.equal(false);
  });

  it('opens what is @Public, in a guarded class and by a closed default', () => {
    expect([scopesOf(Base, 'open', closed), scopesOf(Derived, 'open', closed)]).to.deep.equal(['public', 'public']);
  });

  it('takes a current user for required where that is the default', () => {
    expect([scopesOf(Base, 'user'), scopesOf(Base, 'user', open, true)]).to.deep.equal(['public', '']);
  });

  it('names undeclared scopes by the class and method that say them', () => {
    const rules = { ...open, declaredScopes: ['read'] };
    expect(resolved(Derived, 'guarded', rules).problems).to.deep.equal([
      `Derived: the scope 'derived' is not among the manager's scopes.`,
      `Derived.guarded: the scope 'a' is not among the manager's scopes.`,
    ]);
  });

  it('does not contradict a contradiction by a class below it', () => {
    const problem =
      'Contradicting.guarded has @Public(), but overrides Base.guarded, which is guarded; rename it or remove @Public()';
    expect(resolved(Contradicting, 'guarded').problems).to.deep.equal([problem]);
    expect(resolved(Below, 'guarded').problems).to.deep.equal([problem]);
  });

  it('names a class and a method that say both, and a method that is open and wants a user', () => {
    @Public()
    @Authorized('a')
    class Both {
      @Get('/plain')
      plain() {
        return {};
      }
    }
    class Methods {
      @Public()
      @Authorized('a')
      @Get('/both')
      both() {
        return {};
      }

      @Public()
      @Get('/user')
      user(@CurrentUser({ required: true }) account: unknown) {
        return account;
      }

      @Public()
      @Get('/visitor')
      visitor(@CurrentUser({ required: false }) account: unknown) {
        return account;
      }
    }
    expect(resolved(Both, 'plain').problems).to.deep.equal([
      'Both has both @Public() and @Authorized(); remove one of them',
    ]);
    expect(resolved(Methods, 'both').problems).to.deep.equal([
      'Methods.both has both @Public() and @Authorized(); remove one of them',
    ]);
    expect(resolved(Methods, 'user').problems).to.deep.equal([
      'Methods.user has @Public(), but requires a current user; remove @Public() or write @CurrentUser({ required: false })',
    ]);
    expect(scopesOf(Methods, 'visitor')).to.equal('public');
    for (const [type, method] of [
      [Both, 'plain'],
      [Methods, 'both'],
      [Methods, 'user'],
    ] as const)
      expect(resolved(type, method).access.isPublic, method).to.equal(false);
  });

  it('is not opened by a class that is @Public, if a method of it is guarded', () => {
    @Public()
    class Open {
      @Authorized('a')
      @Get('/guarded')
      guarded() {
        return {};
      }

      @Get('/plain')
      plain() {
        return {};
      }
    }
    expect([scopesOf(Open, 'guarded', closed), scopesOf(Open, 'plain', closed)]).to.deep.equal(['a', 'public']);
  });

  it('is closed where there is a problem', () => {
    expect(resolved(Contradicting, 'guarded').access.isPublic).to.equal(false);
  });
});
