import { verify } from 'node:crypto';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import { algorithms } from '../../../src/jwt/keys/algorithm';
import { LoginManager } from '../../../src/manager/login-manager';
import { type Account, Accounts, managerOf, tokenOf } from '../../support/accounts';
import { keysFor } from '../../support/keys';
import { nameOf } from '../../support/name-of';
import { rejection } from '../../support/rejection';
import { forge, headerOf } from '../../support/tokens';

describe('the algorithm', () => {
  for (const algorithm of algorithms) {
    describe(algorithm, () => {
      const keys = keysFor(algorithm);
      const manager = new LoginManager<Account>(keys.signing, '/login', { algorithm, userLoader: Accounts });

      it('signs tokens that the manager takes', async () => {
        expect(await manager.getCurrentUser(tokenOf(manager))).to.include({ email: 'ada@example.com' });
        expect(headerOf(tokenOf(manager)).alg).to.equal(algorithm);
      });

      it('signs tokens that another library takes with the public key', () => {
        if (algorithm === 'EdDSA') {
          const [header, payload, signature] = tokenOf(manager).split('.') as [string, string, string];
          const signed = Buffer.from(`${header}.${payload}`);
          expect(verify(null, signed, keys.verifying, Buffer.from(signature, 'base64url'))).to.equal(true);
          return;
        }
        expect(jwt.verify(tokenOf(manager), keys.verifying, { algorithms: [algorithm] })).to.include({
          sub: 'ada@example.com',
        });
      });

      it('is the only one, for the same key too', async () => {
        for (const other of algorithms.filter((one) => one !== algorithm)) {
          const token = forge({
            payload: { sub: 'ada@example.com', exp: 4e9 },
            key: keysFor(other).signing,
            algorithm: other,
          });
          expect((await rejection(manager.getCurrentUser(token))).code, other).to.equal('token_invalid');
        }
      });
    });
  }

  it('is HS256 where none is named', () => {
    expect(headerOf(tokenOf(managerOf())).alg).to.equal('HS256');
  });

  for (const algorithm of [
    'none',
    'None',
    'hs256',
    'HS1',
    'eddsa',
    'Ed25519',
    'ES256K',
    'RSA',
    '',
    null,
    256,
    ['none'],
    ['HS256', null],
    {},
  ]) {
    it(`cannot be ${nameOf(algorithm)}`, () => {
      expect(() => managerOf({ algorithm: algorithm as never })).to.throw(
        ConfigurationError,
        /algorithm must be one of HS256, .*ES512, EdDSA/,
      );
    });
  }

  it('is suggested where one is near', () => {
    expect(() => managerOf({ algorithm: 'rs265' as never })).to.throw(ConfigurationError, /Did you mean "RS256"\?/);
  });

  it('cannot be an empty list', () => {
    expect(() => managerOf({ algorithm: [] })).to.throw(
      ConfigurationError,
      'algorithm is an empty array; name at least one algorithm',
    );
  });

  it('is not suggested for what is no text', () => {
    expect(() => managerOf({ algorithm: 256 as never })).to.throw(/EdDSA\.\n/);
  });
});
