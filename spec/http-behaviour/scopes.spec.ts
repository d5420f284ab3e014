import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { Authorized, Body, Delete, Get, JsonController, Post } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { grantScopes } from '../../src/oauth2/grant-scopes';
import { type Account, managerOf, SECRET, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { nameOf } from '../support/name-of';
import { onEachFramework } from '../support/servers';
import { silencingStderr } from '../support/stderr';

@JsonController()
class Notes {
  @Authorized('note')
  @Get('/one')
  one() {
    return {};
  }

  @Authorized(['note', 'tag'])
  @Get('/list')
  list() {
    return {};
  }

  @Authorized(anyOf('note', 'admin'))
  @Get('/any')
  any() {
    return {};
  }

  @Authorized(['tag', anyOf('note', 'admin'), anyOf('red', 'blue')])
  @Get('/mixed')
  mixed() {
    return {};
  }
}

@Authorized('shelf')
@JsonController('/shelf')
class Shelf {
  @Get()
  look() {
    return {};
  }

  @Authorized('shelf:empty')
  @Delete()
  empty() {
    return {};
  }

  @Authorized(anyOf('shelf:sort', 'admin'))
  @Post()
  sort() {
    return {};
  }
}

const controllers = [Notes, Shelf];

describe('scopes', () => {
  onEachFramework((start) => {
    const manager = managerOf();

    const statusOf = async (path: string, scopes: string[] | undefined, method: 'get' | 'post' | 'delete' = 'get') => {
      const { client } = await start({ manager, controllers });
      return (await client[method](path).set(bearer(tokenOf(manager, 'ada@example.com', scopes)))).status;
    };

    it('let a token in that has the one that is required', async () => {
      expect(await statusOf('/one', ['note'])).to.equal(200);
      expect(await statusOf('/one', ['tag', 'note'])).to.equal(200);
    });

    it('keep a token out that has none', async () => {
      expect(await statusOf('/one', undefined)).to.equal(403);
      expect(await statusOf('/one', [])).to.equal(403);
    });

    it('are whole words: neither a beginning nor a longer word will do', async () => {
      for (const scope of ['notes', 'not', 'note:read', 'NOTE', 'footnote', 'no', 'te']) {
        expect(await statusOf('/one', [scope]), scope).to.equal(403);
      }
    });

    it('are all required of a list', async () => {
      expect(await statusOf('/list', ['note'])).to.equal(403);
      expect(await statusOf('/list', ['tag'])).to.equal(403);
      expect(await statusOf('/list', ['tag', 'note'])).to.equal(200);
    });

    it('are enough, one of them, with anyOf', async () => {
      expect(await statusOf('/any', ['tag'])).to.equal(403);
      expect(await statusOf('/any', ['note'])).to.equal(200);
      expect(await statusOf('/any', ['admin'])).to.equal(200);
    });

    it('are required as every part of a mixed list says', async () => {
      expect(await statusOf('/mixed', ['tag', 'note', 'blue'])).to.equal(200);
      for (const missing of [
        ['note', 'blue'],
        ['tag', 'blue'],
        ['tag', 'note'],
        ['tag', 'red', 'blue'],
      ]) {
        expect(await statusOf('/mixed', missing), missing.join()).to.equal(403);
      }
    });

    it('of a class are required by its methods', async () => {
      expect(await statusOf('/shelf', ['shelf'])).to.equal(200);
      expect(await statusOf('/shelf', ['shelf:empty'])).to.equal(403);
    });

    it('of a class and a method are both required', async () => {
      expect(await statusOf('/shelf', ['shelf', 'shelf:empty'], 'delete')).to.equal(200);
      expect(await statusOf('/shelf', ['shelf'], 'delete')).to.equal(403);
      expect(await statusOf('/shelf', ['shelf:empty'], 'delete')).to.equal(403);
      expect(await statusOf('/shelf', ['shelf', 'admin'], 'post')).to.equal(200);
      expect(await statusOf('/shelf', ['admin'], 'post')).to.equal(403);
    });

    it('are named in the challenge, all that are required', async () => {
      const { client } = await start({ manager, controllers });
      const { headers } = await client.get('/mixed').set(bearer(tokenOf(manager, 'ada@example.com', ['tag'])));
      expect(headers['www-authenticate']).to.equal(
        'Bearer realm="api", error="insufficient_scope", scope="tag note admin red blue"',
      );
    });

    describe('in a token of another issuer', () => {
      const statusWith = async (claims: object, path = '/one', target = manager) => {
        const { client } = await start({ manager: target, controllers });
        const token = jwt.sign({ sub: 'ada@example.com', ...claims }, SECRET, { expiresIn: 60 });
        return (await client.get(path).set(bearer(token))).status;
      };

      it('may be space-separated text, of which they are whole words', async () => {
        expect(await statusWith({ scope: 'tag note' })).to.equal(200);
        expect(await statusWith({ scopes: 'tag note' })).to.equal(200);
        expect(await statusWith({ scope: 'tag notes' })).to.equal(403);
        expect(await statusWith({ scope: 'footnote note:read' })).to.equal(403);
        expect(await statusWith({ scope: 'tag,note' })).to.equal(403);
      });

      it('may be a list', async () => {
        expect(await statusWith({ scopes: ['tag', 'note'] }, '/list')).to.equal(200);
        expect(await statusWith({ scopes: ['tag note'] }, '/list')).to.equal(403);
      });

      it("are read from the manager's own claim, and from the other only where that is absent", async () => {
        expect(await statusWith({ scopes: ['tag'], scope: 'note' })).to.equal(403);
        expect(await statusWith({ scopes: [], scope: 'note' })).to.equal(403);
        const rfc9068 = managerOf({ scopeClaim: 'scope' });
        expect(await statusWith({ scopes: ['tag'], scope: 'note' }, '/one', rfc9068)).to.equal(200);
        expect(await statusWith({ scopes: ['note'], scope: 'tag' }, '/one', rfc9068)).to.equal(403);
        expect(await statusWith({ scopes: ['note'] }, '/one', rfc9068)).to.equal(200);
      });

      for (const scopes of [null, 1, true, { note: true }, { 0: 'note', length: 1 }, [['note']], ['note', 1]]) {
        it(`grant nothing where the claim is ${nameOf(scopes)}`, async () => {
          expect(await statusWith({ scopes })).to.equal(403);
        });
      }
    });
  });
});

describe('the option scopes', () => {
  silencingStderr();

  onEachFramework((start) => {
    const manager = managerOf({ scopes: { note: 'One note', tag: 'Tags', shelf: 'The shelf' } });
    const token = tokenOf(managerOf(), 'ada@example.com', ['note', 'tag', 'shelf', 'shelf:empty', 'admin']);

    it('lets routes use the declared ones', async () => {
      const { client } = await start({ manager, controllers });
      expect((await client.get('/list').set(bearer(token))).status).to.equal(200);
    });

    for (const headers of [{}, bearer(token)]) {
      it(`makes an undeclared one a mistake, ${'Authorization' in headers ? 'with' : 'without'} a token`, async () => {
        const { client } = await start({ manager, controllers });
        for (const response of [await client.get('/any').set(headers), await client.delete('/shelf').set(headers)]) {
          expect(response.status).to.equal(500);
          expect(response.body.name).to.equal('ConfigurationError');
        }
      });
    }

    it('suggests the nearest declared one', async () => {
      @JsonController()
      class Misspelt {
        @Authorized('notte')
        @Get('/misspelt')
        get() {
          return {};
        }
      }

      const { client } = await start({ manager, controllers: [Misspelt] });
      const { status, body } = await client.get('/misspelt').set(bearer(token));
      expect(status).to.equal(500);
      expect(body.message).to.match(/'notte' .*"note"/);
    });
  });
});

describe('scopesOf', () => {
  silencingStderr();

  onEachFramework((start) => {
    const statusWith = async (scopesOf: (account: Account) => unknown, scopes: string[] = [], path = '/one') => {
      const manager = managerOf({ scopesOf: scopesOf as never });
      const { client } = await start({ manager, controllers });
      return (await client.get(path).set(bearer(tokenOf(manager, 'ada@example.com', scopes)))).status;
    };

    it('says what the user may do', async () => {
      expect(await statusWith(({ admin }) => (admin ? ['note'] : []))).to.equal(200);
      expect(await statusWith(({ admin }) => (admin ? ['tag'] : ['note']))).to.equal(403);
    });

    it('says it instead of the token', async () => {
      expect(await statusWith(() => [], ['note'])).to.equal(403);
    });

    it('may be asynchronous', async () => {
      expect(await statusWith(async () => ['note'])).to.equal(200);
      expect(await statusWith(async () => [], ['note'])).to.equal(403);
    });

    it('gets the payload, too', async () => {
      const manager = managerOf({ scopesOf: (_, payload) => [String(payload.role)] });
      const { client } = await start({ manager, controllers });
      const token = manager.createAccessToken({ data: { sub: 'ada@example.com', role: 'note' } });
      expect((await client.get('/one').set(bearer(token))).status).to.equal(200);
    });

    for (const result of [undefined, null, 'note', ['note', 1], { note: true }, new Set(['note']), true]) {
      it(`lets nobody in where it returns ${nameOf(result)}: 500`, async () => {
        expect(await statusWith(() => result, ['note'])).to.equal(500);
        expect(await statusWith(async () => result, ['note'])).to.equal(500);
      });
    }

    it('lets nobody in where it throws: 500', async () => {
      const failing = () => {
        throw new Error('the directory is down');
      };
      expect(await statusWith(failing, ['note'])).to.equal(500);
      expect(await statusWith(async () => failing(), ['note'])).to.equal(500);
    });
  });
});

describe('grantScopes in a login route', () => {
  onEachFramework((start) => {
    const manager = managerOf();

    @JsonController()
    class Logins {
      @Post('/login')
      login(@Body() { scope }: { scope?: string }) {
        const scopes = grantScopes(scope, ['note', 'tag']);
        return manager.createTokenResponse({ data: { sub: 'ada@example.com' }, scopes });
      }
    }

    const logIn = async (scope?: string) => {
      const { client } = await start({ manager, controllers: [Logins, Notes] });
      return { client, response: await client.post('/login').send({ scope, any: 'thing' }) };
    };

    it('grants what is requested, and the token opens that and no more', async () => {
      const { client, response } = await logIn('note');
      expect(response.body.scope).to.equal('note');
      const headers = bearer(response.body.access_token);
      expect((await client.get('/one').set(headers)).status).to.equal(200);
      expect((await client.get('/list').set(headers)).status).to.equal(403);
    });

    it('grants all that is allowed where nothing is requested', async () => {
      const { client, response } = await logIn();
      expect(response.body.scope).to.equal('note tag');
      expect((await client.get('/list').set(bearer(response.body.access_token))).status).to.equal(200);
    });
  });
});
