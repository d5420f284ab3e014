import Router from '@koa/router';
import { expect } from 'chai';
import express from 'express';
import express4 from 'express-4';
import { type Layer, RouteIndex } from '../../src/routing-controllers/drivers/route-index';
import { Random } from '../support/random';

// biome-ignore lint/suspicious/noExplicitAny: the routers of three frameworks
const layerOf = (router: any, path: string): Layer => {
  router.get(path, () => {});
  return router.stack[0];
};

/** Makes a route as the router of a framework keeps it; throws for a path that the framework refuses. */
const frameworks: Record<string, (path: string) => Layer> = {
  'Express 5': (path) => layerOf(express.Router(), path),
  'Express 4': (path) => layerOf(express4.Router(), path),
  Koa: (path) => layerOf(new Router(), path),
};

/** Parts of routes: text, and whatever one of the frameworks gives a meaning. */
const PARTS = [
  ...['a', 'b', 'A', 'ab', '.', '-', '.json', '%20', '~'],
  ...['/', '/', '/', '//', '/a', '/b', '/ab', '/.'],
  ...[':x', ':y', ':x?', ':x*', ':x+', ':x(\\d+)', ':x(\\d+)?', ':x{0,1}', '.:x', '.:x?', '/:x', '/:y?'],
  ...['*', '*x', '/*x', '(a)', '(a)?', '(.*)', '{a}', '{/:x}', '{:x}', '{0,1}', '?', '+', '|'],
];

const PATHS = ['a', 'b', 'ab', '1', '.', '-', '.json', 'a.json', 'a-b', '%20', '~', 'A', '/', '/', '/', '/a', '/b'];

const made = (random: Random, parts: readonly string[], most: number) =>
  `/${Array.from({ length: random.below(most) }, () => random.pick(parts)).join('')}`;

/** Undefined if the framework refuses the path, or cannot match with it. */
function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

describe('the index of routes', () => {
  for (const [framework, make] of Object.entries(frameworks)) {
    it(`rules out no route that ${framework} matches`, () => {
      const random = new Random(20);
      let matches = 0;
      for (let round = 0; round < 4000; round++) {
        const route = made(random, PARTS, 6);
        const layer = tried(() => make(route));
        if (!layer) continue;
        const index = new RouteIndex();
        index.add(layer, route);
        for (let asked = 0; asked < 12; asked++) {
          const path = made(random, PATHS, 6);
          if (!tried(() => layer.match(path))) continue;
          matches++;
          expect(index.find(path), `${route} for ${path}`).to.deep.equal([layer]);
        }
      }
      expect(matches).to.be.above(1000);
    });
  }
});
