import { expect } from 'chai';
import { LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectUnauthorized, printedBy, whoAmI } from '../trying';

const check: Check = async ({ lm, database, User, SECRET }) => {
  await database.initialize();
  const users = database.getRepository(User);
  const { id } = await users.save({ email: 'ada@example.com' });
  const client = supertest(whoAmI(lm));
  const as = (sub: string) => client.get('/').set(bearer(lm.createAccessToken({ data: { sub } })));

  expect((await as(id)).body).to.include({ email: 'ada@example.com' });
  for (const sub of ['ada', `${id}' OR '1'='1`]) expectUnauthorized(await as(sub), 'user_unknown');

  // an array of rows is no user, however many there are
  const careless = new LoginManager(SECRET, '/login');
  careless.userLoader()((sub: string) => users.findBy({ id: sub }));
  const rows = supertest(whoAmI(careless));
  await printedBy(async () => {
    for (const sub of [id, 'gone']) {
      const token = careless.createAccessToken({ data: { sub } });
      expect((await rows.get('/').set(bearer(token))).status).to.equal(500);
    }
  });
  await database.destroy();
};

export default check;
