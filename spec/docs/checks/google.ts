import { google } from '../../support/provider-tokens';
import type { Check } from '../check';
import { tryProvider } from '../provider-trial';

const check: Check = ({ app }) =>
  tryProvider(
    app,
    { ...google, refused: { ...google.refused, 'an account of another domain': { hd: undefined } } },
    { notes: ['a note of ada@example.com'] },
  );

export default check;
