import { inject, policy, subject } from 'routing-controllers-login';
import type { Account } from '../accounts/account';
import { Notes, type OwnedNote } from './notes';

/** The note of a path. Nobody learns that a note of somebody else exists. */
export const noteOfRoute = subject({ notes: inject(Notes) }, ({ notes, params }) => notes.find(Number(params.id)), {
  hidden: true,
});

/** The policy of a note: it is its owner's alone. */
export const isMyNote = policy(
  'isMyNote',
  (account: Account, { note }: { note: OwnedNote }) => note.owner === account.id,
  {
    note: noteOfRoute,
  },
);
