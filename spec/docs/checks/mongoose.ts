import { expect } from 'chai';
import { LoginManager } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { startMongoServer } from '../mongo-server';
import { expectUnauthorized, printedBy, whoAmI } from '../trying';

const check: Check = async ({ lm, User, SECRET }) => {
  const mongoose = User.db.base;
  const server = await startMongoServer(mongoose.mongo.BSON, {
    users: [{ _id: new mongoose.Types.ObjectId(), email: 'ada@example.com', scopes: ['notes:read'] }],
  });
  await mongoose.connect(server.url, { autoIndex: false, autoCreate: false });
  const client = supertest(whoAmI(lm));
  const as = (sub: string) => client.get('/').set(bearer(lm.createAccessToken({ data: { sub } })));

  expect((await as('ada@example.com')).body).to.include({ email: 'ada@example.com' });
  expectUnauthorized(await as('gone@example.com'), 'user_unknown');

  // a query is awaited, and what `find` returns is no user
  const loading = async (load: (email: string) => unknown, sub: string) => {
    const manager = new LoginManager(SECRET, '/login');
    manager.userLoader()(load as (email: string) => object);
    const token = bearer(manager.createAccessToken({ data: { sub } }));
    return (await supertest(whoAmI(manager)).get('/').set(token)).status;
  };
  await printedBy(async () => {
    expect(await loading((email) => User.findOne({ email }), 'ada@example.com')).to.equal(200);
    expect(await loading((email) => User.findOne({ email }), 'gone@example.com')).to.equal(401);
    for (const sub of ['ada@example.com', 'gone@example.com'])
      expect(await loading((email) => User.find({ email }), sub)).to.equal(500);
  });

  await mongoose.disconnect();
  server.close();
};

export default check;
