import path from 'node:path';
import { expect } from 'chai';
import {
  All,
  Authorized,
  Controller,
  CurrentUser,
  Delete,
  Get,
  JsonController,
  Method,
  Post,
} from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { Public } from '../../src/authorization/public';
import { formatRoutes } from '../../src/authorization/route-table';
import { type Account, managerOf } from '../support/accounts';
import { createApp, nothingElse } from '../support/servers';
import '../support/quiet-lost-guards';

const isOwner = () => true;

class Base {
  @Authorized('write')
  @Post()
  create() {
    return {};
  }

  @Authorized(['read', 'admin', 'read'])
  @Get()
  list() {
    return {};
  }
}

@Authorized(anyOf('staff', 'boss'))
@JsonController('/notes')
class Notes extends Base {
  @Authorized([isOwner, anyOf('boss', 'staff'), anyOf('b', 'a')])
  @Delete('/:id')
  remove() {
    return {};
  }

  @Public()
  @Get('/open')
  open() {
    return {};
  }
}

@Controller()
class Pages {
  @Get()
  home() {
    return '';
  }

  @Authorized(() => true)
  @Get(/^\/archive\/(\d+)$/i)
  archive() {
    return '';
  }

  @Authorized()
  @All('/anything')
  anything() {
    return '';
  }

  @Method('propfind' as never, '/find')
  find(@CurrentUser({ required: true }) account: Account) {
    return account.email;
  }
}

@JsonController('/notes')
class MoreNotes {
  @Authorized()
  @Get('/open')
  open() {
    return {};
  }
}

const options = { ...nothingElse, controllers: [Notes, Pages, MoreNotes] };

describe('lm.routes', () => {
  const manager = managerOf();

  it('says what was decided about each route, by path, method and controller', () => {
    const open = { public: true, scopes: [], anyOf: [], policies: [] };
    const login = { ...open, public: false };
    expect(manager.routes(options)).to.deep.equal([
      { method: 'GET', path: '/', controller: 'Pages', action: 'home', ...open },
      {
        method: 'GET',
        path: '/^\\/archive\\/(\\d+)$/i',
        controller: 'Pages',
        action: 'archive',
        ...login,
        policies: ['(anonymous)'],
      },
      { method: 'ALL', path: '/anything', controller: 'Pages', action: 'anything', ...login },
      { method: 'PROPFIND', path: '/find', controller: 'Pages', action: 'find', ...login },
      {
        method: 'GET',
        path: '/notes',
        controller: 'Notes',
        action: 'list',
        ...login,
        scopes: ['admin', 'read'],
        anyOf: [['boss', 'staff']],
      },
      {
        method: 'POST',
        path: '/notes',
        controller: 'Notes',
        action: 'create',
        ...login,
        scopes: ['write'],
        anyOf: [['boss', 'staff']],
      },
      {
        method: 'DELETE',
        path: '/notes/:id',
        controller: 'Notes',
        action: 'remove',
        ...login,
        anyOf: [
          ['boss', 'staff'],
          ['a', 'b'],
        ],
        policies: ['isOwner'],
      },
      { method: 'GET', path: '/notes/open', controller: 'MoreNotes', action: 'open', ...login },
      { method: 'GET', path: '/notes/open', controller: 'Notes', action: 'open', ...open },
    ]);
  });

  it('is the same whatever the order of the controllers', () => {
    const reversed = { ...options, controllers: [...options.controllers].reverse() };
    expect(manager.routes(reversed)).to.deep.equal(manager.routes(options));
  });

  it('takes globs', () => {
    const controllers = [path.join(__dirname, 'fixtures/*.controller.js')];
    expect(
      manager.routes({ ...nothingElse, controllers }).map((route) => `${route.path} ${route.public}`),
    ).to.deep.equal(['/globbed false', '/globbed/open true']);
  });

  it('puts the prefix before the paths', () => {
    const paths = manager.routes({ ...options, routePrefix: '/api' }).map((route) => route.path);
    expect(paths).to.include.members(['/api', '/api/notes', '/api/anything']);
  });

  it('gives no routes as a table of its head', () => {
    expect(formatRoutes([])).to.equal('METHOD  PATH  NEEDS  HANDLER');
  });

  it("knows the manager's default access", () => {
    const closed = managerOf({ defaultAccess: 'authenticated' }).routes(options);
    expect(closed.filter((route) => route.public).map((route) => route.path)).to.deep.equal(['/notes/open']);
  });

  it('changes nothing of the options, and serves nothing', () => {
    const frozen = Object.freeze({ ...options });
    expect(manager.routes(frozen)).to.deep.equal(manager.routes(options));
  });

  it('is the same before a server is made and after', () => {
    const before = manager.routes(options);
    manager.useExpressServer(createApp('Express 4'), options);
    manager.useKoaServer(createApp('Koa'), options);
    expect(manager.routes(options)).to.deep.equal(before);
  });

  it('makes a new list each time', () => {
    manager.routes(options).length = 0;
    expect(manager.routes(options)).to.have.length(9);
  });

  it('is a table by formatRoutes', () => {
    expect(formatRoutes(manager.routes(options)).split('\n')).to.deep.equal([
      'METHOD    PATH                   NEEDS                           HANDLER',
      'GET       /                      (public)                        Pages.home',
      'GET       /^\\/archive\\/(\\d+)$/i  (anonymous)                     Pages.archive',
      'ALL       /anything              (login)                         Pages.anything',
      'PROPFIND  /find                  (login)                         Pages.find',
      'GET       /notes                 admin, read, boss | staff       Notes.list',
      'POST      /notes                 write, boss | staff             Notes.create',
      'DELETE    /notes/:id             boss | staff, a | b, isOwner()  Notes.remove',
      'GET       /notes/open            (login)                         MoreNotes.open',
      'GET       /notes/open            (public)                        Notes.open',
    ]);
  });
});
