import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import express from 'express';
import {
  All,
  Authorized,
  Body,
  Get,
  JsonController,
  Param,
  Post,
  QueryParam,
  QueryParams,
  UploadedFile,
} from 'routing-controllers';
import { routingControllersToSpec } from 'routing-controllers-openapi';
import { securedSpec } from '../../src/openapi/index';
import { managerOf } from '../support/accounts';
import { closeServers, listen, nothingElse } from '../support/servers';
import '../support/quiet-lost-guards';
import { documentOf, expectValid, type Json, operationIn, operationsIn, storageOf } from './documents';

class Draft {
  text!: string;
}

abstract class CrudController {
  @Get()
  list(): string[] {
    return [];
  }

  @Authorized('write')
  @Post()
  create(@Body() draft: Draft) {
    return draft;
  }

  @Get('/:id')
  one(@Param('id') id: number) {
    return { id };
  }
}

@JsonController('/books')
class Books extends CrudController {
  override one(id: number) {
    return { id, book: true };
  }
}

@JsonController('/films')
class Films extends CrudController {
  @Get()
  override list() {
    return ['film'];
  }
}

@JsonController()
class AnyMethod {
  @All('/any')
  any() {
    return {};
  }
}

@JsonController()
class Expressions {
  @Get(/^\/numbers\/\d+$/)
  numbers() {
    return {};
  }

  @Get('/numbers')
  list() {
    return [];
  }
}

@JsonController()
class TwoRoutes {
  @Get('/first')
  @Get('/second')
  @Post('/first')
  both() {
    return {};
  }
}

const namesakeOf = (prefix: string) => {
  @JsonController(prefix)
  class Namesake {
    @Get()
    list() {
      return [];
    }
  }
  return Namesake;
};

@JsonController()
class FirstOfTwo {
  @Get('/twice')
  first() {
    return { first: true };
  }
}

@JsonController()
class SecondOfTwo {
  @Authorized()
  @Get('/twice')
  second() {
    return { second: true };
  }
}

@JsonController('/express-5')
class Wildcards {
  @Get('/files/*rest')
  files(@Param('rest') rest: string) {
    return { rest };
  }

  @Get('/maybe{/:part}')
  maybe() {
    return {};
  }
}

@JsonController('/express-4')
class OlderWildcards {
  @Get('/files/*')
  files() {
    return {};
  }

  @Get('/numbers/:id([0-9]+)')
  number(@Param('id') id: number) {
    return { id };
  }

  @Get('/maybe/:part?')
  maybe() {
    return {};
  }
}

@JsonController('no-slash')
class NoSlash {
  @Get('/one')
  one() {
    return {};
  }
}

class Filter {
  limit!: number;
}

@JsonController()
class Undescribed {
  @Get('/filtered')
  filtered(@QueryParams() filter: Filter) {
    return filter;
  }

  @Get('/anything')
  anything(@QueryParams() anything: object, @QueryParam('since') since: Date) {
    return { anything, since };
  }

  @Post('/pictures')
  upload(@UploadedFile('picture') picture: unknown) {
    return picture;
  }

  @Post('/drafts')
  create(@Body() draft: Draft) {
    return draft;
  }
}

class Untyped {
  find(id: number, text: string) {
    return { id, text };
  }
}
// As esbuild and Node's type stripping compile it: decorators, and no types.
Param('id')(Untyped.prototype, 'find', 0);
QueryParam('text')(Untyped.prototype, 'find', 1);
Get('/untyped/:id')(Untyped.prototype, 'find');
JsonController()(Untyped);

const manager = managerOf();

describe('faults of the generator', () => {
  const pathsOf = (controllers: Json[], options = {}) => documentOf({ manager, controllers, ...options }).paths;
  const generate = (...classes: unknown[]) => routingControllersToSpec(storageOf(...classes));

  afterEach(closeServers);

  describe('a base class that is no controller', () => {
    it('makes the generator throw, and no trouble here', () => {
      expect(() => generate(CrudController, Books)).to.throw(TypeError, "reading 'route'");
      expect(() => securedSpec(manager, storageOf(CrudController, Books))).not.to.throw();
    });

    it('gives each controller its routes, once', () => {
      expect(Object.keys(pathsOf([Books, Films]))).to.have.members(['/books', '/books/{id}', '/films', '/films/{id}']);
      const document = documentOf({ manager, controllers: [Books, Films] });
      expect(operationsIn(document)).to.have.lengthOf(6);
      expect(operationIn(document, 'GET /films').operationId).to.equal('Films.list');
    });

    it('gives them parameters, bodies and types, and tags of their own', () => {
      const document = documentOf({ manager, controllers: [Books, Films] });
      expect(operationIn(document, 'GET /books/{id}').parameters[0].schema.type).to.equal('number');
      expect(operationIn(document, 'POST /films').requestBody.content['application/json'].schema.$ref).to.match(
        /Draft$/,
      );
      expect(operationIn(document, 'POST /films')).to.deep.include({ tags: ['Films'], operationId: 'Films.create' });
      expect(operationIn(document, 'POST /books').security).to.deep.equal([{ OAuth2PasswordBearer: ['write'] }]);
    });

    it('is served as the document says', async () => {
      const app = manager.useExpressServer(express(), { ...nothingElse, controllers: [Books, Films] });
      const { client } = await listen(app);
      const served: [string, number][] = [
        ['/books', 200],
        ['/films', 200],
        ['/books/7', 200],
      ];
      for (const [route, status] of served) expect((await client.get(route)).status, route).to.equal(status);
      expect((await client.post('/films')).status).to.equal(401);
    });
  });

  it('@All is the operations that a path may have', () => {
    expect(Object.keys(generate(AnyMethod).paths['/any'])).to.deep.equal(['all']);
    expect(pathsOf([AnyMethod])['/any']).to.have.all.keys('get', 'put', 'post', 'delete', 'patch');
  });

  it('regular expressions are left out', () => {
    expect(Object.keys(pathsOf([Expressions]))).to.deep.equal(['/numbers']);
  });

  it('two routes of one method have operation ids of their own, as have controllers of one name', () => {
    const controllers = [TwoRoutes, namesakeOf('/one'), namesakeOf('/other')];
    const ids = operationsIn(documentOf({ manager, controllers })).map(([, { operationId }]) => operationId);
    expect(ids).to.have.lengthOf(5);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids).to.include.members(['TwoRoutes.both', 'Namesake.list', 'Namesake.list2']);
  });

  it('of two routes with one path the one that answers is documented', async () => {
    const controllers = [SecondOfTwo, FirstOfTwo];
    const app = manager.useExpressServer(express(), { ...nothingElse, controllers });
    const { client } = await listen(app);
    expect((await client.get('/twice')).body).to.deep.equal({ first: true });
    const operation = pathsOf(controllers)['/twice'].get;
    expect(operation.operationId).to.equal('FirstOfTwo.first');
    expect(operation).not.to.have.property('security');
  });

  describe('in paths', () => {
    it('wildcards and optional parts of Express 5 are parameters', () => {
      const paths = pathsOf([Wildcards]);
      expect(Object.keys(paths)).to.deep.equal(['/express-5/files/{rest}', '/express-5/maybe/{part}']);
      expect(paths['/express-5/files/{rest}'].get.parameters).to.have.lengthOf(1);
      expect(paths['/express-5/files/{rest}'].get.parameters[0]).to.deep.include({
        in: 'path',
        name: 'rest',
        required: true,
      });
    });

    it('wildcards, patterns and optional parts of Express 4 are parameters', () => {
      const paths = pathsOf([OlderWildcards]);
      expect(Object.keys(paths)).to.deep.equal([
        '/express-4/files/{0}',
        '/express-4/numbers/{id}',
        '/express-4/maybe/{part}',
      ]);
      expect(paths['/express-4/numbers/{id}'].get.parameters[0].schema).to.deep.equal({
        pattern: '[0-9]+',
        type: 'number',
      });
      expect(paths['/express-4/maybe/{part}'].get.parameters[0].required).to.equal(true);
    });

    it('the first slash is there', () => {
      expect(Object.keys(pathsOf([NoSlash]))).to.deep.equal(['/no-slash/one']);
      expect(Object.keys(pathsOf([NoSlash], { routePrefix: '/api/' }))).to.deep.equal(['/api/no-slash/one']);
    });

    it('all of it is valid in two validators', async () => {
      for (const controllers of [[Wildcards], [OlderWildcards], [NoSlash, TwoRoutes, AnyMethod, Expressions]]) {
        await expectValid(documentOf({ manager, controllers }));
      }
    });
  });

  describe('classes without a schema', () => {
    it('make the generator throw at @QueryParams, and no trouble here', () => {
      expect(() => generate(Undescribed)).to.throw(TypeError);
      expect(pathsOf([Undescribed])['/filtered'].get).not.to.have.property('parameters');
    });

    it('are of any type, so that no reference leads nowhere', async () => {
      const document = documentOf({ manager, controllers: [Undescribed] });
      expect(document.components.schemas).to.deep.equal({ Draft: {} });
      await expectValid(document);
    });

    it('have none of the empty lists that OpenAPI 3.0 does not allow', () => {
      const { schema } = pathsOf([Undescribed])['/pictures'].post.requestBody.content['multipart/form-data'];
      expect(schema).to.deep.equal({ type: 'object', properties: { picture: { type: 'string', format: 'binary' } } });
    });

    it('are read where the application brings their schemas', () => {
      const schemas: Json = { Filter: { type: 'object', properties: { limit: { type: 'integer' } } } };
      const { get } = pathsOf([Undescribed], { with: { components: { schemas } } })['/filtered'];
      expect(get.parameters.map(({ name }: Json) => name)).to.deep.equal(['limit']);
    });
  });

  it('parameters whose types nobody recorded are of any type', async () => {
    expect(() => generate(Untyped)).to.throw(TypeError);
    const document = documentOf({ manager, controllers: [Untyped] });
    const { parameters } = operationIn(document, 'GET /untyped/{id}');
    expect(parameters.map(({ name }: Json) => name)).to.deep.equal(['id', 'text']);
    await expectValid(document);
  });

  describe('two copies of reflect-metadata', () => {
    const orders = [
      ['reflect-metadata', 'app', 'openapi'],
      ['reflect-metadata', 'routing-controllers-openapi', 'app', 'openapi'],
      ['routing-controllers-openapi', 'app', 'reflect-metadata', 'openapi'],
      ['routing-controllers-openapi', 'reflect-metadata', 'app', 'openapi'],
      ['reflect-metadata', 'app', 'routing-controllers-openapi', 'openapi'],
      ['openapi', 'app'],
      ['openapi', 'app', 'reflect-metadata'],
    ];

    for (const order of orders) {
      it(`lose no types: ${order.join(', ')}`, () => {
        expect(typesAfter(order)).to.deep.equal({ types: ['number', 'boolean'], described: true });
      });
    }
  });
});

/** Loads modules in this order in a process of its own, and gives the types of the parameters in the document. */
function typesAfter(order: readonly string[]): unknown {
  const fixture = path.resolve(__dirname, 'import-order.fixture.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [fixture, ...order], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
