import { expect } from 'chai';
import { RouteIndex } from '../../src/routing-controllers/drivers/route-index';

const layer = () => ({ match: () => true });

/** An index of these routes, and which of them it leaves to be tried for a path. */
function indexOf(...paths: readonly (string | RegExp)[]) {
  const index = new RouteIndex();
  const layers = paths.map((path) => ({ path, layer: layer() }));
  for (const one of layers) index.add(one.layer, one.path);
  const triedFor = (path: string) =>
    layers.filter((one) => index.mayMatch(one.layer, path)).map((one) => String(one.path));
  return { index, triedFor };
}

describe('RouteIndex', () => {
  it('leaves the routes whose literal segments the path begins with, in their order', () => {
    const { triedFor } = indexOf('/notes/:id', '/lines', '/notes', '/notes/new', '/:any');
    expect(triedFor('/notes/new')).to.deep.equal(['/notes/:id', '/notes', '/notes/new', '/:any']);
    expect(triedFor('/lines')).to.deep.equal(['/lines', '/:any']);
  });

  it('does not take the beginning of a word for a segment', () => {
    expect(indexOf('/note', '/notes').triedFor('/notes')).to.deep.equal(['/notes']);
  });

  it('ignores case, which the router may heed', () => {
    expect(indexOf('/Notes').triedFor('/nOTES')).to.deep.equal(['/Notes']);
  });

  it("leaves a route to Koa's router that takes a path to end at # or ?", () => {
    const { triedFor } = indexOf('/notes');
    expect([triedFor('/notes#a'), triedFor('/notes?a')]).to.deep.equal([['/notes'], ['/notes']]);
  });

  it('leaves every route of which nothing is known', () => {
    expect(indexOf('/', /notes/, '/a|/b').triedFor('/lines')).to.have.length(3);
  });

  it('does not rule out a route that was never added', () => {
    const { index } = indexOf('/notes');
    expect(index.mayMatch(layer(), '/lines')).to.equal(true);
  });

  it('looks again after a route was added', () => {
    const { index, triedFor } = indexOf('/notes');
    triedFor('/lines');
    const added = layer();
    index.add(added, '/lines');
    expect(index.mayMatch(added, '/lines')).to.equal(true);
  });

  it('finds the same list for paths that begin alike, so that a router of it can be kept', () => {
    const { index } = indexOf('/notes', '/notes/new', '/lines');
    expect(index.find('/notes/1')).to.equal(index.find('/notes/2')).and.to.have.length(1);
    expect(index.find('/notes/new')).to.have.length(2);
  });

  it('looks at no more of a path than its routes have of literal text', () => {
    const { index } = indexOf('/notes');
    let looked = 0;
    const path = {
      slice: (_start: number, end: number) => {
        looked = end;
        return '/notes/'.slice(0, end);
      },
    };
    index.find(path as string & typeof path);
    expect(looked).to.equal('/notes'.length + 1);
  });
});
