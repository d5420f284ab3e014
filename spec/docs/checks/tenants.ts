import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, whoAmI } from '../trying';

const check: Check = async ({ lm, tokenOf }) => {
  const client = supertest(whoAmI(lm));
  const ask = (tenant: string, host: string) =>
    client
      .get('/')
      .set(bearer(tokenOf('ada@example.com', tenant)))
      .set('Host', host);

  expect((await ask('acme', 'acme.example.com')).body).to.include({ email: 'ada@example.com' });
  expect((await ask('umbrella', 'umbrella.example.com:8080')).body).to.include({ email: 'ada@example.com' });
  expectUnauthorized(await ask('acme', 'umbrella.example.com'), 'user_unknown');
  expectUnauthorized(await ask('acme', 'evil.example'), 'user_unknown');
  expectUnauthorized(await ask('nobody', 'nobody.example.com'), 'user_unknown');
  const other = lm.createAccessToken({ data: { sub: 'ada@example.com' } });
  expectUnauthorized(await client.get('/').set(bearer(other)).set('Host', 'undefined.example.com'), 'user_unknown');
  expect(await lm.getCurrentUser(tokenOf('ada@example.com', 'acme'))).to.include({ email: 'ada@example.com' });
};

export default check;
