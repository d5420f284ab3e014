import { expect } from 'chai';
import { LoginManager } from '../../src/manager/login-manager';
import { loginAs } from '../../src/testing/login-as';
import { replaceLoader } from '../../src/testing/replace-loader';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { ed25519 } from '../support/keys';
import { onEachServer } from '../support/servers';

const byTest = (email: string): Account => ({ email: `${email} of the test`, admin: false });

describe('replaceLoader', () => {
  onEachServer((start) => {
    for (const [name, options] of [
      ['', {}],
      [', also where users are cached', { userCache: { max: 10, maxAge: '1h' } }],
    ] as const) {
      it(`replaces the loader until it is put back${name}`, async () => {
        const manager = managerOf(options);
        const { client } = await start({ manager, controllers: [GuardedRoute] });
        const email = async () => (await client.get('/me').set(loginAs(manager, 'ada@example.com'))).body.email;
        expect(await email()).to.equal('ada@example.com');
        const restore = replaceLoader(manager, byTest);
        expect(await email()).to.equal('ada@example.com of the test');
        restore();
        expect(await email()).to.equal('ada@example.com');
      });
    }
  });

  it('takes a promise, and null for nobody', async () => {
    const manager = managerOf();
    replaceLoader(manager, async (sub) => (sub === 'bob@example.com' ? byTest(sub) : null));
    expect(await manager.getCurrentUser(tokenOf(manager, 'bob@example.com'))).to.deep.include({
      email: 'bob@example.com of the test',
    });
    expect(await manager.getCurrentUser(tokenOf(manager)).catch((error) => error.code)).to.equal('user_unknown');
  });

  it('is the loader of a manager that only verifies and has none', async () => {
    const manager = new LoginManager<Account>({ publicKey: ed25519().publicKey }, null, { algorithm: 'EdDSA' });
    const restore = replaceLoader(manager, byTest);
    const { Authorization = '' } = loginAs(manager, 'ada');
    expect(await manager.getCurrentUser(Authorization.slice(7))).to.include({ email: 'ada of the test' });
    restore();
  });

  it('nests', async () => {
    const manager = managerOf();
    const first = replaceLoader(manager, () => ({ email: 'first', admin: false }));
    const second = replaceLoader(manager, () => ({ email: 'second', admin: false }));
    second();
    expect((await manager.getCurrentUser(tokenOf(manager))).email).to.equal('first');
    first();
    expect((await manager.getCurrentUser(tokenOf(manager))).email).to.equal('ada@example.com');
  });

  it('holds the user to what a loader may return', async () => {
    const manager = managerOf();
    replaceLoader(manager, () => []);
    const error = await manager.getCurrentUser(tokenOf(manager)).catch((reason) => reason);
    expect(error).to.have.property('name', 'ConfigurationError');
  });

  it('is a mistake with anything but a function', () => {
    expect(() => replaceLoader(managerOf(), {} as never)).to.throw(/function/);
  });
});
