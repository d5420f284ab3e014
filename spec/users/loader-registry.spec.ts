import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import { UserLoader } from '../../src/users/user-loader';
import { SECRET } from '../support/accounts';
import { inChildProcess } from '../support/process';
import { rejection } from '../support/rejection';
import { forge } from '../support/tokens';

const token = forge({ payload: { sub: 'ada', exp: 4e9 } });

class Staff {
  @UserLoader()
  find(sub: string) {
    return { staff: sub };
  }
}

class Customers {
  @UserLoader()
  find(sub: string) {
    return { customer: sub };
  }
}

/** The start of a script: a way to decorate without a compiler, and to ask for the user. */
const PRELUDE = `
  const { UserLoader, LoginManager } = library;
  const decorate = (type) => UserLoader()(type.prototype, 'find', Object.getOwnPropertyDescriptor(type.prototype, 'find'));
  const ask = (manager) => manager.getCurrentUser(${JSON.stringify(token)}).catch(({ name, message }) => ({ name, message }));
  const manager = new LoginManager(${JSON.stringify(SECRET)}, '/login');
`;

describe('the user loader of a manager', () => {
  it('is the one class of the application that has one, declared before the manager or after it', () => {
    const script = `${PRELUDE} class Accounts { find(sub) { return { sub }; } } decorate(Accounts); result = await ask(manager);`;
    expect(inChildProcess(script)).to.deep.equal({ sub: 'ada' });
  });

  it('is a mistake of the application where there is none, and says what to do', () => {
    expect(inChildProcess(`${PRELUDE} result = await ask(manager);`)).to.deep.equal({
      name: 'ConfigurationError',
      message:
        'There is no user loader; decorate a method with @UserLoader() (is its module imported?), or call manager.userLoader()(fn)\nSee docs/troubleshooting.md#user-loader',
    });
  });

  it('may still be given to a manager that missed it', () => {
    const script = `${PRELUDE} const missing = await ask(manager); manager.userLoader()((sub) => ({ sub })); result = [missing.name, await ask(manager)];`;
    expect(inChildProcess(script)).to.deep.equal(['ConfigurationError', { sub: 'ada' }]);
  });

  it('is a mistake of the application where several classes have one, and names them', async () => {
    const error = await rejection(new LoginManager(SECRET, '/login').getCurrentUser(token));
    expect(error).to.be.instanceOf(ConfigurationError);
    expect(error.message).to.match(
      /^Several classes have a user loader \(.*Staff, Customers.*\); choose one with the option userLoader/,
    );
  });

  it('is what the option userLoader says, where several classes have one', async () => {
    expect(await new LoginManager(SECRET, '/login', { userLoader: Staff }).getCurrentUser(token)).to.deep.equal({
      staff: 'ada',
    });
    expect(await new LoginManager(SECRET, '/login', { userLoader: Customers }).getCurrentUser(token)).to.deep.equal({
      customer: 'ada',
    });
  });

  it('cannot be a class without one', () => {
    class Plain {}
    for (const [userLoader, name] of [
      [Plain, 'Plain'],
      [() => null, ''],
    ] as const) {
      expect(() => new LoginManager(SECRET, '/login', { userLoader: userLoader as never })).to.throw(
        ConfigurationError,
        `must be a class with a method that @UserLoader decorates; ${name}`,
      );
    }
  });
});
