import { expect } from 'chai';
import { isAsymmetricKey, isPem, normalizePem } from '../../../src/jwt/keys/key-format';
import { ed25519, pem, rsa } from '../../support/keys';

const publicPem = () => pem(ed25519().publicKey);
const publicDer = () => ed25519().publicKey.export({ format: 'der', type: 'spki' });

/** Encodes a text so many times. */
function encoded(text: string, times: number): Buffer {
  return times === 0 ? Buffer.from(text) : encoded(Buffer.from(text).toString('base64'), times - 1);
}

describe('what looks like an asymmetric key', () => {
  for (const times of [0, 1, 2, 3]) {
    it(`is found in a PEM that is encoded ${times} times`, () => {
      expect(isAsymmetricKey(encoded(publicPem(), times))).to.equal(true);
    });
  }

  it('is not looked for any deeper', () => {
    expect(isAsymmetricKey(encoded(publicPem(), 4))).to.equal(false);
  });

  it('is found in hex, with 0x before it, with colons, and in capitals', () => {
    const hex = publicDer().toString('hex');
    for (const text of [hex, `0x${hex}`, `0X${hex}`, hex.toUpperCase(), hex.replaceAll(/..(?=.)/g, '$&:')])
      expect(isAsymmetricKey(Buffer.from(text)), text).to.equal(true);
  });

  it('is found in hex only where nothing else is', () => {
    const hex = publicDer().toString('hex');
    for (const text of [`x${hex}`, `${hex}x`, `0${hex}`, `${hex}0`, hex.replaceAll(/..(?=.)/g, '$&-')])
      expect(isAsymmetricKey(Buffer.from(text)), text).to.equal(false);
  });

  it('is found in the bytes that ssh writes, and not after others', () => {
    const wire = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0 ', 'latin1');
    expect(isAsymmetricKey(Buffer.concat([wire, Buffer.alloc(32, 1)]))).to.equal(true);
    expect(isAsymmetricKey(Buffer.concat([Buffer.from('secret'), wire, Buffer.alloc(32, 1)]))).to.equal(false);
  });

  it('is a JWK, whatever is between the name and the colon', () => {
    for (const text of ['{"kty":"RSA"}', '{"kty" :"RSA"}', "{'keys'\t: []}", '{\\"kty\\": \\"RSA\\"}'])
      expect(isAsymmetricKey(Buffer.from(text)), text).to.equal(true);
    for (const text of ['"kty": "RSA"', '{"kty"x:"RSA"}', '{kty: RSA}', '{"kty"}'])
      expect(isAsymmetricKey(Buffer.from(text)), text).to.equal(false);
  });

  it('is DER of every kind, and a certificate is too', () => {
    const { privateKey, publicKey } = rsa();
    for (const type of ['spki', 'pkcs1'] as const)
      expect(isAsymmetricKey(publicKey.export({ format: 'der', type })), `public ${type}`).to.equal(true);
    for (const type of ['pkcs8', 'pkcs1'] as const)
      expect(isAsymmetricKey(privateKey.export({ format: 'der', type })), `private ${type}`).to.equal(true);
  });

  it('does not begin in the middle of DER', () => {
    expect(isAsymmetricKey(Buffer.concat([Buffer.from([0x31]), publicDer().subarray(1)]))).to.equal(false);
  });
});

describe('a PEM', () => {
  it('is known by its beginning, anywhere', () => {
    expect(isPem(Buffer.from(publicPem()))).to.equal(true);
    expect(isPem(Buffer.from(`# comment\n${publicPem()}`))).to.equal(true);
    expect(isPem(Buffer.from('---- BEGIN'))).to.equal(false);
  });

  it('has line ends for what an environment variable holds instead of them', () => {
    const lines = publicPem();
    for (const end of ['\\n', '\\r\\n', '\\r']) {
      const text = lines.replaceAll('\n', end);
      expect(normalizePem(text), end).to.equal(lines);
      expect(normalizePem(Buffer.from(text)), end).to.equal(lines);
    }
    expect(normalizePem(lines)).to.equal(lines);
  });

  it('is all that is changed: a secret keeps its backslashes, and bytes stay the same object', () => {
    expect(normalizePem('a\\nb')).to.equal('a\\nb');
    const bytes = Buffer.from('a\\nb');
    expect(normalizePem(bytes)).to.equal(bytes);
  });

  it('is read from any bytes, and no other value is touched', () => {
    const text = publicPem().replaceAll('\n', '\\n');
    expect(normalizePem(new Uint8Array(Buffer.from(text)) as Buffer)).to.equal(publicPem());
    for (const value of [undefined, null, 7, {}]) expect(normalizePem(value as never)).to.equal(value);
  });
});
