import { expect } from 'chai';
import {
  All,
  Authorized,
  Delete,
  Get,
  Head,
  JsonController,
  Method,
  Param,
  Patch,
  Post,
  UseBefore,
} from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { sendRaw } from '../support/raw-request';
import type { App } from '../support/servers';
import { onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const scopes = ['new', 'id', 'all', 'other'];

/** Routes that match the same paths, each with a scope of its own, which it answers with. */
@JsonController('/new-first')
class NewFirst {
  @Authorized('new')
  @Get('/new')
  new() {
    return { needs: 'new' };
  }

  @Authorized('id')
  @Get('/:id')
  one(@Param('id') id: string) {
    return { needs: 'id', id };
  }
}

@JsonController('/id-first')
class IdFirst {
  @Authorized('id')
  @Get('/:id')
  one(@Param('id') id: string) {
    return { needs: 'id', id };
  }

  @Authorized('new')
  @Get('/new')
  new() {
    return { needs: 'new' };
  }
}

@JsonController('/all')
class AllFirst {
  @Authorized('all')
  @All('/new')
  all() {
    return { needs: 'all' };
  }

  @Authorized('new')
  @Get('/new')
  new() {
    return { needs: 'new' };
  }

  @Authorized('id')
  @Get('/:id')
  one() {
    return { needs: 'id' };
  }
}

@JsonController('/open-beside')
class OpenBeside {
  @Public()
  @Get('/open')
  open() {
    return { needs: null };
  }

  @Authorized('id')
  @Get('/:id')
  one(@Param('id') id: string) {
    return { needs: 'id', id };
  }
}

@JsonController()
class Expressions {
  @Authorized('id')
  @Get(/^\/expression\/(\d+)$/)
  digits() {
    return { needs: 'id' };
  }

  @Authorized('other')
  @Get(/^\/expression\/([a-z]+)$/i)
  letters() {
    return { needs: 'other' };
  }
}

@JsonController('/methods')
class Methods {
  @Authorized('new')
  @Get('/')
  get() {
    return { needs: 'new' };
  }

  @Authorized('id')
  @Post('/')
  post() {
    return { needs: 'id' };
  }

  @Authorized('other')
  @Method('propfind' as never, '/')
  propfind() {
    return { needs: 'other' };
  }

  @Authorized('all')
  @Delete('/')
  @Patch('/')
  both() {
    return { needs: 'all' };
  }

  @Authorized('other')
  @Head('/head')
  head() {
    return { needs: 'other' };
  }
}

@JsonController('/twice')
class Twice {
  @Authorized('new')
  @Get('/one')
  @Get('/two')
  twice() {
    return { needs: 'new' };
  }
}

@Authorized('new')
@JsonController('/first-name')
@JsonController('/second-name')
class TwoNames {
  @Get()
  get() {
    return { needs: 'new' };
  }
}

/** Handlers that are fields rather than methods. */
class Fields {
  @Authorized('id')
  @Get('/field')
  field = () => ({ needs: 'id' });
}

@JsonController('/fields')
class DerivedFields extends Fields {
  @Authorized('new')
  @Get('/toString')
  override toString = () => ({ needs: 'new' }) as never;
}

const passed: string[] = [];
function leaving(...args: App[]): unknown {
  if (args.length === 2) return undefined; // Koa knows no such thing
  const [, response, next] = args;
  next('route');
  // By then the next route has had its turn.
  return setImmediate(() => setImmediate(() => response.status(418).end()));
}

@JsonController('/leaving')
class Leaving {
  @Public()
  @UseBefore(leaving)
  @Get('/new')
  first() {
    passed.push('first');
    return {};
  }

  @Authorized('id')
  @Get('/:id')
  second() {
    passed.push('second');
    return {};
  }
}

const controllers = [NewFirst, IdFirst, AllFirst, OpenBeside, Expressions, Methods, Twice, TwoNames, DerivedFields];

describe('the requirement that is applied is that of the route that runs', () => {
  silencingStderr(); // Express prints that OPTIONS of an @All route is answered twice, with routing-controllers alone too

  onEachSecureServer((start, framework) => {
    const manager = managerOf();

    /** The scope that lets a request in, alone among all; what the route says that it needs must be the same. */
    const neededBy = async (path: string, method = 'GET'): Promise<string | number> => {
      const { client } = await start({ manager, controllers });
      const send = (headers = {}) => client[method.toLowerCase() as 'get'](path).set(headers);
      const anonymous = await send();
      if (anonymous.status !== 401) return anonymous.status;
      const letIn: string[] = [];
      for (const scope of scopes) {
        const { status, body } = await send(bearer(tokenOf(manager, undefined, [scope])));
        if (status === 403) continue;
        expect(status).to.equal(200);
        if (method !== 'HEAD') expect(body.needs).to.equal(scope);
        letIn.push(scope);
      }
      return letIn.join(' ');
    };

    for (const [path, needed] of Object.entries({
      '/new-first/new': 'new',
      '/new-first/7': 'id',
      '/id-first/new': 'id',
      '/id-first/7': 'id',
      '/all/new': 'all',
      '/all/7': 'id',
      '/open-beside/7': 'id',
      '/open-beside/open': 200,
      '/expression/7': 'id',
      '/expression/seven': 'other',
      '/expression/-': 404,
      '/methods': 'new',
      '/twice/one': 'new',
      '/twice/two': 'new',
      '/first-name': 'new',
      '/second-name': 'new',
      '/fields/field': 'id',
      '/fields/toString': 'new',
    })) {
      it(`${path}: ${needed}`, async () => {
        expect(await neededBy(path)).to.equal(needed);
      });
    }

    for (const [what, path, needed] of [
      ['another case', '/NEW-first/NEW', 'new'],
      ['another case of an expression', '/expression/SEVEN', 'other'],
      ['a final slash', '/new-first/new/', 'new'],
      ['a final slash after a parameter', '/new-first/7/', 'id'],
      ['a query', '/new-first/new?a=/7', 'new'],
      ['a path that is needlessly encoded, which is a parameter', '/new-first/n%65w', 'id'],
      ['an encoded slash, which is no slash', '/new-first/%2Fnew', 'id'],
      ['an encoded path beside a public one', '/open-beside/op%65n', 'id'],
      ['an encoded question mark', '/open-beside/open%3F', 'id'],
      ['a null byte', '/open-beside/open%00', 'id'],
      ['a semicolon', '/open-beside/open;a=b', 'id'],
    ] as const) {
      it(`${what}: ${path}`, async () => {
        expect(await neededBy(path)).to.equal(needed);
      });
    }

    for (const [method, path, needed] of [
      ['HEAD', '/new-first/new', 'new'],
      ['HEAD', '/id-first/new', 'id'],
      ['HEAD', '/methods/head', 'other'],
      ['HEAD', '/all/new', 'all'],
      ['POST', '/methods', 'id'],
      ['PATCH', '/methods', 'all'],
      ['DELETE', '/methods', 'all'],
      ['PROPFIND', '/methods', 'other'],
      ['PROPFIND', '/all/new', 'all'],
      ['DELETE', '/all/new', 'all'],
      ['OPTIONS', '/all/new', 'all'],
    ] as const) {
      it(`${method} ${path}: ${needed}`, async () => {
        expect(await neededBy(path, method)).to.equal(needed);
      });
    }

    for (const path of [
      '//new-first/new',
      '/new-first//new',
      '/new-first/../new-first/new',
      '/./new-first/new',
      '/%6eew-first/new',
    ]) {
      it(`nobody comes in by ${path}`, async () => {
        const { url } = await start({ manager, controllers });
        const { status } = await sendRaw(url, `GET ${path}`, { Connection: 'close' });
        expect(status).to.be.oneOf([401, 404]);
      });
    }

    it('nobody comes in by an absolute URI', async () => {
      const { url } = await start({ manager, controllers });
      const { status } = await sendRaw(url, `GET ${url}/new-first/new`, { Connection: 'close' });
      expect(status).to.equal(401);
    });

    for (const header of ['X-HTTP-Method-Override', 'X-Original-URL', 'X-Rewrite-URL']) {
      it(`${header} changes nothing`, async () => {
        const { client } = await start({ manager, controllers });
        expect((await client.get('/new-first/new').set(header, '/open-beside/open')).status).to.equal(401);
      });
    }

    if (framework !== 'Koa') {
      it("a middleware that leaves its route by next('route') opens no other", async () => {
        const { client } = await start({ manager, controllers: [Leaving] });
        expect((await client.get('/leaving/new')).status).to.equal(418);
        expect(passed).to.deep.equal([]);
      });
    }
  });
});
