import { expect } from 'chai';
import supertest from 'supertest';
import type { Check } from '../check';

const check: Check = async ({ app, perAddress }) => {
  const login = (username: string, password: string) =>
    supertest(app).post('/login').type('form').send({ username, password });

  for (let time = 0; time < 12; time++) expect((await login('ada@example.com', 'correct horse')).status).to.equal(200);
  const together = await Promise.all(Array.from({ length: 15 }, () => login('ada@example.com', 'wrong')));
  expect(together.filter(({ status }) => status === 400)).to.have.length(10);
  const refused = await login('ADA@example.com', 'correct horse');
  expect([refused.status, refused.body.code]).to.deep.equal([429, 'too_many_attempts']);
  expect(Number(refused.headers['retry-after'])).to.be.within(1, 900);
  expect((await login('bob@example.com', 'correct horse')).status).to.equal(200);

  // the address, whatever the names
  const { consumedPoints } = (await perAddress.get('127.0.0.1')) ?? (await perAddress.get('::ffff:127.0.0.1'));
  for (let time = consumedPoints; time < 100; time++) await login(`user${time}`, 'wrong');
  expect((await login('bob@example.com', 'correct horse')).status).to.equal(429);
};

export default check;
