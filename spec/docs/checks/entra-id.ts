import { entraV2 } from '../../support/provider-tokens';
import type { Check } from '../check';
import { tryProvider } from '../provider-trial';

const check: Check = ({ app }) =>
  tryProvider(app, entraV2, {
    notes: ['a note of 72f988bf-86f1-41af-91ab-2d7cd011db47 690222be-ff1a-4d56-abd1-7e4f7d38e474'],
    withoutScope: { scp: 'profile' },
  });

export default check;
