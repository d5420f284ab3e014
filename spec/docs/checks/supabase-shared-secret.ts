import { expect } from 'chai';
import { supabase } from '../../support/provider-tokens';
import { forge } from '../../support/tokens';
import type { Check } from '../check';

const check: Check = async ({ shared }) => {
  const { SUPABASE_JWT_SECRET: key = '' } = process.env;
  const iss = 'https://abcdefgh.supabase.co/auth/v1';
  const verify = (changes: object) => {
    const payload = { iss, ...supabase.claims, ...changes };
    return shared.verify(forge({ header: { alg: 'HS256', kid: 'Yb0c', typ: 'JWT' }, payload, key }));
  };
  expect(await verify({})).to.include({ email: 'ada@example.com' });
  for (const changes of [...Object.values(supabase.refused), { iss: 'supabase' }])
    expect(await verify(changes).catch(({ code }: { code: string }) => code)).to.equal('token_invalid');
};

export default check;
