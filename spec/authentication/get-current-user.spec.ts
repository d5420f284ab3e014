import { expect } from 'chai';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { LoginManager } from '../../src/manager/login-manager';
import { managerOf, SECRET, tokenOf } from '../support/accounts';
import { nameOf } from '../support/name-of';
import { rejection } from '../support/rejection';
import { forge } from '../support/tokens';

describe('manager.getCurrentUser', () => {
  it('is the user of a token', async () => {
    expect(await managerOf().getCurrentUser(tokenOf(managerOf()))).to.deep.equal({
      email: 'ada@example.com',
      admin: true,
    });
  });

  for (const token of [7, {}, [], '', 'garbage', Buffer.from('x')]) {
    it(`refuses ${nameOf(token)}`, async () => {
      expect(await rejection(managerOf().getCurrentUser(token as never)))
        .to.be.instanceOf(NotAuthenticatedError)
        .and.include({ code: 'token_invalid' });
      expect(await rejection(managerOf().hasScopes(token as never, []))).to.include({ code: 'token_invalid' });
    });
  }

  it('says nothing of the token in its error', async () => {
    const token = forge({ payload: { sub: 'ada@example.com', exp: 4e9 }, key: `${SECRET}!` });
    const error = await rejection(managerOf().getCurrentUser(token));
    const shown = `${error.message}${error.stack}${JSON.stringify(error)}${String(error.cause)}`;
    for (const part of [...token.split('.'), SECRET]) expect(shown).not.to.include(part);
  });

  it('gives the scopes that scopesOf says to nobody: only routes ask for them', async () => {
    const manager = new LoginManager<object>(SECRET, null, { scopesOf: () => ['a'] });
    manager.userLoader()(() => ({}));
    expect(await manager.hasScopes(tokenOf(managerOf()), 'a')).to.equal(false);
  });
});
