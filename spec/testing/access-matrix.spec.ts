import { expect } from 'chai';
import { Authorized, Body, CurrentUser, Delete, Get, JsonController, Post } from 'routing-controllers';
import { allOf, anyOf } from '../../src/authorization/alternatives';
import { policy } from '../../src/authorization/policy';
import { Public } from '../../src/authorization/public';
import { LoginManager } from '../../src/manager/login-manager';
import { type AccessMatrixOptions, accessMatrix } from '../../src/testing/access-matrix';
import { type Account, Accounts, managerOf, tokenOf } from '../support/accounts';
import { ed25519 } from '../support/keys';

let handled = 0;

@JsonController('/notes')
class Notes {
  @Public()
  @Get()
  list() {
    handled += 1;
    return [];
  }

  @Get('/mine')
  mine(@CurrentUser({ required: true }) _user: Account) {
    handled += 1;
    return [];
  }

  @Authorized(['notes:write', 'notes:delete'])
  @Delete('/:id')
  remove() {
    handled += 1;
    return {};
  }

  @Authorized(anyOf('notes:write', 'admin'))
  @Post()
  create(@Body({ required: true }) _body: object) {
    handled += 1;
    return {};
  }

  @Authorized(
    anyOf(
      'admin',
      allOf(
        'notes:write',
        policy('isOpen', () => true),
      ),
    ),
  )
  @Get('/open')
  open() {
    handled += 1;
    return [];
  }

  @Authorized([policy('isOwner', ({ email }: Account, { params }) => email === params.owner)])
  @Get('/of/:owner')
  ofOwner() {
    handled += 1;
    return [];
  }
}

const matrixOf = (manager = managerOf(), options: AccessMatrixOptions = {}) =>
  accessMatrix(manager, { controllers: [Notes], ...options });

const rowOf = async (route: string, manager?: LoginManager<Account>, options?: AccessMatrixOptions) =>
  (await matrixOf(manager, options)).find((row) => row.route === route);

describe('accessMatrix', () => {
  beforeEach(() => {
    handled = 0;
  });

  it('has a row for each route: without a login, with each scope left out, and with all', async () => {
    expect(await matrixOf()).to.deep.equal([
      { route: 'GET /notes', nothing: 200, without: {}, all: 200 },
      { route: 'POST /notes', nothing: 401, without: { 'notes:write': 200, admin: 200 }, all: 200 },
      { route: 'DELETE /notes/:id', nothing: 401, without: { 'notes:delete': 403, 'notes:write': 403 }, all: 200 },
      { route: 'GET /notes/mine', nothing: 401, without: {}, all: 200 },
      { route: 'GET /notes/of/:owner', nothing: 401, without: {}, all: 403 },
      { route: 'GET /notes/open', nothing: 401, without: { 'notes:write': 200, admin: 200 }, all: 200 },
    ]);
  });

  it('runs no handler', async () => {
    await matrixOf();
    expect(handled).to.equal(0);
  });

  it('has the prefix of the routes', async () => {
    const [row] = await matrixOf(managerOf(), { routePrefix: '/api' });
    expect(row).to.include({ route: 'GET /api/notes', nothing: 200 });
  });

  it('shows what is closed by default', async () => {
    @JsonController()
    class Plain {
      @Get('/plain')
      plain() {
        return {};
      }
    }
    const [row] = await accessMatrix(managerOf({ defaultAccess: 'authenticated' }), { controllers: [Plain] });
    expect(row).to.include({ route: 'GET /plain', nothing: 401, all: 200 });
  });

  it('asks policies about the user and the parameters that it is given', async () => {
    const options = { user: { email: 'ada@example.com' }, params: { owner: 'ada@example.com' } };
    expect(await rowOf('GET /notes/of/:owner', managerOf(), options)).to.include({ nothing: 401, all: 200 });
  });

  it("asks the manager's own loader about a subject", async () => {
    const options = { sub: 'bob@example.com', params: { owner: 'bob@example.com' } };
    expect(await rowOf('GET /notes/of/:owner', managerOf(), options)).to.include({ all: 200 });
    expect(await rowOf('GET /notes/mine', managerOf(), { sub: 'gone@example.com' })).to.include({ all: 401 });
  });

  it('puts the loader back', async () => {
    const manager = managerOf();
    await matrixOf(manager, { user: { email: 'of the test' } });
    expect((await manager.getCurrentUser(tokenOf(manager))).email).to.equal('ada@example.com');
  });

  for (const [name, make] of [
    [
      'only verifies',
      () =>
        new LoginManager<Account>({ publicKey: ed25519().publicKey }, null, {
          algorithm: 'EdDSA',
          userLoader: Accounts,
        }),
    ],
    [
      'has the keys of an issuer',
      () =>
        new LoginManager<Account>({ issuer: 'https://login.example.com', audience: 'notes' }, null, {
          userLoader: Accounts,
        }),
    ],
    ['reads the cookie alone', () => managerOf({ useHeader: false, useCookie: true })],
  ] as const) {
    it(`is the same for a manager that ${name}`, async () => {
      expect(await matrixOf(make())).to.deep.equal(await matrixOf());
    });
  }

  it('asks a function for the claims of scopes, for a manager whose scopeClaim is a function', async () => {
    const manager = managerOf({ scopeClaim: ({ roles }) => roles as string[] });
    expect(await matrixOf(manager, { data: (roles) => ({ roles }) })).to.deep.equal(await matrixOf());
  });

  it('reports the problems of the routes as the server does, and puts the loader back', async () => {
    const manager = managerOf({ scopes: { other: 'Another' } });
    const error = await matrixOf(manager).catch((reason) => reason);
    expect(error).to.have.property('name', 'ConfigurationError');
    const token = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
    expect((await manager.getCurrentUser(token)).email).to.equal('ada@example.com');
  });
});
