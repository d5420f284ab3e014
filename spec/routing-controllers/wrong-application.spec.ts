import { expect } from 'chai';
import express from 'express';
import Koa from 'koa';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { managerOf } from '../support/accounts';

describe('the server functions refuse', () => {
  const manager = managerOf();
  const wrong = {
    'useExpressServer without an application': () => manager.useExpressServer(undefined, { controllers: [] }),
    'useExpressServer with options alone': () => manager.useExpressServer({ controllers: [] }),
    'useExpressServer with an application of Koa': () => manager.useExpressServer(new Koa(), { controllers: [] }),
    'useKoaServer without an application': () => manager.useKoaServer(undefined, { controllers: [] }),
    'useKoaServer with an application of Express': () => manager.useKoaServer(express(), { controllers: [] }),
  };

  for (const [name, use] of Object.entries(wrong)) {
    it(name, () => {
      expect(use).to.throw(ConfigurationError, /needs an application/);
    });
  }
});
