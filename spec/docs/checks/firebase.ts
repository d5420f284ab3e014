import { firebase } from '../../support/provider-tokens';
import type { Check } from '../check';
import { tryProvider } from '../provider-trial';

const check: Check = ({ app }) =>
  tryProvider(app, firebase, { notes: ['a note of yk1RZ7Xv4yUZ'], withoutScope: { scopes: undefined } });

export default check;
