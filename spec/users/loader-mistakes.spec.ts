import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import { inject } from '../../src/users/inject';
import { UserLoader } from '../../src/users/user-loader';
import { SECRET } from '../support/accounts';
import { inChildProcess } from '../support/process';

class Accounts {
  @UserLoader()
  find(sub: string) {
    return { sub };
  }
}

class Derived extends Accounts {}

/** The package as another dependency of the application would bring it along. */
function otherCopy(): { UserLoader: typeof UserLoader } {
  const barrel = path.resolve(__dirname, '../../src/index.js');
  const root = path.dirname(barrel);
  const require = createRequire(__filename);
  const kept = Object.entries(require.cache).filter(([file]) => file.startsWith(root + path.sep));
  for (const [file] of kept) delete require.cache[file];
  try {
    return require(barrel);
  } finally {
    for (const file of Object.keys(require.cache)) if (file.startsWith(root + path.sep)) delete require.cache[file];
    Object.assign(require.cache, Object.fromEntries(kept));
  }
}

function ofAnotherCopy() {
  const { UserLoader: Other } = otherCopy();
  class Foreign {
    @Other()
    find(sub: string) {
      return { sub };
    }
  }
  return Foreign;
}

const mistakes: [string, () => unknown, RegExp][] = [
  ['an instance', () => new Accounts(), /this is an instance of Accounts: pass the class$/m],
  ['an instance of a derived class', () => new Derived(), /this is an instance of Derived: pass the class$/m],
  ['the name of a class', () => 'Accounts', /a value of type string is none$/m],
  ['null', () => null, /null is none$/m],
  ['an object', () => ({}), /a value of type object is none$/m],
  ['an object without a prototype', () => Object.create(null), /a value of type object is none$/m],
  ['a class without a loader', () => class Plain {}, /Plain has none$/m],
  ['a class without a name', () => class {}, /this class has none$/m],
  ['an arrow function', () => (sub: string) => sub, /use manager\.userLoader\(\)\(fn\)$/m],
  ['a class of another copy of the library', ofAnotherCopy, /Foreign has one of another copy.*deduplicate/],
  ['an instance of such a class', () => new (ofAnotherCopy())(), /Foreign has one of another copy.*deduplicate/],
  [
    'a class derived from such a class',
    () => class Heir extends ofAnotherCopy() {},
    /Heir has one of another copy.*deduplicate/,
  ],
];

describe('the option userLoader', () => {
  for (const [name, make, message] of mistakes) {
    it(`says what is wrong with ${name}`, () => {
      expect(() => new LoginManager(SECRET, '/login', { userLoader: make() as never })).to.throw(
        ConfigurationError,
        message,
      );
    });
  }

  it('may be a class that inherits its loader', () => {
    expect(() => new LoginManager(SECRET, '/login', { userLoader: Derived })).not.to.throw();
  });

  it('asks whether the module of the loader is imported, where there is no loader', () => {
    const script = `const manager = new library.LoginManager(${JSON.stringify(SECRET)}, '/login');
      result = await manager.getCurrentUser(manager.createAccessToken({ data: { sub: 'ada' } })).catch(({ message }) => message);`;
    expect(inChildProcess(script)).to.match(/^There is no user loader; .*is its module imported\?/);
  });
});

describe('inject', () => {
  for (const [name, value, message] of [
    ['undefined', undefined, /got undefined; do two modules import each other\?$/m],
    ['null', null, /got null; pass the class/],
    ['an instance', new Accounts(), /got a value of type object; pass the class, not an instance$/m],
    ['a string', 'Database', /got a value of type string; pass the class/],
  ] as const) {
    it(`says what is wrong with ${name}`, () => {
      expect(() => inject(value as never)).to.throw(ConfigurationError, message);
    });
  }
});

describe('@UserLoader without experimentalDecorators', () => {
  const context = { kind: 'method', name: 'find', static: false, private: false, addInitializer: () => undefined };
  const method = () => null;

  it('says so with parentheses', () => {
    expect(() => (UserLoader() as (...target: unknown[]) => void)(method, context)).to.throw(
      ConfigurationError,
      /"experimentalDecorators": true in tsconfig\.json/,
    );
  });

  it('says so without parentheses', () => {
    expect(() => (UserLoader as (...target: unknown[]) => void)(method, context)).to.throw(
      ConfigurationError,
      /"experimentalDecorators": true in tsconfig\.json/,
    );
  });

  it('does not take two extra arguments for such a call', () => {
    expect(UserLoader(method, { kind: 'method' })).to.be.a('function');
  });
});
