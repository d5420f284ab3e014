import { keycloak } from '../../support/provider-tokens';
import type { Check } from '../check';
import { tryProvider } from '../provider-trial';

const check: Check = ({ app }) =>
  tryProvider(app, keycloak, { notes: ['a note of ada'], withoutScope: { scope: 'openid' } });

export default check;
