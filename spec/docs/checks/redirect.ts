import { expect } from 'chai';
import supertest from 'supertest';
import { cookie } from '../../support/http';
import type { Check } from '../check';
import { later, printedBy } from '../trying';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const token = lm.createAccessToken({ data: { sub: 'ada@example.com' } });

  const expectRedirect = async (path: string, location: string, headers = {}) => {
    const response = await client.get(path).set(headers);
    expect(response.status).to.equal(303);
    expect(response.get('Location')).to.equal(location);
    expect(response.get('WWW-Authenticate')).to.equal(undefined);
    expect(response.text).not.to.match(/\.js:\d/);
  };
  const printed = await printedBy(async () => {
    await expectRedirect('/diary', '/login?next=%2Fdiary');
    await expectRedirect('/diary?page=2&q=a', '/login?next=%2Fdiary%3Fpage%3D2%26q%3Da');
    await expectRedirect('/diary', '/login?next=%2Fdiary', cookie('a.b.c'));
    await later(3600, () => expectRedirect('/diary', '/login?next=%2Fdiary', cookie(token)));
  });
  expect(printed).to.equal('');

  const diary = await client.get('/diary').set(cookie(token));
  expect(diary.status).to.equal(200);
  expect(diary.text).to.equal('Dear diary');
};

export default check;
