import { expect } from 'chai';
import { Authorized, CurrentUser, Get, getMetadataArgsStorage, JsonController, Post } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { Public } from '../../src/authorization/public';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { securedSpec } from '../../src/openapi/index';
import { type Account, managerOf } from '../support/accounts';
import '../support/quiet-lost-guards';
import { documentOf, expectValid, operationIn, operationOf } from './documents';

@Authorized('staff')
class Base {
  @Authorized('read')
  @Get('/inherited')
  inherited() {
    return {};
  }

  @Authorized('read')
  @Get('/overridden')
  overridden() {
    return {};
  }
}

@Authorized('extra')
@JsonController('/derived')
class Derived extends Base {
  @Authorized('own')
  override overridden() {
    return {};
  }
}

@Authorized('a')
@JsonController()
class Guarded {
  @Authorized(['b', 'c'])
  @Get('/both')
  both() {
    return {};
  }

  @Authorized('d')
  @Authorized(['b', 'a'])
  @Get('/stacked')
  stacked() {
    return {};
  }

  @Get('/class')
  ofClass() {
    return {};
  }

  @Public()
  @Get('/public')
  open() {
    return {};
  }
}

@JsonController()
class Various {
  @Get('/open')
  open() {
    return {};
  }

  @Authorized()
  @Get('/login-needed')
  closed() {
    return {};
  }

  @Get('/optional')
  optional(@CurrentUser() account: Account) {
    return account;
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @Authorized(anyOf('write', 'admin'))
  @Post('/alternatives')
  alternatives() {
    return {};
  }

  @Authorized(['read', anyOf('x', 'y'), anyOf('z', 'w')])
  @Get('/combined')
  combined() {
    return {};
  }

  @Public()
  @Get('/word')
  word(@CurrentUser() account: Account) {
    return account;
  }
}

@JsonController()
class Unsaid {
  @Get('/unsaid')
  unsaid(@CurrentUser() account: Account) {
    return account;
  }
}

@Authorized(['raed', 'admn'])
@JsonController()
class Misspelt {
  @Public()
  @Authorized()
  @Get('/one')
  one() {
    return {};
  }

  @Authorized(42 as never)
  @Get('/two')
  two() {
    return {};
  }
}

const controllers = [Derived, Guarded, Various];
const manager = managerOf();
const bearerOf = (...scopes: string[]) => ({ OAuth2PasswordBearer: scopes });
const securityOf = (name: string) => operationOf(name, { manager, controllers }).security;

describe('the security of an operation', () => {
  it('has the scopes of class and method', () => {
    expect(securityOf('GET /both')).to.deep.equal([bearerOf('a', 'b', 'c')]);
    expect(securityOf('GET /class')).to.deep.equal([bearerOf('a')]);
  });

  it('has all of stacked guards, each scope once', () => {
    expect(securityOf('GET /stacked')).to.deep.equal([bearerOf('a', 'b', 'd')]);
  });

  it('has the guards of base classes and of overridden methods', () => {
    expect(securityOf('GET /derived/inherited')).to.deep.equal([bearerOf('extra', 'read', 'staff')]);
    expect(securityOf('GET /derived/overridden')).to.deep.equal([bearerOf('extra', 'own', 'read', 'staff')]);
  });

  it('is a login alone where no scope is needed', () => {
    expect(securityOf('GET /login-needed')).to.deep.equal([bearerOf()]);
    expect(securityOf('GET /required')).to.deep.equal([bearerOf()]);
  });

  it('is not there where the route is open', () => {
    expect(securityOf('GET /open')).to.equal(undefined);
    expect(securityOf('GET /public')).to.equal(undefined);
  });

  it('has nothing as an alternative where the user is optional', () => {
    expect(securityOf('GET /optional')).to.deep.equal([bearerOf(), {}]);
    expect(securityOf('GET /word')).to.deep.equal([bearerOf(), {}]);
  });

  it('has anyOf as alternatives, in every combination', () => {
    expect(securityOf('POST /alternatives')).to.deep.equal([bearerOf('write'), bearerOf('admin')]);
    expect(securityOf('GET /combined')).to.have.deep.members([
      bearerOf('read', 'x', 'z'),
      bearerOf('read', 'w', 'x'),
      bearerOf('read', 'y', 'z'),
      bearerOf('read', 'w', 'y'),
    ]);
  });

  it('has the cookie as one more alternative, once', () => {
    const both = managerOf({ useCookie: true });
    const document = documentOf({ manager: both, controllers });
    const cookie = { cookieAuth: [] };
    expect(operationIn(document, 'GET /class').security).to.deep.equal([bearerOf('a'), cookie]);
    expect(operationIn(document, 'GET /optional').security).to.deep.equal([bearerOf(), cookie, {}]);
    expect(operationIn(document, 'POST /alternatives').security).to.deep.equal([
      bearerOf('write'),
      bearerOf('admin'),
      cookie,
    ]);
  });

  it('is a login for whatever is not public, with defaultAccess authenticated', () => {
    const document = documentOf({ manager: managerOf({ defaultAccess: 'authenticated' }), controllers });
    expect(operationIn(document, 'GET /open').security).to.deep.equal([bearerOf()]);
    expect(operationIn(document, 'GET /optional').security).to.deep.equal([bearerOf()]);
    expect(operationIn(document, 'GET /public').security).to.equal(undefined);
    expect(operationIn(document, 'GET /word').security).to.deep.equal([bearerOf(), {}]);
  });

  it('follows the strictest defaultAccess of several managers', () => {
    const managers = [manager, managerOf({ defaultAccess: 'authenticated' })];
    expect(operationOf('GET /open', { manager: managers, controllers }).security).to.deep.equal([bearerOf()]);
  });

  it('follows the defaults of routing-controllers’ options', () => {
    const defaults = { paramOptions: { required: true } };
    const options = { manager, controllers: [Unsaid], defaults };
    expect(operationOf('GET /unsaid', options).security).to.deep.equal([bearerOf()]);
    expect(operationOf('GET /unsaid', { ...options, defaults: {} }).security).to.deep.equal([bearerOf(), {}]);
  });

  it('is what routes() lists', () => {
    const document = documentOf({ manager, controllers });
    for (const route of manager.routes({ controllers })) {
      const { security } = operationIn(document, `${route.method} ${route.path}`);
      const isOpen = security === undefined || security.some((one: object) => Object.keys(one).length === 0);
      expect(isOpen, route.path).to.equal(route.public);
      for (const scope of route.scopes) {
        for (const alternative of security) expect(alternative.OAuth2PasswordBearer, route.path).to.include(scope);
      }
    }
  });

  it('is refused with every problem in one error, and the nearest declared scope', () => {
    const strict = managerOf({ scopes: { read: '', write: '', admin: '' } });
    const make = () => securedSpec(strict, getMetadataArgsStorage(), { controllers: [Misspelt] });
    expect(make).to.throw(ConfigurationError);
    try {
      make();
    } catch (error) {
      const { message } = error as Error;
      expect(message).to.match(/Misspelt: the scope 'raed' .*read/);
      expect(message).to.match(/Misspelt: the scope 'admn' .*admin/);
      expect(message).to.contain('Misspelt.one has both @Public() and @Authorized()');
      expect(message).to.contain('Misspelt.two: @Authorized takes scopes');
    }
  });

  it('makes documents that are valid in two validators', async () => {
    for (const one of [manager, managerOf({ useCookie: true, defaultAccess: 'authenticated' })]) {
      await expectValid(documentOf({ manager: one, controllers }));
    }
  });
});
