/** What the samples about roles take for granted: a table of members with their roles. */
export type Role = 'reader' | 'editor';

export interface Member {
  email: string;
  roles: Role[];
}

const members = new Map<string, Member>([
  ['ada@example.com', { email: 'ada@example.com', roles: ['editor'] }],
  ['bob@example.com', { email: 'bob@example.com', roles: ['reader'] }],
]);

export class MemberDatabase {
  readonly members = {
    find: (email: string): Member | null => members.get(email) ?? null,
    async update(email: string, change: Partial<Member>): Promise<void> {
      const member = members.get(email);
      if (member) members.set(email, { ...member, ...change });
    },
    async remove(email: string): Promise<void> {
      members.delete(email);
    },
  };
}

export const SECRET = 'forty bytes that nobody else knows of....';
