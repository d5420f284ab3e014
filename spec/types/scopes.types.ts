// What the compiler knows of defined scopes; compiled by types.spec.ts, never run.

import {
  allOf,
  anyOf,
  type DefinedScopes,
  defineScopes,
  grantScopes,
  LoginManager,
  policy,
  stepUp,
} from 'routing-controllers-login';

interface Account {
  id: number;
}

const notes = defineScopes({
  'notes:read': 'Read notes',
  'notes:write': { description: 'Write notes', implies: ['notes:read'] },
});
const isOwner = policy('isOwner', (user: Account) => user.id === 1);

type Scope = (typeof notes)['names'][number];
export const granted: Scope[] = ['notes:read', 'notes:write'];
// @ts-expect-error there is no such scope
export const misspelled: Scope = 'notes:raed';

export class Routes {
  @notes.Authorized('notes:read')
  one() {}

  @notes.Authorized(['notes:write', isOwner, stepUp({ maxAge: '5m' }), anyOf('notes:read', isOwner)])
  list() {}

  @notes.Authorized(notes.anyOf('notes:write', isOwner, notes.allOf('notes:read', isOwner), allOf(isOwner)))
  alternatives() {}

  @notes.Authorized()
  login() {}

  // @ts-expect-error there is no such scope
  @notes.Authorized('notes:raed')
  misspelled() {}

  // @ts-expect-error there is no such scope
  @notes.Authorized(['notes:read', 'notes:raed'])
  misspelledInList() {}

  // @ts-expect-error several are an array
  @notes.Authorized('notes:read', 'notes:write')
  several() {}
}

// @ts-expect-error there is no such scope
notes.anyOf('notes:raed', isOwner);
// @ts-expect-error there is no such scope
notes.allOf('notes:read', 'notes:raed');
// @ts-expect-error what it implies is not among the scopes
defineScopes({ 'notes:read': 'Read notes', 'notes:write': { description: 'Write notes', implies: ['notes:raed'] } });
// @ts-expect-error the description is missing
defineScopes({ 'notes:read': { implies: [] } });

export const any: DefinedScopes = notes;
export const manager = new LoginManager<Account>('secret', null, { scopes: notes, context: true });
new LoginManager('secret', null, { scopes: { a: 'A', b: { description: 'B', implies: ['a'] } } });
grantScopes('notes:read', ['notes:write'], notes);
// @ts-expect-error a record is not what defineScopes returns
grantScopes('notes:read', ['notes:write'], { 'notes:read': 'Read notes' });

export const email: number = manager.current().user.id;
export const ran: Promise<string> = manager.runAs({ id: 1 }, async () => 'done');
// @ts-expect-error another user
manager.runAs({ name: 'Ada' }, () => 1);
