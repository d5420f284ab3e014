import { constants, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { expect } from 'chai';
import { algorithms } from '../../src/jwt/keys/algorithm';
import { signEdDsa, verifySignature } from '../../src/jwt/signature';
import { keysFor } from '../support/keys';
import { signatureOf } from '../support/tokens';

const SIGNED = 'eyJhbGciOiJub25lIn0.e30';

describe('a signature', () => {
  for (const algorithm of algorithms) {
    describe(`of ${algorithm}`, () => {
      const { signing, verifying } = keysFor(algorithm);
      const signature = Buffer.from(signatureOf(SIGNED, signing, algorithm), 'base64url');
      const verdict = (bytes: Buffer, signed = SIGNED) => verifySignature(bytes, signed, verifying, algorithm);

      it('is what the key made of the text', () => {
        expect(verdict(signature)).to.equal(true);
        expect(verdict(signature, `${SIGNED}A`)).to.equal(false);
        expect(verdict(signature, '')).to.equal(false);
      });

      it('is no other bytes: one bit, one byte more or less, none, zeros, noise', () => {
        for (let index = 0; index < signature.length; index++) {
          const changed = Buffer.from(signature);
          changed[index] = (changed[index] as number) ^ (1 << (index % 8));
          expect(verdict(changed), `byte ${index}`).to.equal(false);
        }
        expect(verdict(signature.subarray(1))).to.equal(false);
        expect(verdict(signature.subarray(0, -1))).to.equal(false);
        expect(verdict(Buffer.concat([signature, Buffer.alloc(1)]))).to.equal(false);
        expect(verdict(Buffer.concat([Buffer.alloc(1), signature]))).to.equal(false);
        expect(verdict(Buffer.alloc(0))).to.equal(false);
        expect(verdict(Buffer.alloc(signature.length))).to.equal(false);
        expect(verdict(randomBytes(signature.length))).to.equal(false);
      });
    });
  }

  for (const algorithm of ['RS256', 'PS256'] as const) {
    it(`of ${algorithm} has its leading zero byte`, () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const padding = algorithm === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
      for (let count = 0; ; count++) {
        const text = `text ${count}`;
        const signature = sign('sha256', Buffer.from(text), { key: privateKey, padding, saltLength: 32 });
        if (signature[0] !== 0) continue;
        expect(verifySignature(signature, text, publicKey, algorithm)).to.equal(true);
        expect(verifySignature(signature.subarray(1), text, publicKey, algorithm)).to.equal(false);
        return;
      }
    });
  }

  it('of EdDSA is that of RFC 8037, appendix A.4 and A.5', () => {
    const signingInput = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
    const signature = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
    const jwk = {
      kty: 'OKP',
      crv: 'Ed25519',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    };
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    expect(signEdDsa(signingInput, key).toString('base64url')).to.equal(signature);
    expect(verifySignature(Buffer.from(signature, 'base64url'), signingInput, createPublicKey(key), 'EdDSA')).to.equal(
      true,
    );
  });
});
