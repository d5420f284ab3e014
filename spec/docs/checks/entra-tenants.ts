import { expect } from 'chai';
import { rsa } from '../../support/keys';
import { entraV2 } from '../../support/provider-tokens';
import { forge } from '../../support/tokens';
import type { Check } from '../check';

const check: Check = async ({ tenants }) => {
  const refusalOf = async (iss: string) => {
    const payload = { ...entraV2.claims, iss } as never;
    const token = forge({ header: { alg: 'RS256', kid: 'a' }, payload, key: rsa().privateKey, algorithm: 'RS256' });
    return tenants.verify(token).catch(({ cause }: Error) => cause);
  };
  const root = 'https://login.microsoftonline.com';
  for (const iss of [
    `${root}/11111111-2222-3333-4444-555555555555/v2.0`,
    `${root}/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0/`,
    `${root}.example.org/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0`,
    `https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/`,
  ])
    expect(await refusalOf(iss)).to.equal('issuer');
};

export default check;
