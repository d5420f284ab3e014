import { expect } from 'chai';
import { literalPrefix } from '../../src/routing-controllers/drivers/literal-prefix';

describe('literalPrefix', () => {
  for (const [path, prefix] of [
    ['/notes', '/notes'],
    ['/notes/', '/notes'],
    ['/Notes/:id', '/notes'],
    ['/notes/:id/lines/all', '/notes'],
    ['/a/b-c/d.e/~f/@g/100%25', '/a/b-c/d.e/~f/@g/100%25'],
    ['/a//b', '/a//b'],
    ['/a//:id', '/a'],
    ['/users/:id?', '/users'],
    ['/users/:id?/lines', '/users'],
    ['/users/:id(\\d+)/lines', '/users'],
  ] as const) {
    it(`has the literal segments of ${path}`, () => {
      expect(literalPrefix(path)).to.equal(prefix);
    });
  }

  for (const [path, prefix, why] of [
    ['/notes/ab?', '/notes', 'the b of Express 4 is optional'],
    ['/notes/a+b', '/notes', 'the a of Express 4 may be repeated'],
    ['/notes{/:id}', '', 'the s of Express 4 may be repeated'],
    ['/notes/file.:format', '/notes', 'the dot belongs to the parameter'],
    ['/notes/(a)?', '/notes', 'the group is optional'],
    ['/notes/*rest', '/notes', 'anything follows'],
    ['/notes/\\:id', '/notes', 'the backslash is not part of the text'],
    ['/notes/all/:id?.json', '/notes', 'Express 4 and Koa leave out the slash with the parameter'],
    ['/notes/all/?b', '/notes', 'the slash of Express 4 is optional'],
    ['/notes/all/.:x?b', '/notes', 'Express 4 leaves out the slash and the dot with the parameter'],
    ['/notes|/other', '', 'Express 4 leaves out the first alternative'],
    ['/notes/é', '/notes', 'letters beyond ASCII may have another lower case'],
    ['/:id/notes', '', 'a parameter comes first'],
    ['(/notes)?', '', 'the group is optional'],
    ['*', '', 'anything matches'],
    ['/', '', 'every path begins so'],
    ['', '', 'there is no path'],
    [/^\/notes/, '', 'it is a regular expression'],
    [undefined, '', 'the layer has no path'],
  ] as const) {
    it(`is ${prefix ? 'only ' : ''}'${prefix}' for ${path}, because ${why}`, () => {
      expect(literalPrefix(path)).to.equal(prefix);
    });
  }
});
