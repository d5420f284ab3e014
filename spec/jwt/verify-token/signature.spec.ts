import { createSecretKey, sign as signBytes } from 'node:crypto';
import { expect } from 'chai';
import { SECRET, tokenOf } from '../../support/accounts';
import { otherRsa, p256, pem, rsa } from '../../support/keys';
import { encode, forge, headerOf, signatureOf } from '../../support/tokens';
import { CLAIMS, describeVerification, NOW, REFUSED } from './verification';

describeVerification('the signature of a token', ({ managerWith, senderOf }) => {
  describe('with an RSA key', () => {
    const send = senderOf(() => managerWith({ algorithm: 'RS256' }, pem(rsa().privateKey)));

    it('takes what the private key signed', async () => {
      expect(await send(forge({ payload: CLAIMS, key: rsa().privateKey, algorithm: 'RS256' }))).to.equal('let in');
    });

    it('refuses HS256 with the public key as the secret', async () => {
      const spellings = [
        pem(rsa().publicKey),
        pem(rsa().publicKey).trim(),
        pem(rsa().publicKey, 'pkcs1'),
        JSON.stringify(rsa().publicKey.export({ format: 'jwk' })),
      ];
      for (const key of spellings) {
        expect(await send(forge({ payload: CLAIMS, key, algorithm: 'HS256' }))).to.equal(REFUSED);
        expect(
          await send(forge({ header: { alg: 'RS256', typ: 'JWT' }, payload: CLAIMS, key, algorithm: 'HS256' })),
        ).to.equal(REFUSED);
      }
    });

    it('refuses its own key with another padding or hash', async () => {
      for (const algorithm of ['PS256', 'RS384', 'RS512']) {
        expect(await send(forge({ payload: CLAIMS, key: rsa().privateKey, algorithm })), algorithm).to.equal(REFUSED);
        expect(
          await send(forge({ header: { alg: 'RS256' }, payload: CLAIMS, key: rsa().privateKey, algorithm })),
          algorithm,
        ).to.equal(REFUSED);
      }
    });

    it('refuses another key, in the header or not', async () => {
      const jwk = otherRsa().publicKey.export({ format: 'jwk' });
      for (const header of [{ alg: 'RS256' }, { alg: 'RS256', jwk }, { alg: 'RS256', jwk, kid: 'theirs' }]) {
        expect(await send(forge({ header, payload: CLAIMS, key: otherRsa().privateKey, algorithm: 'RS256' }))).to.equal(
          REFUSED,
        );
      }
    });
  });

  describe('with an EC key', () => {
    const send = senderOf(() => managerWith({ algorithm: 'ES256' }, pem(p256().privateKey)));
    const input = () => `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(CLAIMS)}`;

    it('takes what the private key signed', async () => {
      expect(await send(`${input()}.${signatureOf(input(), p256().privateKey, 'ES256')}`)).to.equal('let in');
    });

    // An HMAC is compared as text; a signature is decoded first, and node:crypto decodes leniently.
    it('refuses every other spelling of its signature', async () => {
      const signature = signatureOf(input(), p256().privateKey, 'ES256');
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const last = alphabet.indexOf(signature.at(-1) as string);
      const spellings = [
        `${signature}=`,
        `${signature}==`,
        signature.slice(0, -1) + alphabet[last | 1],
        signature.slice(0, -1) + alphabet[last | 15],
        `${signature.slice(0, 40)} ${signature.slice(40)}`,
        `${signature.slice(0, 40)}!${signature.slice(40)}`,
        Buffer.from(signature, 'base64url').toString('base64'),
      ];
      for (const spelling of spellings) {
        const bytes = Buffer.from(spelling, 'base64url').toString('base64url');
        expect(bytes, 'the same bytes').to.equal(signature);
        expect(await send(`${input()}.${spelling}`), spelling).to.equal(REFUSED);
      }
    });

    it('refuses a signature in DER', async () => {
      const inDer = signBytes('sha256', Buffer.from(input()), p256().privateKey).toString('base64url');
      expect(await send(`${input()}.${inDer}`)).to.equal(REFUSED);
    });

    it('refuses a signature of zeros (CVE-2022-21449), and one of the wrong length', async () => {
      for (const length of [64, 63, 65, 1, 128]) {
        expect(await send(`${input()}.${Buffer.alloc(length).toString('base64url')}`), `${length} bytes`).to.equal(
          REFUSED,
        );
      }
    });
  });

  describe('with several keys', () => {
    const oldSecret = 'the old secret, which signs no longer...';
    const rotated = () => managerWith({}, [SECRET, oldSecret]);

    describe('that are secrets', () => {
      const send = senderOf(rotated);

      it('tries each of them', async () => {
        expect(await send(forge({ payload: CLAIMS }))).to.equal('let in');
        expect(await send(forge({ payload: CLAIMS, key: oldSecret }))).to.equal('let in');
        expect(await send(forge({ payload: CLAIMS, key: 'a third secret that is not among the two' }))).to.equal(
          REFUSED,
        );
      });

      it('says of a token of each that it has expired', async () => {
        expect(await send(forge({ payload: { ...CLAIMS, exp: NOW }, key: oldSecret }))).to.equal('401 token_expired');
      });

      it('signs with the first', async () => {
        expect(await managerWith().hasScopes(tokenOf(rotated()), [])).to.equal(true);
      });
    });

    describe('that are RSA keys', () => {
      const send = senderOf(() =>
        managerWith({ algorithm: 'RS256' }, [pem(rsa().privateKey), { publicKey: pem(otherRsa().publicKey) }]),
      );
      const kidOf = (key: string) => headerOf(tokenOf(managerWith({ algorithm: 'RS256' }, key))).kid;

      it('lets the kid choose among them', async () => {
        const old = { payload: CLAIMS, key: otherRsa().privateKey, algorithm: 'RS256' };
        expect(
          await send(forge({ ...old, header: { alg: 'RS256', kid: kidOf(pem(otherRsa().privateKey)) } })),
        ).to.equal('let in');
      });

      it('tries each of them, because their thumbprints are no configured names', async () => {
        const old = { payload: CLAIMS, key: otherRsa().privateKey, algorithm: 'RS256' };
        for (const kid of [kidOf(pem(rsa().privateKey)), 'unknown'])
          expect(await send(forge({ ...old, header: { alg: 'RS256', kid } }))).to.equal('let in');
      });

      it('tries each of them where the token names none', async () => {
        for (const { privateKey } of [rsa(), otherRsa()]) {
          expect(await send(forge({ payload: CLAIMS, key: privateKey, algorithm: 'RS256' }))).to.equal('let in');
        }
      });
    });

    it('takes a secret with a name of its own, from a JWK', async () => {
      const manager = managerWith(
        {},
        { ...createSecretKey(Buffer.from(SECRET)).export({ format: 'jwk' }), kid: '2030' },
      );
      expect(headerOf(tokenOf(manager)).kid).to.equal('2030');
      expect(
        await manager.getCurrentUser(forge({ header: { alg: 'HS256', kid: '2030' }, payload: CLAIMS })),
      ).to.include({ email: 'ada@example.com' });
    });
  });
});
