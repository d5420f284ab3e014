import { expect } from 'chai';
import fc from 'fast-check';
import { LoginManager } from '../../../src/manager/login-manager';
import { type Account, Accounts } from '../../support/accounts';
import { otherRsa } from '../../support/keys';
import { closeProviders, Provider, type ProviderTokenParts } from '../../support/provider';

/** What makes a token of the right issuer a bad one, and the reason. */
const bad: Record<string, [parts: ProviderTokenParts, reason: string | RegExp]> = {
  'without expiry': [{ claims: { exp: undefined } }, /exp must be a number/],
  'with an expiry that is text': [{ claims: { exp: '4000000000' } }, /exp must be a number/],
  'with a start that is text': [{ claims: { nbf: '0' } }, /nbf must be a number/],
  'that is not valid yet': [{ claims: { nbf: 4e9 } }, /not before/],
  'without subject': [{ claims: { sub: undefined } }, /sub must be/],
  'with an empty subject': [{ claims: { sub: '' } }, /sub must be/],
  'with a subject that is a list': [{ claims: { sub: ['ada@example.com'] } }, /sub must be/],
  'of another type': [{ header: { typ: 'dpop+jwt' } }, 'type'],
  'with a critical header': [{ header: { crit: ['exp'] } }, 'critical header'],
  'with a payload that is not encoded': [{ header: { b64: false } }, 'critical header'],
  'without algorithm': [{ header: { alg: undefined } }, 'algorithm'],
  'with the algorithm none': [{ header: { alg: 'none' } }, 'algorithm'],
  'with an algorithm in lower case': [{ header: { alg: 'rs256' } }, 'algorithm'],
  'with a name of a key that is a number': [{ header: { kid: 1 } }, 'kid'],
  'signed with another key': [{ key: { kid: 'first', pair: otherRsa() } }, 'signature'],
  'signed with another key that it brings': [
    {
      key: { kid: 'first', pair: otherRsa() },
      header: { jwk: otherRsa().publicKey.export({ format: 'jwk' }), jku: 'https://evil.example/keys' },
    },
    'signature',
  ],
};

describe('A token of an issuer', () => {
  let provider: Provider;
  let manager: LoginManager<Account>;

  before(async () => {
    provider = await Provider.start();
    manager = new LoginManager<Account>({ issuer: provider.issuer, audience: 'api' }, null, { userLoader: Accounts });
    await manager.ready();
  });

  after(closeProviders);

  const reasonOf = (token: string): Promise<unknown> =>
    manager.verify(token).then(
      () => 'accepted',
      ({ cause }) => cause,
    );

  for (const [name, [parts, reason]] of Object.entries(bad))
    it(`is refused ${name}`, async () => {
      const found = await reasonOf(provider.token(parts));
      if (typeof reason === 'string') expect(found).to.equal(reason);
      else expect(found).to.match(reason);
    });

  it('is good in one spelling only: no character can be another, left out or added', async () => {
    const token = provider.token();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...'AZaz09-_.=+/ \n'),
        fc.constantFrom(0, 1),
        async (index, character, removed) => {
          const changed = token.slice(0, index) + character + token.slice(index + removed);
          if (changed !== token) expect(await reasonOf(changed)).not.to.equal('accepted');
        },
      ),
      { numRuns: 300 },
    );
    expect(await reasonOf(token)).to.equal('accepted');
  });

  it('is refused with whatever for a header, and never more than a 401', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom('alg', 'kid', 'typ', 'crit'), fc.jsonValue()), async (header) => {
        const token = provider.token({ header, algorithm: 'RS256', key: { kid: 'other', pair: otherRsa() } });
        const error = await manager.verify(token).catch((reason) => reason);
        expect(error).to.include({ code: 'token_invalid' });
      }),
      { numRuns: 100 },
    );
  });
});
