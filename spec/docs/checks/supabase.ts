import { p256 } from '../../support/keys';
import { supabase } from '../../support/provider-tokens';
import type { Check } from '../check';
import { tryProvider } from '../provider-trial';

const check: Check = ({ app }) =>
  tryProvider(app, supabase, {
    notes: ['a note of 269d0ab2-7b0f-4f10-8f9a-0f3f0b1f0d8c'],
    withoutScope: { app_metadata: {} },
    signing: { key: { kid: '5b2c', alg: 'ES256', use: 'sig', pair: p256() }, algorithm: 'ES256' },
  });

export default check;
