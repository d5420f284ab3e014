import { cognito } from '../../support/provider-tokens';
import type { Check } from '../check';
import { tryProvider } from '../provider-trial';

const check: Check = ({ app }) =>
  tryProvider(app, cognito, {
    notes: ['a note of aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'],
    withoutScope: { scope: 'aws.cognito.signin.user.admin' },
  });

export default check;
