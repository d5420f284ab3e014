// What the compiler accepts as a loader and what it refuses; compiled by types.spec.ts, never run.

import { inject, LoginManager, provide, UserLoader } from 'routing-controllers-login';

interface User {
  readonly email: string;
}

class Database {
  // A private member makes the class nominal: nothing but an instance is a Database.
  readonly #users = new Map<string, User>();
  private readonly name = 'users';

  find(email: string): User | null {
    return this.name ? (this.#users.get(email) ?? null) : null;
  }
}

class Cache {
  private readonly size = 10;
  has(key: string): boolean {
    return key.length < this.size;
  }
}

declare const db: Database;
declare const cache: Cache;
type Mode = 'strict' | 'lax';
type Find = (email: string) => User | null;
declare const find: Find;

// ---- accepted ---------------------------------------------------------------------------------------------------

class Bare {
  @UserLoader
  load(_sub: string): User | null {
    return null;
  }
}

class BareAsync {
  @UserLoader
  async load(_sub: string): Promise<User | null> {
    return null;
  }
}

class BareStatic {
  @UserLoader
  static load(_sub: string): User | null {
    return null;
  }
}

class NumericSubject {
  @UserLoader
  load(_sub: number): User | null {
    return null;
  }
}

class WithoutExtras {
  @UserLoader()
  load(_sub: string): User | null {
    return null;
  }
}

class Positional {
  @UserLoader(db, cache)
  load(sub: string, database: Database, _cache: Cache): User | null {
    return database.find(sub);
  }
}

class PositionalStaticAsync {
  @UserLoader(db)
  static async load(sub: string, database: Database): Promise<User | null> {
    return database.find(sub);
  }
}

class Keywords {
  @UserLoader({ db, cache })
  load(sub: string, { db }: { db: Database; cache: Cache }): User | null {
    return db.find(sub);
  }
}

class MoreKeywordsThanTheMethodReads {
  @UserLoader({ db, cache })
  load(sub: string, extra: { db: Database }): User | null {
    return extra.db.find(sub);
  }
}

class FewerParameters {
  @UserLoader(db, cache)
  load(sub: string, database: Database): User | null {
    return database.find(sub);
  }
}

class OptionalParameter {
  @UserLoader
  load(_sub: string, _mode: Mode = 'strict'): User | null {
    return null;
  }
}

class CallableFirst {
  @UserLoader(find)
  load(sub: string, lookUp: Find): User | null {
    return lookUp(sub);
  }
}

class CallableThenOthers {
  @UserLoader((email: string) => db.find(email), cache)
  static load(sub: string, lookUp: Find, _cache: Cache): User | null {
    return lookUp(sub);
  }
}

class CallableAsKeyword {
  @UserLoader({ find })
  load(sub: string, { find }: { find: Find }): User | null {
    return find(sub);
  }
}

class ClassAsExtra {
  @UserLoader(Database)
  load(sub: string, type: typeof Database): User | null {
    return new type().find(sub);
  }
}

class Literals {
  @UserLoader('strict', 3, true, null)
  load(_sub: string, _mode: Mode, _depth: 3, _flag: true, _nothing: null): User | null {
    return null;
  }
}

class LiteralKeyword {
  @UserLoader({ mode: 'strict' as const })
  load(_sub: string, _extra: { mode: Mode }): User | null {
    return null;
  }
}

class Injected {
  @UserLoader(inject(Database))
  load(sub: string, database: Database): User | null {
    return database.find(sub);
  }
}

class InjectedKeyword {
  @UserLoader({ db: inject(Database), cache, mode: 'strict' as const })
  load(sub: string, { db }: { db: Database; cache: Cache; mode: Mode }): User | null {
    return db.find(sub);
  }
}

class Provided {
  @UserLoader(provide((action) => action?.request.hostname as string))
  load(_sub: string, _tenant: string): User | null {
    return null;
  }
}

class ProvidedAsync {
  @UserLoader(provide(async () => db))
  load(sub: string, database: Database): User | null {
    return database.find(sub);
  }
}

class ProvidedKeyword {
  @UserLoader({ tenant: provide((_action, payload) => String(payload.tenant)), db: inject(Database) })
  static load(sub: string, { db }: { tenant: string; db: Database }): User | null {
    return db.find(sub);
  }
}

class InjectedBesideOthers {
  @UserLoader(inject(Database), 'strict', { cache: inject(Cache) }, find)
  load(sub: string, database: Database, _mode: Mode, _keywords: { cache: Cache }, _find: Find): User | null {
    return database.find(sub);
  }
}

class ReturnsUndefinedForNobody {
  @UserLoader
  async load(sub: string): Promise<User | undefined> {
    return sub ? { email: sub } : undefined;
  }
}

class ReturnsText {
  @UserLoader()
  load(sub: string): string {
    return sub;
  }
}

class ReturnsAny {
  @UserLoader
  // biome-ignore lint/suspicious/noExplicitAny: what a driver of a database may give
  load(sub: string): any {
    return JSON.parse(sub);
  }
}

class PromisesAnything {
  @UserLoader
  // biome-ignore lint/suspicious/noExplicitAny: what a driver of a database may give
  async load(sub: string): Promise<any> {
    return JSON.parse(sub);
  }
}

class ReturnsUnknown {
  @UserLoader(db)
  load(sub: string, _db: Database): Promise<unknown> {
    return Promise.resolve(sub);
  }
}

class ReturnsThenable {
  @UserLoader
  load(_sub: string): PromiseLike<User> {
    return Promise.resolve({ email: 'ada' });
  }
}

class AlwaysThrows {
  @UserLoader
  load(_sub: string): never {
    throw new Error('closed');
  }
}

// The decorated method stays an ordinary one, with its own types.
const users: (User | null)[] = [
  new Bare().load('ada'),
  BareStatic.load('ada'),
  new Positional().load('ada', db, cache),
  new Keywords().load('ada', { db, cache }),
];

// ---- refused ----------------------------------------------------------------------------------------------------

class WrongType {
  // @ts-expect-error a Cache is no Database
  @UserLoader(cache)
  load(sub: string, database: Database): User | null {
    return database.find(sub);
  }
}

class LooksAlike {
  // @ts-expect-error private members make it another type
  @UserLoader({ name: 'users', find })
  load(sub: string, database: Database): User | null {
    return database.find(sub);
  }
}

class WrongOrder {
  // @ts-expect-error the extras are the other way round
  @UserLoader(cache, db)
  static load(sub: string, database: Database, _cache: Cache): User | null {
    return database.find(sub);
  }
}

class Missing {
  // @ts-expect-error the cache is missing
  @UserLoader(db)
  load(sub: string, database: Database, _cache: Cache): User | null {
    return database.find(sub);
  }
}

class MissingAll {
  // @ts-expect-error the database is missing
  @UserLoader()
  load(sub: string, database: Database): User | null {
    return database.find(sub);
  }
}

class MissingOnBare {
  // @ts-expect-error the database is missing
  @UserLoader
  load(sub: string, database: Database): User | null {
    return database.find(sub);
  }
}

class MissingKeyword {
  // @ts-expect-error the cache is missing
  @UserLoader({ db })
  load(sub: string, { db }: { db: Database; cache: Cache }): User | null {
    return db.find(sub);
  }
}

class WrongKeyword {
  // @ts-expect-error the cache is no Database
  @UserLoader({ db: cache })
  load(sub: string, { db }: { db: Database }): User | null {
    return db.find(sub);
  }
}

class WrongLiteral {
  // @ts-expect-error no such mode
  @UserLoader('sloppy')
  load(_sub: string, _mode: Mode): User | null {
    return null;
  }
}

class WrongCallable {
  // @ts-expect-error it takes a number
  @UserLoader((id: number) => db.find(String(id)))
  load(sub: string, lookUp: Find): User | null {
    return lookUp(sub);
  }
}

class WrongInjection {
  // @ts-expect-error a Cache is no Database
  @UserLoader(inject(Cache))
  load(sub: string, database: Database): User | null {
    return database.find(sub);
  }
}

class WrongInjectedKeyword {
  // @ts-expect-error a Cache is no Database
  @UserLoader({ db: inject(Cache) })
  load(sub: string, { db }: { db: Database }): User | null {
    return db.find(sub);
  }
}

class MissingBesideAnInjectedKeyword {
  // @ts-expect-error the cache is missing
  @UserLoader({ db: inject(Database) })
  load(sub: string, { db }: { db: Database; cache: Cache }): User | null {
    return db.find(sub);
  }
}

class WrongProvision {
  // @ts-expect-error a number is no tenant
  @UserLoader(provide(() => 7))
  load(_sub: string, _tenant: string): User | null {
    return null;
  }
}

class WrongProvidedKeyword {
  // @ts-expect-error a number is no tenant
  @UserLoader({ tenant: provide(async () => 7) })
  load(_sub: string, _extra: { tenant: string }): User | null {
    return null;
  }
}

class Unresolved {
  // @ts-expect-error the method gets the Database, not the dependency
  @UserLoader(inject(Database))
  load(_sub: string, _dependency: ReturnType<typeof inject<Database>>): User | null {
    return null;
  }
}

class ReturnsNothing {
  // @ts-expect-error it returns nothing
  @UserLoader
  load(sub: string) {
    db.find(sub);
  }
}

class ReturnsNothingLater {
  // @ts-expect-error it returns nothing
  @UserLoader()
  async load(sub: string) {
    db.find(sub);
  }
}

class ReturnsNothingWithExtras {
  // @ts-expect-error it returns nothing
  @UserLoader({ db })
  static load(sub: string, { db }: { db: Database }): void {
    db.find(sub);
  }
}

class ReturnsUndefinedAlone {
  // @ts-expect-error it returns nothing
  @UserLoader(inject(Database))
  load(_sub: string, _database: Database): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

class ReturnsThenableOfNothing {
  // @ts-expect-error it returns nothing
  @UserLoader
  load(_sub: string): PromiseLike<void> {
    return Promise.resolve();
  }
}

// @ts-expect-error a loader is a method, not a class
@UserLoader
class OnAClass {}

class OnAProperty {
  // @ts-expect-error a loader is a method, not a property
  @UserLoader
  load = (_sub: string): User | null => null;
}

// ---- lm.userLoader(...extra)(fn) --------------------------------------------------------------------------------

const lm = new LoginManager<User>('a secret that is long enough for HS256', '/login');

const plain = lm.userLoader()((_sub: string): User | null => null);
const positional = lm.userLoader(db, cache)((sub: string, database: Database, _cache: Cache) => database.find(sub));
const keywords = lm.userLoader({ db: inject(Database) })(async (sub: string, extra: { db: Database }) =>
  extra.db.find(sub),
);
const provided = lm.userLoader(provide(() => 'strict' as const))((_sub: string, _mode: Mode): User | null => null);
const callable = lm.userLoader(find)((sub: string, lookUp: Find) => lookUp(sub));

// What comes back is the function itself, callable with all its arguments.
const found: User | null = plain('ada');
const foundToo: User | null = positional('ada', db, cache);
const promised: Promise<User | null> = keywords('ada', { db });
const foundByMode: User | null = provided('ada', 'lax');
const foundByCall: User | null = callable('ada', find);

// @ts-expect-error it takes its extra arguments when it is called by hand
positional('ada');

// @ts-expect-error a Cache is no Database
lm.userLoader(cache)((sub: string, database: Database) => database.find(sub));

// @ts-expect-error the cache is missing
lm.userLoader(db)((sub: string, database: Database, _cache: Cache) => database.find(sub));

// @ts-expect-error a Cache is no Database
lm.userLoader({ db: inject(Cache) })((sub: string, extra: { db: Database }) => extra.db.find(sub));

// @ts-expect-error it returns nothing
lm.userLoader()((sub: string) => {
  db.find(sub);
});

// @ts-expect-error it returns nothing
lm.userLoader(db)(async (sub: string, database: Database) => {
  database.find(sub);
});
