import { expect } from 'chai';
import { All, Authorized, Controller, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import { OpenAPI } from 'routing-controllers-openapi';
import { type Account, managerOf } from '../support/accounts';
import { documentOf, expectValid, operationIn, operationOf } from './documents';

const isAdmin = (account: Account) => account.admin;
const isOwner = () => true;

@JsonController()
class Routes {
  @Get('/open')
  open() {
    return {};
  }

  @Get('/optional')
  optional(@CurrentUser() account: Account) {
    return account;
  }

  @Authorized()
  @Get('/login-needed')
  closed() {
    return {};
  }

  @Authorized()
  @Post('/login-needed')
  change() {
    return {};
  }

  @Authorized('read')
  @Get('/scope')
  scope() {
    return {};
  }

  @Authorized([isAdmin, isOwner])
  @Get('/policies')
  policies() {
    return {};
  }

  @OpenAPI({ description: 'Counts everything.' })
  @Authorized(isAdmin)
  @Get('/described')
  described() {
    return {};
  }

  @Authorized(() => true)
  @Get('/nameless')
  nameless() {
    return {};
  }

  @Authorized()
  @All('/all')
  all() {
    return {};
  }
}

@Authorized('read')
@Controller('/pages')
class Pages {
  @Get()
  page() {
    return '<p>';
  }
}

const controllers = [Routes, Pages];
const manager = managerOf();
const LOGIN_ERROR = { $ref: '#/components/schemas/LoginError' };

describe('the refusals in the document', () => {
  const statusesOf = (name: string, of = manager) =>
    Object.keys(operationOf(name, { manager: of, controllers }).responses);

  it('are 401 where a login is needed', () => {
    expect(statusesOf('GET /login-needed')).to.deep.equal(['200', '401']);
    expect(statusesOf('GET /open')).to.deep.equal(['200']);
    expect(statusesOf('GET /optional')).to.deep.equal(['200']);
  });

  it('are 403 where a scope or a policy is needed', () => {
    expect(statusesOf('GET /scope')).to.deep.equal(['200', '401', '403']);
    expect(statusesOf('GET /policies')).to.deep.equal(['200', '401', '403']);
  });

  it('are 403 where a cookie could be sent by a foreign page', () => {
    const withCookie = managerOf({ useCookie: true });
    expect(statusesOf('POST /login-needed', manager)).to.deep.equal(['200', '401']);
    expect(statusesOf('POST /login-needed', withCookie)).to.deep.equal(['200', '401', '403']);
    expect(statusesOf('GET /login-needed', withCookie)).to.deep.equal(['200', '401']);
    expect(statusesOf('POST /all', withCookie)).to.deep.equal(['200', '401', '403']);
    expect(statusesOf('GET /all', withCookie)).to.deep.equal(['200', '401']);
  });

  it('have the schema of what is answered', () => {
    const document = documentOf({ manager, controllers });
    const { 401: unauthorized, 403: forbidden } = operationIn(document, 'GET /scope').responses;
    for (const { description, content } of [unauthorized, forbidden]) {
      expect(description).to.be.a('string').that.is.not.empty;
      expect(content).to.deep.equal({ 'application/json': { schema: LOGIN_ERROR } });
    }
    const { LoginError } = document.components.schemas;
    expect(LoginError.required).to.deep.equal(['name', 'message', 'code']);
    expect(LoginError.properties).to.have.all.keys('name', 'message', 'code');
  });

  it('are text where the controller is no @JsonController', () => {
    const { 401: unauthorized, 403: forbidden } = operationOf('GET /pages', { manager, controllers }).responses;
    for (const { content } of [unauthorized, forbidden]) {
      expect(content).to.deep.equal({ 'text/html': { schema: { type: 'string' } } });
    }
  });

  it('bring no schema where nothing is refused', () => {
    const document = documentOf({ manager, controllers: [Pages] });
    expect(document.components.schemas).to.deep.equal({});
  });

  it('are valid in two validators', async () => {
    await expectValid(documentOf({ manager: managerOf({ useCookie: true }), controllers }));
  });
});

describe('policies in the document', () => {
  const descriptionOf = (name: string) => operationOf(name, { manager, controllers }).description;

  it('are named in the description', () => {
    expect(descriptionOf('GET /policies')).to.equal('Needs `isAdmin`, `isOwner`.');
    expect(descriptionOf('GET /nameless')).to.match(/^Needs .*policy/);
  });

  it('are named behind what @OpenAPI says', () => {
    expect(descriptionOf('GET /described')).to.equal('Counts everything.\n\nNeeds `isAdmin`.');
  });

  it('leave other operations without a description', () => {
    expect(descriptionOf('GET /scope')).to.equal(undefined);
  });
});
