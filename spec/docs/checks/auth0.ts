import { auth0 } from '../../support/provider-tokens';
import type { Check } from '../check';
import { tryProvider } from '../provider-trial';

const check: Check = ({ app }) =>
  tryProvider(app, auth0, { notes: ['a note of auth0|5f7c8ec7c33c6c004bbafe82'], withoutScope: { permissions: [] } });

export default check;
