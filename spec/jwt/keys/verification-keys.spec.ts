import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { Algorithm } from '../../../src/jwt/keys/algorithm';
import type { Key } from '../../../src/jwt/keys/key';
import { KeySet, NO_KEYS } from '../../../src/jwt/keys/key-set';
import { selectKeys } from '../../../src/jwt/keys/verification-keys';
import { LONG_SECRET, otherRsa, p256, pem, rsa } from '../../support/keys';

const key = (kid: string | undefined, hasConfiguredKid: boolean, algorithm: Algorithm = 'RS256'): Key => ({
  kid,
  hasConfiguredKid,
  algorithm,
  signingKey: undefined,
  verificationKey: rsa().publicKey,
});

describe('the keys to try for a token', () => {
  const one = key('one', true);
  const two = key('two', true);
  const print = key('print', false);
  const other = key('other', false);
  const ec = key('ec', true, 'ES256');
  const keys = [one, two, other, print, ec];

  it('are all of its algorithm, if it names none', () => {
    expect(selectKeys(keys, undefined, 'RS256')).to.deep.equal([one, two, other, print]);
    expect(selectKeys(keys, undefined, 'ES256')).to.deep.equal([ec]);
    expect(selectKeys(keys, undefined, 'PS256')).to.deep.equal([]);
  });

  it('are the one that was configured with its kid', () => {
    expect(selectKeys(keys, 'two', 'RS256')).to.deep.equal([two]);
  });

  it('are none, if a key of another algorithm was configured with it', () => {
    expect(selectKeys(keys, 'ec', 'RS256')).to.deep.equal([]);
  });

  it('are those without a configured kid, its thumbprint first, if nobody was configured with it', () => {
    expect(selectKeys(keys, 'print', 'RS256')).to.deep.equal([print, other]);
    expect(selectKeys(keys, 'nobody', 'RS256')).to.deep.equal([other, print]);
  });

  it('are the configured one, although it is the thumbprint of another', () => {
    const configured = key('print', true);
    expect(selectKeys([print, configured], 'print', 'RS256')).to.deep.equal([configured]);
  });
});

describe('the keys of a manager', () => {
  const privateKey = () => ({ privateKey: pem(rsa().privateKey) });
  const publicKey = () => ({ publicKey: pem(otherRsa().publicKey) });

  it('sign with the first, if that can', () => {
    expect(new KeySet([privateKey(), publicKey()], ['RS256']).signer?.signingKey?.type).to.equal('private');
    expect(new KeySet(publicKey(), ['RS256']).signer).to.equal(undefined);
    expect(new KeySet(LONG_SECRET, ['HS256', 'RS256']).signer).to.equal(undefined);
    expect(new KeySet(NO_KEYS, ['RS256']).signer).to.equal(undefined);
  });

  it('do not sign with several algorithms, so that a private key among them is a mistake', () => {
    for (const secrets of [
      [publicKey(), privateKey()],
      [privateKey(), publicKey()],
    ])
      expect(() => new KeySet(secrets, ['RS256', 'ES256'])).to.throw(
        ConfigurationError,
        'A manager with several algorithms only verifies',
      );
  });

  it('may be a secret with a kid, which then decides', () => {
    const jwk = { kty: 'oct', k: Buffer.from(LONG_SECRET).toString('base64url'), kid: 'named' };
    const keys = new KeySet(jwk, ['HS256']);
    expect(keys.keysFor('named', 'HS256')).to.have.length(1);
    expect(keys.keysFor('other', 'HS256')).to.deep.equal([]);
  });

  it('are of the algorithms of the keys alone', () => {
    const keys = new KeySet([privateKey()], ['RS256']);
    expect(keys.hasAlgorithm('RS256')).to.equal(true);
    for (const algorithm of ['RS512', 'HS256', 'none', undefined, 7])
      expect(keys.hasAlgorithm(algorithm), `${algorithm}`).to.equal(false);
    expect(new KeySet(NO_KEYS, ['RS256']).hasAlgorithm('RS256')).to.equal(false);
  });

  it('give the bytes of what is secret, and of nothing else', () => {
    const [bytes, ...more] = new KeySet([privateKey(), publicKey()], ['RS256']).privateBytes();
    expect(more).to.deep.equal([]);
    expect(bytes).to.deep.equal(rsa().privateKey.export({ format: 'der', type: 'pkcs8' }));
    expect(new KeySet(LONG_SECRET, ['HS256']).privateBytes()).to.deep.equal([Buffer.from(LONG_SECRET)]);
    expect(new KeySet(publicKey(), ['RS256']).privateBytes()).to.deep.equal([]);
  });

  describe('in a test', () => {
    it('have one more, if none can sign, which is not published', () => {
      const keys = new KeySet(publicKey(), ['RS256']);
      const published = keys.publicKeys;
      keys.addTestKey();
      const { signer } = keys;
      expect(signer?.algorithm).to.equal('ES256');
      expect(signer?.signingKey?.asymmetricKeyDetails).to.deep.equal({ namedCurve: 'prime256v1' });
      expect(keys.isTestKey(signer?.kid)).to.equal(true);
      expect(signer?.kid).to.match(/^test-[\da-f-]{36}$/);
      expect(keys.keysFor(signer?.kid, 'ES256')).to.deep.equal([signer]);
      expect(keys.keysFor(undefined, 'RS256')).to.deep.equal(published);
      expect(keys.publicKeys).to.deep.equal(published);
      keys.addTestKey();
      expect(keys.signer).to.equal(signer);
    });

    it('have none more, if one can sign', () => {
      const keys = new KeySet({ privateKey: pem(p256().privateKey) }, ['ES256']);
      const { signer } = keys;
      keys.addTestKey();
      expect(keys.signer).to.equal(signer);
      expect(keys.isTestKey(signer?.kid)).to.equal(false);
    });

    it('take no other kid for that of the test key, and none for one before there is a test key', () => {
      const keys = new KeySet(publicKey(), ['RS256']);
      for (const kid of [undefined, 'test-', 7]) expect(keys.isTestKey(kid)).to.equal(false);
      keys.addTestKey();
      for (const kid of [undefined, 'test-', 7]) expect(keys.isTestKey(kid)).to.equal(false);
    });
  });
});
