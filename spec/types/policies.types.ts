// What the compiler accepts as extras of policies and subjects and what it refuses; compiled by types.spec.ts, never run.

import { allOf, anyOf, inject, LoginManager, policy, provide, Subject, subject } from 'routing-controllers-login';

interface Account {
  id: number;
}

interface Note {
  owner: number;
}

class Notes {
  private readonly notes: Note[] = [];
  find(id: number): Note | undefined {
    return this.notes[id];
  }
}

const noteOfRoute = subject(
  { notes: inject(Notes) },
  async ({ notes, params }) => notes.find(Number(params.id)) ?? null,
);
const plain = subject(({ payload }) => ({ owner: Number(payload.sub) }));

const isOwner = policy('isOwner', (user: Account, { note }: { note: Note }) => note.owner === user.id, {
  note: noteOfRoute,
});
policy('isOwner', (user: Account, { note, action, params }) => action && note.owner === user.id && params.id !== '', {
  note: plain,
});
policy('isLocal', (_user: Account, { host, port }) => host.length === port, { host: provide(() => 'local'), port: 7 });
policy<Account>('isOne', (user) => user.id === 1);

// @ts-expect-error the extra is missing
policy('isOwner', (user: Account, { note }: { note: Note }) => note.owner === user.id);
// @ts-expect-error the extra has another type
policy('isOwner', (user: Account, { note }: { note: Note }) => note.owner === user.id, { note: inject(Notes) });
// @ts-expect-error a policy answers a boolean or deny(…)
policy('isOwner', () => 'yes');
// @ts-expect-error there is no such extra
subject({ notes: inject(Notes) }, ({ nodes }) => nodes);

declare const manager: LoginManager<Account>;
declare const request: Parameters<typeof manager.can>[0];

export const answers = [
  manager.can(request, [anyOf('admin', isOwner, allOf('editor', isOwner))], { note: { owner: 1 } }),
  manager.authorize(request, isOwner),
];

class Routes {
  show(@Subject(noteOfRoute) note: Note) {
    return note;
  }
  destructured(_id: string, @Subject(noteOfRoute) { owner }: Note, other?: string) {
    return [owner, other];
  }
  wider(@Subject(noteOfRoute) note: object) {
    return note;
  }
  async generic<T>(@Subject(noteOfRoute) note: Note, other: T) {
    return [note, other];
  }

  // @ts-expect-error the subject is a note
  another(@Subject(noteOfRoute) note: Account) {
    return note;
  }
  // @ts-expect-error the subject is no text
  second(_note: Note, @Subject(noteOfRoute) text: string) {
    return text;
  }
}
export const routes = new Routes();
