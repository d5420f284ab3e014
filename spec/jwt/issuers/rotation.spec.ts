import { expect } from 'chai';
import { LoginManager } from '../../../src/manager/login-manager';
import { type Account, Accounts } from '../../support/accounts';
import { TestClock } from '../../support/clock';
import { otherRsa, rsa } from '../../support/keys';
import { closeProviders, Provider } from '../../support/provider';

const oldKey = { kid: 'old', pair: rsa() };
const newKey = { kid: 'new', pair: otherRsa() };

const privateJwk = ({ kid, pair }: typeof oldKey) => ({ ...pair.privateKey.export({ format: 'jwk' }), kid });

describe('The rotation of keys', () => {
  afterEach(closeProviders);

  it('refuses no good token of two processes that sign, and the old key in the end', async () => {
    const clock = new TestClock();
    const provider = await Provider.start();
    provider.cacheControl = 'max-age=300';
    provider.keys = [oldKey];
    const signerOf = (...keys: (typeof oldKey)[]) =>
      new LoginManager<Account>(keys.map(privateJwk), '/login', { algorithm: 'RS256', clock: clock.tell });
    const verifier = new LoginManager<Account>({ jwksUri: provider.jwksUri }, null, {
      userLoader: Accounts,
      clock: clock.tell,
    });
    const accepted: string[] = [];
    const verifyTokenOf = async (signer: LoginManager<Account>) => {
      clock.advance(10);
      const token = signer.createAccessToken({ data: { sub: 'ada@example.com' }, expires: '5m' });
      await verifier.verify(token);
      accepted.push(token);
    };
    const [first, second] = [signerOf(oldKey), signerOf(oldKey)];
    for (const signer of [first, second]) await verifyTokenOf(signer);

    provider.keys = [newKey, oldKey]; // the new key is published, then one process after the other signs with it
    const rotated = signerOf(newKey, oldKey);
    for (let n = 0; n < 5; n++) for (const signer of [rotated, second]) await verifyTokenOf(signer);
    for (let n = 0; n < 5; n++) await verifyTokenOf(rotated);
    for (const token of accepted) await verifier.verify(token);

    provider.keys = [newKey];
    clock.advance(301);
    await verifyTokenOf(rotated);
    const stolen = first.createAccessToken({ data: { sub: 'ada@example.com' } });
    const error = await verifier.verify(stolen).catch((reason) => reason);
    expect(error).to.include({ code: 'token_invalid', cause: 'kid' });
  });
});
