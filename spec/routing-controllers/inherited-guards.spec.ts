import { expect } from 'chai';
import {
  Authorized,
  Body,
  CurrentUser,
  Delete,
  Get,
  JsonController,
  Param,
  Post,
  Put,
  useExpressServer,
  useKoaServer,
} from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { type App, createApp, listen, nothingElse, onEachSecureServer, type RunningServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const manager = managerOf();
const withScopes = (...scopes: string[]) => bearer(tokenOf(manager, 'ada@example.com', scopes));

/** A base for controllers of any kind of thing. */
abstract class CrudController<T extends { id: string }> {
  protected abstract readonly things: Map<string, T>;

  @Authorized('read')
  @Get()
  list(): T[] {
    return [...this.things.values()];
  }

  @Authorized('read')
  @Get('/:id')
  one(@Param('id') id: string): T | null {
    return this.things.get(id) ?? null;
  }

  @Authorized(['read', 'write'])
  @Post()
  create(@Body() thing: T, @CurrentUser() account: Account): { created: T; by: string } {
    return { created: thing, by: account.email };
  }

  @Authorized(anyOf('admin', 'erase'))
  @Delete('/:id')
  remove(@Param('id') id: string): { removed: boolean } {
    return { removed: this.things.delete(id) };
  }
}

interface Note {
  id: string;
  text: string;
}

@JsonController('/notes')
class Notes extends CrudController<Note> {
  protected readonly things = new Map([['1', { id: '1', text: 'hello' }]]);
}

@Authorized('staff')
@JsonController('/bills')
class Bills extends CrudController<{ id: string }> {
  protected readonly things = new Map([['7', { id: '7' }]]);
}

@Authorized('first')
class First {
  @Authorized('base')
  @Get()
  list() {
    return ['first'];
  }
}

@Authorized('second')
class Second extends First {
  override list() {
    return ['second'];
  }
}

@Authorized('third')
@JsonController('/three')
class Three extends Second {
  @Authorized('own')
  override list() {
    return ['three'];
  }
}

@JsonController('/bare')
class Bare extends First {
  @Get('/renamed')
  override list() {
    return ['renamed'];
  }
}

type Constructor = new (...args: App[]) => object;

function Erasing<B extends Constructor>(Base: B) {
  class Eraser extends Base {
    @Authorized('erase')
    @Put('/erase')
    erase() {
      return { erased: true };
    }
  }
  return Eraser;
}

@Authorized()
class Plain {
  @Get('/plain')
  plain() {
    return { plain: true };
  }
}

@JsonController('/erasing')
class ErasingNotes extends Erasing(Plain) {}

@JsonController('/other')
class OtherNotes extends Erasing(class Unguarded {}) {}

class RequiringUser {
  @Get('/me')
  me(@CurrentUser({ required: true }) account: Account) {
    return { email: account.email };
  }
}

@JsonController('/mine')
class Mine extends RequiringUser {}

@JsonController('/theirs')
class Theirs extends RequiringUser {
  override me(@CurrentUser() account: Account | null) {
    return { email: account?.email ?? 'nobody', overridden: true };
  }
}

/** Loses every guard that it has from another class. */
const losing = [Notes, Bills, ErasingNotes, Mine];

describe('guards of the classes that a controller extends', () => {
  silencingStderr();

  onEachSecureServer((start, framework) => {
    let server: RunningServer;
    const get = (path: string, ...scopes: string[]) =>
      server.client.get(path).set(scopes.length > 0 ? withScopes(...scopes) : {});

    describe('a generic CrudController', () => {
      beforeEach(async () => {
        server = await start({ manager, controllers: [Notes, Bills] });
      });

      it('guards what derives from it', async () => {
        expect((await get('/notes')).status).to.equal(401);
        expect((await get('/notes', 'other')).status).to.equal(403);
        expect((await get('/notes', 'read')).body).to.deep.equal([{ id: '1', text: 'hello' }]);
      });

      it('guards it route by route', async () => {
        const sent = { id: '2', text: 'new' };
        expect((await server.client.post('/notes').send(sent)).status).to.equal(401);
        expect((await server.client.post('/notes').set(withScopes('read')).send(sent)).status).to.equal(403);
        const { body } = await server.client.post('/notes').set(withScopes('read', 'write')).send(sent);
        expect(body).to.deep.equal({ created: sent, by: 'ada@example.com' });
      });

      it('hands on alternatives', async () => {
        expect((await server.client.delete('/notes/9').set(withScopes('read', 'write'))).status).to.equal(403);
        for (const scope of ['admin', 'erase']) {
          const { status } = await server.client.delete('/notes/9').set(withScopes(scope));
          expect(status).to.equal(200);
        }
      });

      it('adds up with what a derived class asks', async () => {
        expect((await get('/bills', 'read')).status).to.equal(403);
        expect((await get('/bills', 'staff')).status).to.equal(403);
        expect((await get('/bills', 'staff', 'read')).body).to.deep.equal([{ id: '7' }]);
      });

      it('takes nothing from one derived class into another', async () => {
        expect((await get('/notes/1', 'read')).status).to.equal(200);
        expect((await get('/bills/7', 'read')).status).to.equal(403);
        expect(
          manager.routes({ controllers: [Bills, Notes] }).filter(({ path }) => /^.[a-z]+$/.test(path)),
        ).to.deep.equal([
          {
            method: 'GET',
            path: '/bills',
            controller: 'Bills',
            action: 'list',
            public: false,
            scopes: ['read', 'staff'],
            anyOf: [],
            policies: [],
          },
          {
            method: 'POST',
            path: '/bills',
            controller: 'Bills',
            action: 'create',
            public: false,
            scopes: ['read', 'staff', 'write'],
            anyOf: [],
            policies: [],
          },
          {
            method: 'GET',
            path: '/notes',
            controller: 'Notes',
            action: 'list',
            public: false,
            scopes: ['read'],
            anyOf: [],
            policies: [],
          },
          {
            method: 'POST',
            path: '/notes',
            controller: 'Notes',
            action: 'create',
            public: false,
            scopes: ['read', 'write'],
            anyOf: [],
            policies: [],
          },
        ]);
      });

      it('says which scopes are missing', async () => {
        const { headers } = await get('/bills', 'other');
        expect(headers['www-authenticate']).to.match(/error="insufficient_scope", scope="(read staff|staff read)"/);
      });
    });

    describe('three levels', () => {
      const all = ['first', 'second', 'third', 'base', 'own'];

      beforeEach(async () => {
        server = await start({ manager, controllers: [Three, Bare] });
      });

      it('need what every class and every override asks', async () => {
        expect((await get('/three', ...all)).body).to.deep.equal(['three']);
      });

      for (const missing of all) {
        it(`do not let in who lacks '${missing}'`, async () => {
          const { status } = await get('/three', ...all.filter((scope) => scope !== missing));
          expect(status).to.equal(403);
        });
      }

      it('leave a sibling with less', async () => {
        expect((await get('/bare/renamed', 'first', 'base')).body).to.deep.equal(['renamed']);
      });

      it('keep the guard of an override that is a route of its own, without @Authorized', async () => {
        expect((await get('/bare/renamed')).status).to.equal(401);
        expect((await get('/bare/renamed', 'first')).status).to.equal(403);
        expect((await get('/bare/renamed', 'base')).status).to.equal(403);
        expect((await get('/bare', 'first', 'base')).status).to.equal(404);
      });
    });

    describe('a mixin', () => {
      beforeEach(async () => {
        server = await start({ manager, controllers: [ErasingNotes, OtherNotes] });
      });

      it('brings its guards', async () => {
        expect((await server.client.put('/erasing/erase')).status).to.equal(401);
        expect((await server.client.put('/erasing/erase').set(withScopes('read'))).status).to.equal(403);
        expect((await server.client.put('/erasing/erase').set(withScopes('erase'))).body).to.deep.equal({
          erased: true,
        });
      });

      it('keeps those of the class it is mixed into', async () => {
        expect((await get('/erasing/plain')).status).to.equal(401);
        expect((await get('/erasing/plain', 'any')).status).to.equal(200);
      });

      it('guards wherever else it is mixed in', async () => {
        expect((await server.client.put('/other/erase')).status).to.equal(401);
        expect((await server.client.put('/other/erase').set(withScopes('erase'))).status).to.equal(200);
      });
    });

    describe('@CurrentUser({ required: true }) of a base class', () => {
      beforeEach(async () => {
        server = await start({ manager, controllers: [Mine, Theirs] });
      });

      it('needs a login in a derived one', async () => {
        const { status, headers } = await get('/mine/me');
        expect([status, headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
        expect((await get('/mine/me', 'any')).body).to.deep.equal({ email: 'ada@example.com' });
      });

      it('needs it where an override asks for less, too', async () => {
        expect((await get('/theirs/me')).status).to.equal(401);
        expect((await get('/theirs/me', 'any')).body).to.deep.equal({ email: 'ada@example.com', overridden: true });
      });
    });

    it("are what routing-controllers' own server loses", async () => {
      const app = createApp(framework);
      const authorizationChecker = () => false;
      const options = { ...nothingElse, controllers: losing, authorizationChecker, currentUserChecker: () => null };
      if (framework === 'Koa') useKoaServer(app, options);
      else useExpressServer(app, options);
      const { client } = await listen(app);
      expect((await client.get('/notes')).status).to.equal(200);
      expect((await client.get('/erasing/plain')).status).to.equal(200);
      expect((await client.get('/bills')).status).to.equal(403);
    });
  });
});
