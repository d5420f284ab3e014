import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import { GuardedRoute } from '../../support/guarded-route';
import { bearer, cookie } from '../../support/http';
import { closeProviders, Provider } from '../../support/provider';
import { onEachServer } from '../../support/servers';
import { forge } from '../../support/tokens';
import { CLAIMS, managerWith } from './attacks';

/** What a provider whose keys are lost may answer. */
const emptyAnswers: Record<string, string> = {
  'an empty key set': '{"keys":[]}',
  'an empty secret': '{"keys":[{"kty":"oct","k":""}]}',
  'an empty secret for HS256': '{"keys":[{"kty":"oct","alg":"HS256","use":"sig","k":""}]}',
  'an empty secret with the name of the token': '{"keys":[{"kty":"oct","kid":"first","k":""}]}',
  'a secret of its own': `{"keys":[{"kty":"oct","kid":"first","k":"${Buffer.alloc(32).toString('base64url')}"}]}`,
  'an RSA key without numbers': '{"keys":[{"kty":"RSA","kid":"first","n":"","e":""}]}',
  nothing: '',
  null: 'null',
};

describe('GHSA-gmvf-9v4p-v8jc: an empty key from whoever gives the keys', () => {
  onEachServer((start) => {
    afterEach(closeProviders);

    for (const [what, answer] of Object.entries(emptyAnswers)) {
      it(`verifies nothing: ${what}`, async () => {
        const provider = await Provider.start();
        provider.answer = (_request, response) => response.setHeader('Content-Type', 'application/json').end(answer);
        const manager = managerWith(
          { jwksUri: provider.jwksUri },
          { algorithm: 'RS256', issuer: provider.issuer, audience: 'api' },
        );
        const { client } = await start({ manager, controllers: [GuardedRoute] });
        const payload = { ...CLAIMS, iss: provider.issuer, aud: 'api' };
        const forgeries = ['', Buffer.alloc(32), 'first'].flatMap((key) =>
          [undefined, 'first'].map((kid) => forge({ header: { alg: 'HS256', kid }, payload, key })),
        );
        for (const token of [...forgeries, ...forgeries]) {
          expect((await client.get('/me').set(bearer(token))).status).to.be.oneOf([401, 503]);
          expect((await client.get('/me').set(cookie(token))).status).to.be.oneOf([401, 503]);
        }
      });
    }
  });

  it('is refused at construction, of whatever form', () => {
    const secrets = [
      '',
      ' ',
      Buffer.alloc(0),
      { kty: 'oct', k: '' },
      [],
      [''],
      { keys: [] },
      { privateKey: '' },
      { publicKey: '' },
    ];
    for (const secret of secrets) {
      expect(() => managerWith(secret as never), JSON.stringify(secret)).to.throw(ConfigurationError);
    }
  });
});
