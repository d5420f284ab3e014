import { expect } from 'chai';
import { inChildProcess } from '../support/process';

/** Starts a server in the child, sends it a request for each reason, and answers with the statuses that differ from 500. */
const program = (serve: string) => `
  const { thrownReasons } = require('./thrown-reasons.js');
  const { Authorized, Get, JsonController, useExpressServer, useKoaServer } = require('routing-controllers');
  const express5 = require('express'), express4 = require('express-4'), Koa = require('koa');
  console.error = () => undefined;
  let fail = {};
  class Routes {
    get() { return { reached: true }; }
  }
  const failing = (name) => fail.name === name ? Promise.reject(fail.reason()) : undefined;
  const policy = () => failing('policy') ?? true;
  Authorized([policy])(Routes.prototype, 'get');
  Get('/')(Routes.prototype, 'get', Object.getOwnPropertyDescriptor(Routes.prototype, 'get'));
  JsonController()(Routes);
  const lm = new library.LoginManager('a secret of forty bytes, made for specs.', '/login');
  lm.userLoader()(() => failing('loader') ?? { name: 'Ada' });
  class None {}
  const options = { controllers: [Routes], middlewares: [None], interceptors: [None] };
  const app = ${serve};
  const server = await new Promise((resolve) => { const started = app.listen(0, '127.0.0.1', () => resolve(started)); });
  const headers = { authorization: 'Bearer ' + lm.createAccessToken({ data: { sub: 'ada' } }) };
  const statusOf = async () => (await fetch('http://127.0.0.1:' + server.address().port, {
    headers, signal: AbortSignal.timeout(3000),
  })).status;
  result = { statuses: [] };
  for (const name of ['policy', 'loader']) {
    for (const reason of Object.values(thrownReasons)) {
      fail = { name, reason };
      result.statuses.push(await statusOf());
    }
  }
  fail = {};
  result.afterwards = await statusOf();
  server.closeAllConnections();
  server.close();
`;

const servers: Record<string, string> = {
  'lm.protect on Express 5': 'useExpressServer(express5(), lm.protect(options))',
  'lm.protect on Express 4': 'useExpressServer(express4(), lm.protect(options))',
  'lm.protect on Koa': 'useKoaServer(new Koa(), lm.protect(options))',
  'lm.useExpressServer on Express 5': 'lm.useExpressServer(express5(), options)',
  'lm.useExpressServer on Express 4': 'lm.useExpressServer(express4(), options)',
  'lm.useKoaServer': 'lm.useKoaServer(new Koa(), options)',
};

interface Result {
  statuses: number[];
  afterwards: number;
}

describe('the process', () => {
  for (const [name, serve] of Object.entries(servers)) {
    it(`outlives whatever a policy and a loader reject with: ${name}`, () => {
      const { statuses, afterwards } = inChildProcess(program(serve)) as Result;
      expect(statuses).to.have.length.greaterThan(30);
      expect([...new Set(statuses)]).to.deep.equal([500]);
      expect(afterwards).to.equal(200);
    });
  }
});
