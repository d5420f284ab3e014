import { expect } from 'chai';
import supertest from 'supertest';
import type { Check } from '../check';

const check: Check = async (_sample, { servers: [server] }) => {
  if (!server) throw new Error('The sample does not listen');
  expect((await supertest(server).get('/notes')).status).to.equal(401);
};

export default check;
