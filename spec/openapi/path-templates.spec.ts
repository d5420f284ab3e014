import { expect } from 'chai';
import fc from 'fast-check';
import { Get, JsonController, Param } from 'routing-controllers';
import { parsePath } from '../../src/openapi/path-template';
import { managerOf } from '../support/accounts';
import { closeServers, type Framework, frameworks, starter } from '../support/servers';
import { documentOf, expectValid, type Json } from './documents';

/** A path, how OpenAPI writes it, the patterns of its parameters, and a request for it by the routers that know it. */
type Row = [path: string, template: string, patterns: Record<string, string | undefined>, on?: readonly Framework[]];

const old: readonly Framework[] = ['Express 4', 'Koa'];

const rows: Row[] = [
  ['/notes', '/notes', {}, frameworks],
  ['/notes/:id', '/notes/{id}', { id: undefined }, frameworks],
  ['/:from-:to', '/{from}-{to}', { from: undefined, to: undefined }, frameworks],
  ['/:name.:ext', '/{name}.{ext}', { name: undefined, ext: undefined }, frameworks],
  ['/:id([0-9a-fA-F]{24})', '/{id}', { id: '[0-9a-fA-F]{24}' }, old],
  ['/:id(\\d{2,4})/x', '/{id}/x', { id: '\\d{2,4}' }, old],
  ['/:id(a*b)', '/{id}', { id: 'a*b' }, old],
  ['/:id(a+b?)', '/{id}', { id: 'a+b?' }, old],
  ['/:id([*:{}]+)', '/{id}', { id: '[*:{}]+' }, old],
  ['/:id((?:a|b){2})', '/{id}', { id: '(?:a|b){2}' }, old],
  ['/:id(\\(x\\))', '/{id}', { id: '\\(x\\)' }, old],
  ['/:id([)]x)', '/{id}', { id: '[)]x' }],
  ['/:id((a|b))', '/{id}', { id: '(a|b)' }, ['Express 4']],
  ['/:a/:b([0-9]{2})/:c', '/{a}/{b}/{c}', { a: undefined, b: '[0-9]{2}', c: undefined }, old],
  ['/:id?', '/{id}', { id: undefined }, old],
  ['/:path*', '/{path}', { path: undefined }, old],
  ['/:path+', '/{path}', { path: undefined }, ['Koa']],
  ['/:id(\\d+)?', '/{id}', { id: '\\d+' }, old],
  ['/(.*)', '/{0}', { 0: '.*' }, old],
  ['/a/(x|y)/(.*)', '/a/{0}/{1}', { 0: 'x|y', 1: '.*' }, old],
  ['/files/*', '/files/{0}', { 0: '.*' }, ['Express 4']],
  ['/ab*cd', '/ab{0}cd', { 0: '.*' }, ['Express 4']],
  ['/ab?cd', '/abcd', {}, ['Express 4']],
  ['/ab+cd', '/abcd', {}, ['Express 4']],
  ['/ab(cd)?e', '/ab{0}e', { 0: 'cd' }, ['Express 4']],
  ['/files/*rest', '/files/{rest}', { rest: undefined }, ['Express 5']],
  ['/files/*"the rest"', '/files/{the rest}', { 'the rest': undefined }, ['Express 5']],
  ['/maybe{/:part}', '/maybe/{part}', { part: undefined }, ['Express 5', 'Koa']],
  ['{/:lang}/x{.:ext}', '/{lang}/x.{ext}', { lang: undefined, ext: undefined }, ['Express 5']],
  ['/a{/*rest}', '/a/{rest}', { rest: undefined }, ['Express 5']],
  ['/:"a name"', '/{a name}', { 'a name': undefined }, ['Express 5']],
  ['/caf\u00e9/:zähler', '/caf\u00e9/{zähler}', { zähler: undefined }, ['Express 5']],
  ['/a\\:b', '/a:b', {}, ['Express 5', 'Koa']],
  ['/a\\{b\\}', '/a%7Bb%7D', {}],
];

describe('the path of a route in the document', () => {
  afterEach(closeServers);

  for (const [path, template, patterns, on = []] of rows) {
    it(`is ${template} for ${path}`, () => {
      const { path: found, parameters } = parsePath(path, []);
      expect(found).to.equal(template);
      expect(Object.fromEntries(parameters.map(({ name, pattern }) => [name, pattern]))).to.deep.equal(patterns);
    });

    it(`is valid, and has the patterns as they are written, for ${path}`, async () => {
      @JsonController('/at')
      class Routes {
        @Get(path)
        get() {
          return {};
        }
      }
      const manager = managerOf();
      const document = documentOf({ manager, controllers: [Routes] });
      expect(Object.keys(document.paths)).to.deep.equal([`/at${template}`]);
      const parameters: Json[] = document.paths[`/at${template}`].get.parameters ?? [];
      expect(parameters.map(({ name, required }) => [name, required])).to.deep.equal(
        Object.keys(patterns).map((name) => [name, true]),
      );
      for (const { name, schema } of parameters.filter((one) => patterns[one.name] !== undefined))
        expect(schema).to.deep.equal({ type: 'string', pattern: patterns[name] });
      await expectValid(document);
      for (const framework of on) await starter(framework)({ manager, controllers: [Routes] }); // a path that it takes
    });
  }

  it('has a wildcard in the middle where the handler takes it, as Express 5 does', () => {
    @JsonController()
    class Wildcards {
      @Get('/v*version/notes')
      notes(@Param('version') version: string) {
        return { version };
      }
    }
    const { paths } = documentOf({ manager: managerOf(), controllers: [Wildcards] });
    expect(Object.keys(paths)).to.deep.equal(['/v{version}/notes']);
  });

  it('has the type that the handler gives a parameter, beside its pattern', () => {
    @JsonController('/notes')
    class Typed {
      @Get('/:id([0-9]{1,9})')
      one(@Param('id') id: number) {
        return { id };
      }
    }
    const { paths } = documentOf({ manager: managerOf(), controllers: [Typed] });
    expect(paths['/notes/{id}'].get.parameters[0].schema).to.deep.equal({ type: 'number', pattern: '[0-9]{1,9}' });
  });

  it('is found for any text, and has each of its parameters in braces', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'/a1:*(){}[]?+\\".-|'), maxLength: 20 }), (text) => {
        const { path, parameters } = parsePath(text, []);
        const named = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
        expect(path.startsWith('/')).to.equal(true);
        expect(named.length).to.be.at.least(parameters.length);
      }),
      { numRuns: 2_000 },
    );
  });
});
