import { expect } from 'chai';
import express from 'express';
import express4 from 'express-4';
import Koa from 'koa';
import { Controller, Get, JsonController } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { managerOf } from '../support/accounts';
import { thrownBy } from '../support/rejection';
import type { App } from '../support/servers';

@JsonController()
class Notes {
  @Get('/notes')
  list() {
    return [];
  }
}

@Controller('/base')
class DecoratedBase {}

class Undecorated extends DecoratedBase {}

const manager = managerOf();

/** Each public function that takes the options of a server. */
const functions: Record<string, (options: App) => unknown> = {
  useExpressServer: (options) => manager.useExpressServer(express(), options),
  'useExpressServer on Express 4': (options) => manager.useExpressServer((express4 as App)(), options),
  'useExpressServer on a router': (options) => manager.useExpressServer(express.Router(), options),
  useKoaServer: (options) => manager.useKoaServer(new Koa(), options),
  createExpressServer: (options) => manager.createExpressServer(options),
  createKoaServer: (options) => manager.createKoaServer(options),
  routes: (options) => manager.routes(options),
  protect: (options) => manager.protect(options),
};

const junk: Record<string, unknown> = {
  null: null,
  false: false,
  true: true,
  zero: 0,
  'a number': 3000,
  'an empty string': '',
  'a string': '/api',
  'a symbol': Symbol('options'),
  'a bigint': 1n,
  'a function': () => undefined,
  'a class': Notes,
  'an array': [Notes],
};

const object = { 'an object': { 0: Notes }, 'a date': new Date(), 'a promise': Promise.resolve([Notes]) };
const { null: _null, 'an array': _array, ...noArray } = junk;
const { 'a string': _string, 'an empty string': _empty, ...noString } = junk;
const { 'an array': _list, ...noList } = junk;

/** Values of options that no server can have. */
const values: Record<string, Record<string, unknown>> = {
  controllers: { ...noArray, null: null, ...object, 'a set': new Set([Notes]) },
  middlewares: { ...noArray, null: null, ...object },
  interceptors: { ...noArray, null: null, ...object },
  routePrefix: { ...noString, ...object },
  defaults: junk,
};

/** Items of `controllers`, with what the error says about each. */
const items: Record<string, [unknown, RegExp]> = {
  undefined: [undefined, /controllers\[1\] is undefined; .*circular import/],
  null: [null, /controllers\[1\] is null; /],
  'an instance': [new Notes(), /controllers\[1\] is an instance of Notes; list the class itself/],
  'an object': [{ Notes }, /controllers\[1\] is no class; /],
  'an object without a prototype': [Object.create(null), /controllers\[1\] is no class; /],
  'a number': [1, /controllers\[1\] is no class; /],
  'a list in the list': [[Notes], /controllers\[1\] is an instance of Array; /],
  'a class without a decorator': [class Plain {}, /controllers\[1\] \(Plain\) has no @JsonController\(\)/],
  'a class that extends a controller': [Undecorated, /controllers\[1\] \(Undecorated\) has no @JsonController\(\)/],
  'a function that returns the class': [() => Notes, /controllers\[1\] has no @JsonController\(\)/],
};

const applications: Record<string, unknown> = {
  ...junk,
  undefined: undefined,
  'an empty object': {},
  'an object with use that is no function': { use: true },
  'a function with use that is no function': Object.assign(() => undefined, { use: true }),
  'a function with use alone': Object.assign(() => undefined, { use: () => undefined }),
  'the module of Express': express,
  'the class Koa': Koa,
  'options alone': { controllers: [Notes] },
  'a promise of an application': Promise.resolve(express()),
};

describe('a mistake in what a server function is given is a ConfigurationError:', () => {
  for (const [name, call] of Object.entries(functions)) {
    for (const [what, options] of Object.entries(junk)) {
      it(`${name} with options that are ${what}`, () => {
        expect(thrownBy(() => call(options))).to.be.instanceOf(ConfigurationError);
      });
    }

    for (const [option, wrong] of Object.entries(values)) {
      it(`${name} with ${option} of a wrong type`, () => {
        for (const [what, value] of Object.entries(wrong)) {
          const error = thrownBy(() => call({ controllers: [Notes], [option]: value }));
          expect(error, what).to.be.instanceOf(ConfigurationError);
          expect(error.message, what).to.contain(option);
        }
      });
    }

    it(`${name} with defaults.paramOptions of a wrong type`, () => {
      for (const [what, value] of Object.entries(noList)) {
        const error = thrownBy(() => call({ controllers: [Notes], defaults: { paramOptions: value } }));
        expect(error, what).to.be.instanceOf(ConfigurationError);
      }
    });

    for (const [what, [item, message]] of Object.entries(items)) {
      it(`${name} with a controller that is ${what}`, () => {
        const error = thrownBy(() => call({ controllers: [Notes, item] }));
        expect(error).to.be.instanceOf(ConfigurationError);
        expect(error.message).to.match(message);
      });
    }

    it(`${name} with middleware and interceptors that are none, all of them named at once`, () => {
      const lists = { middlewares: [undefined, {}], interceptors: [null], controllers: [Notes, undefined] };
      const { message } = thrownBy(() => call(lists));
      for (const place of ['controllers[1]', 'middlewares[0]', 'middlewares[1]', 'interceptors[0]'])
        expect(message).to.contain(`\n- ${place}`);
    });

    it(`${name} takes what is right`, () => {
      call({ controllers: [Notes], middlewares: [], interceptors: [], routePrefix: '', defaults: {} });
      call({ controllers: [] });
      call({ controllers: [Notes], routePrefix: undefined, defaults: { paramOptions: {} }, middlewares: [] });
    });
  }

  for (const name of ['useExpressServer', 'useKoaServer'] as const) {
    it(`${name} with an application that is none`, () => {
      for (const [what, app] of Object.entries(applications)) {
        const error = thrownBy(() => manager[name](app, { controllers: [Notes] }));
        expect(error, what).to.be.instanceOf(ConfigurationError);
        expect(error.message, what).to.contain('needs an application');
      }
    });
  }
});
