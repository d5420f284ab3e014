import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { Events } from '../../src/util/diagnostics';
import { SECRET } from '../support/accounts';
import { inChildProcess } from '../support/process';

describe('events', () => {
  const manager = {};
  const names = [
    'authenticated',
    'refused',
    'login',
    'logout',
    'refresh',
    'reuse',
    'revoke',
    'store-error',
    'issuer-error',
  ] as const;

  for (const name of names) {
    it(`make no message for ${name} while nobody listens`, () => {
      new Events(manager).publish(name, () => {
        throw new Error('a message was made');
      });
      expect(new Events(manager).has(name)).to.equal(false);
    });

    it(`tell those who listen to ${name}, with the manager`, () => {
      const messages: unknown[] = [];
      const listener = (message: unknown) => messages.push(message);
      subscribe(`routing-controllers-login:${name}`, listener);
      try {
        expect(new Events(manager).has(name)).to.equal(true);
        new Events(manager).publish(name, () => ({ code: 'why', sub: 'ada' }));
      } finally {
        unsubscribe(`routing-controllers-login:${name}`, listener);
      }
      expect(messages).to.deep.equal([{ manager, code: 'why', sub: 'ada' }]);
    });
  }

  it('do not disturb a request whose subscriber throws: Node reports that as an uncaught exception', () => {
    const script = `
      const { subscribe } = require('node:diagnostics_channel');
      const uncaught = [];
      process.on('uncaughtException', (error) => uncaught.push(error.message));
      for (const name of ['authenticated', 'refused'])
        subscribe('routing-controllers-login:' + name, () => { throw new Error('no ' + name); });
      const manager = new library.LoginManager(${JSON.stringify(SECRET)}, '/login');
      manager.userLoader()((sub) => ({ sub }));
      const ask = async (token, scopes) => {
        const request = Object.assign(new (require('node:http').IncomingMessage)(), {});
        if (token) request.headers.authorization = 'Bearer ' + token;
        return manager.authenticate(request, scopes).then(({ user }) => user.sub, ({ code }) => code);
      };
      const token = manager.createAccessToken({ data: { sub: 'ada' } });
      const answers = [await ask(token, []), await ask(undefined, []), await ask(token, ['admin'])];
      await new Promise(setImmediate);
      result = { answers, uncaught };`;
    expect(inChildProcess(script)).to.deep.equal({
      answers: ['ada', 'token_missing', 'insufficient_scope'],
      uncaught: ['no authenticated', 'no refused', 'no authenticated', 'no refused'],
    });
  });
});
