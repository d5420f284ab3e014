import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import { type Account, Accounts, managerOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { guardedRoute } from '../support/guarded-route';
import { p256, pem, rsa, weakRsa } from '../support/keys';
import { withNodeEnv } from '../support/process';
import { encode, forge, headerOf } from '../support/tokens';

const clock = new TestClock();
const CLAIMS = { sub: 'ada@example.com', exp: clock.now / 1000 + 60 };
const REFUSED = '401 token_invalid';

describe('RFC 8725, JSON Web Token Best Current Practices', () => {
  describe('for RSA', () => {
    const send = guardedRoute(
      () =>
        new LoginManager<Account>(pem(rsa().privateKey), '/login', {
          algorithm: 'RS256',
          userLoader: Accounts,
          clock: clock.tell,
        }),
    );

    it('§3.1: the caller says which algorithms are supported, and no other MUST be used', async () => {
      expect(await send(forge({ payload: CLAIMS, key: rsa().privateKey, algorithm: 'RS256' }))).to.equal('let in');
      for (const algorithm of ['RS384', 'PS256'])
        expect(await send(forge({ payload: CLAIMS, key: rsa().privateKey, algorithm }))).to.equal(REFUSED);
      expect(await send(`${encode({ alg: 'none' })}.${encode(CLAIMS)}.`)).to.equal(REFUSED);
    });

    it('§3.1: each key MUST be used with exactly one algorithm: a public key is no HMAC secret', async () => {
      expect(await send(forge({ payload: CLAIMS, key: pem(rsa().publicKey), algorithm: 'HS256' }))).to.equal(REFUSED);
      expect(() => new LoginManager(pem(rsa().publicKey), '/login')).to.throw(ConfigurationError, /not an HMAC secret/);
    });

    it('§3.10: a key is never taken from jku, x5u or jwk', async () => {
      const jwk = p256().publicKey.export({ format: 'jwk' });
      for (const header of [{ jwk }, { jku: 'https://evil.example/keys' }, { x5u: 'https://evil.example/cert' }]) {
        expect(
          await send(
            forge({
              header: { alg: 'RS256', ...header },
              payload: CLAIMS,
              key: weakRsa().privateKey,
              algorithm: 'RS256',
            }),
          ),
        ).to.equal(REFUSED);
      }
    });
  });

  describe('for HMAC', () => {
    const send = guardedRoute(() =>
      managerOf({ clock: clock.tell, issuer: 'https://issuer.example', audience: 'api' }),
    );
    const ours = { ...CLAIMS, iss: 'https://issuer.example', aud: 'api' };

    it('§3.2: "none" is accepted by no configuration', () => {
      expect(() => managerOf({ algorithm: 'none' as never })).to.throw(ConfigurationError);
      expect(() => managerOf({ algorithm: 'None' as never })).to.throw(ConfigurationError);
    });

    it('§3.3: all cryptographic operations are validated, and the whole token is rejected where one fails', async () => {
      expect(await send(`${forge({ payload: ours }).split('.').slice(0, 2).join('.')}.`)).to.equal(REFUSED);
    });

    it('§3.5: human-memorizable passwords MUST NOT be used as keys', () => {
      withNodeEnv('production', () => {
        expect(() => new LoginManager('ship it', '/login')).to.throw(ConfigurationError, /needs 32 \(RFC 7518 §3\.2\)/);
      });
    });

    it('§3.7: the header and the claims are UTF-8', async () => {
      const manager = managerOf();
      manager.createAccessToken({ data: { sub: 'ada@example.com', name: 'Ada – größte' } });
      expect(await send(forge({ payload: { ...ours, name: 'Ada – größte' } }))).to.equal('let in');
    });

    it('§3.8: the issuer MUST be validated, and its keys belong to it alone', async () => {
      expect(await send(forge({ payload: { ...ours, iss: 'https://other.example' } }))).to.equal(REFUSED);
      expect(await send(forge({ payload: { ...ours, iss: undefined } }))).to.equal(REFUSED);
    });

    it('§3.8: the subject MUST belong to somebody, or the token is rejected', async () => {
      expect(await send(forge({ payload: { ...ours, sub: 'nobody@example.com' } }))).to.equal('401 user_unknown');
    });

    it('§3.9: the audience MUST be validated, and a token without one is rejected', async () => {
      expect(await send(forge({ payload: { ...ours, aud: 'web' } }))).to.equal(REFUSED);
      expect(await send(forge({ payload: { ...ours, aud: undefined } }))).to.equal(REFUSED);
    });

    it('§3.10: kid is not trusted: it only chooses among the configured keys', async () => {
      for (const kid of ["' OR '1'='1", '../../dev/null', 'constructor'])
        expect(
          await send(
            forge({ header: { alg: 'HS256', kid }, payload: ours, key: 'the secret of somebody else, long enough' }),
          ),
        ).to.equal(REFUSED);
    });

    it('§3.11: explicit typing: other kinds of token are rejected', async () => {
      for (const typ of ['secevent+jwt', 'logout+jwt', 'id_token+jwt', 'dpop+jwt'])
        expect(await send(forge({ header: { alg: 'HS256', typ }, payload: ours }))).to.equal(REFUSED);
      expect(await send(forge({ header: { alg: 'HS256', typ: 'at+jwt' }, payload: ours }))).to.equal('let in');
    });

    it('§3.12: tokens of two managers with the same secret do not stand in for each other, where their audiences differ', async () => {
      const other = managerOf({ clock: clock.tell, issuer: 'https://issuer.example', audience: 'web' });
      const token = other.createAccessToken({ data: { sub: 'ada@example.com' } });
      expect(headerOf(token).alg).to.equal('HS256');
      expect(await send(token)).to.equal(REFUSED);
    });
  });

  it('§3.5: an RSA key has 2048 bits or more', () => {
    expect(() => new LoginManager(pem(weakRsa().privateKey), '/login', { algorithm: 'RS256' })).to.throw(
      ConfigurationError,
      /2048/,
    );
  });

  it('§3.4: a public key is validated: a point MUST be on its curve', () => {
    const { x, ...jwk } = p256().publicKey.export({ format: 'jwk' });
    const elsewhere = Buffer.from(x as string, 'base64url');
    elsewhere[31] = (elsewhere[31] as number) ^ 1;
    expect(
      () => new LoginManager({ ...jwk, x: elsewhere.toString('base64url') }, null, { algorithm: 'ES256' }),
    ).to.throw(ConfigurationError, /JWK cannot be read/);
  });
});
