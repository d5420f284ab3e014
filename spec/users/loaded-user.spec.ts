import { Readable } from 'node:stream';
import { expect } from 'chai';
import { Authorized, Get, JsonController } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { SECRET } from '../support/accounts';
import { bearer } from '../support/http';
import { rejection } from '../support/rejection';
import { onEachServer } from '../support/servers';

const nobody: [string, unknown][] = [
  ['null', null],
  ['undefined', undefined],
  ['false', false],
  ['the empty string', ''],
  ['0', 0],
  ['NaN', Number.NaN],
  ['0n', 0n],
];

const users: [string, unknown][] = [
  ['an object', { email: 'ada' }],
  ['an object without a prototype', Object.assign(Object.create(null), { email: 'ada' })],
  ['an instance of a class', new (class Account {})()],
  ['a Map', new Map([['email', 'ada']])],
  ['a string', 'ada'],
  ['a number', 7],
];

const mistakes: [string, () => unknown, RegExp][] = [
  ['an empty array', () => [], /returned an array/],
  ['an array of rows', () => [{ email: 'ada' }], /returned an array/],
  ['true', () => true, /returned true/],
  ['a symbol', () => Symbol('ada'), /returned a symbol/],
  ['a bigint', () => 7n, /returned a bigint/],
  ['a function', () => () => null, /returned a function/],
  ['a class', () => class Account {}, /returned a function/],
  ['a generator', () => generate(), /returned an iterator/],
  ['an async generator', () => generateLater(), /returned an iterator/],
  ['a stream of rows', () => Readable.from([{ email: 'ada' }]), /returned an iterator/],
  ['the iterator of an array', () => [].values(), /returned an iterator/],
];

const spellings = ['at once', 'with a promise'] as const;
type Spelling = (typeof spellings)[number];

function managerWith(find: () => unknown, spelling: Spelling, options = {}) {
  const manager = new LoginManager<unknown>(SECRET, '/login', options);
  manager.userLoader()(function findUser() {
    return spelling === 'at once' ? find() : Promise.resolve(find());
  });
  return { manager, token: manager.createAccessToken({ data: { sub: 'ada' } }) };
}

describe('a user loader', () => {
  for (const spelling of spellings) {
    for (const [name, value] of nobody) {
      it(`means nobody by ${name}, ${spelling}`, async () => {
        const { manager, token } = managerWith(() => value, spelling);
        expect(await rejection(manager.getCurrentUser(token))).to.include({ code: 'user_unknown' });
      });
    }

    for (const [name, value] of users) {
      it(`means a user by ${name}, ${spelling}`, async () => {
        const { manager, token } = managerWith(() => value, spelling);
        expect((await manager.getCurrentUser(token)) === value).to.equal(true);
      });
    }

    for (const [name, make, message] of mistakes) {
      it(`is mistaken if it returns ${name} ${spelling}`, async () => {
        const { manager, token } = managerWith(make, spelling);
        const error = await rejection(manager.getCurrentUser(token));
        expect(error).to.be.instanceOf(ConfigurationError);
        expect(error).to.have.property('message').that.matches(message).and.includes('findUser');
      });

      it(`is mistaken if it returns ${name} ${spelling}, of a shared user too: that one is not kept`, async () => {
        const { manager, token } = managerWith(make, spelling, { userCache: { max: 10, maxAge: '10s' } });
        for (let time = 0; time < 2; time++)
          expect(await rejection(manager.getCurrentUser(token))).to.be.instanceOf(ConfigurationError);
      });
    }
  }

  it('is mistaken if it returns an array when a login is refreshed', async () => {
    const rows: unknown[] = [];
    const { manager } = managerWith(() => rows, 'at once', { sessionStore: new MemorySessionStore() });
    const { refresh_token } = await manager.createTokenResponse({ data: { sub: 'ada' }, refresh: true });
    expect(await rejection(manager.refresh(refresh_token as string))).to.be.instanceOf(ConfigurationError);
  });

  onEachServer((start) => {
    for (const [name, make] of mistakes) {
      it(`that returns ${name} lets nobody in`, async () => {
        let calls = 0;
        @JsonController()
        class Routes {
          @Authorized()
          @Get('/closed')
          closed() {
            calls++;
            return {};
          }
        }
        const { manager, token } = managerWith(make, 'at once');
        const { client } = await start({ manager, controllers: [Routes] });
        expect((await client.get('/closed').set(bearer(token))).status).to.equal(500);
        expect(calls).to.equal(0);
      });
    }
  });
});

function* generate() {
  yield { email: 'ada' };
}

async function* generateLater() {
  yield { email: 'ada' };
}
