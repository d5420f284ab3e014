import { expect } from 'chai';
import { type ClassConstructor, useContainer } from 'routing-controllers';
import { LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, whoAmI } from '../trying';

const check: Check = async ({ lm, other, load, ada, SECRET, Database }) => {
  const account = { id: 1, email: 'ada@example.com', admin: true };
  const tokenOf = (sub: string) => lm.createAccessToken({ data: { sub } });
  const client = supertest(whoAmI(lm));

  // the method and the function stay ordinary ones
  expect(await ada).to.include(account);
  expect(load('ada@example.com', new Database())).to.include(account);

  // normalise is passed as it is, the tenant is found anew for each request
  const shouting = bearer(tokenOf('ADA@Example.com'));
  const open = await client.get('/').set(shouting);
  expect(open.body).to.include({ email: 'ada@example.com' });
  expectUnauthorized(await client.get('/').set(shouting).set('Host', 'closed.example.com'), 'user_unknown');
  expectUnauthorized(await client.get('/').set(bearer(tokenOf('gone@example.com'))), 'user_unknown');

  // the function with positional extra arguments
  const plain = supertest(whoAmI(other));
  expect((await plain.get('/').set(bearer(tokenOf('bob@example.com')))).body).to.include({ email: 'bob@example.com' });
  expectUnauthorized(await plain.get('/').set(bearer(tokenOf('BOB@example.com'))), 'user_unknown');

  // the only class with a loader need not be named
  const unnamed = supertest(whoAmI(new LoginManager(SECRET, '/login')));
  expect((await unnamed.get('/').set(shouting)).body).to.include({ email: 'ada@example.com' });

  // the database comes from the container at each call
  const asked: unknown[] = [];
  useContainer({
    get: <T>(type: ClassConstructor<T>) => {
      asked.push(type);
      return new type();
    },
  });
  await client.get('/').set(shouting);
  await client.get('/').set(shouting);
  expect(asked).to.deep.equal([Database, Database]);

  // an error of the loader is the application's own
  useContainer({
    get: () => {
      throw new Error('The database is down');
    },
  });
  const down = await client.get('/').set(shouting);
  expect(down.status).to.equal(500);
  expect(down.get('WWW-Authenticate')).to.equal(undefined);
};

export default check;
