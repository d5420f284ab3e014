import { expect } from 'chai';
import supertest from 'supertest';
import { foreign } from '../../support/http';
import type { Check } from '../check';
import { later, printedBy, urlOf } from '../trying';

const right = { email: 'ada@example.com', password: 'correct horse' };

const check: Check = async ({ lm }, { servers }) => {
  const url = urlOf(servers[0]);
  const browser = supertest.agent(url);
  const submit = (fields: object, agent = browser) => agent.post('/login').type('form').send(fields);
  const expectRedirect = async (sent: supertest.Test, location: string) => {
    const { status, headers } = await sent;
    expect([status, headers.location, headers['www-authenticate']]).to.deep.equal([303, location, undefined]);
  };

  // to the form, and back
  const printed = await printedBy(async () => {
    await expectRedirect(browser.get('/diary'), '/login?next=%2Fdiary');
    await expectRedirect(browser.get('/diary?page=2&q=a'), '/login?next=%2Fdiary%3Fpage%3D2%26q%3Da');
    await expectRedirect(browser.get('/diary').set('Cookie', 'access-token=a.b.c'), '/login?next=%2Fdiary');
  });
  expect(printed).to.equal('');
  const form = await browser.get('/login?next=%2Fdiary%3Fday%3D1');
  expect(form.headers['content-type']).to.match(/^text\/html/);
  expect(form.text).to.contain('<input type="hidden" name="next" value="/diary?day=1">');
  await expectRedirect(submit({ ...right, next: '/diary?day=1' }), '/diary?day=1');
  expect((await browser.get('/diary?day=1')).text).to.contain('Diary of ada@example.com');

  // never to another site, and never markup
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    expect((await browser.get('/login').query({ next })).text).to.contain('value="/diary"');
    await expectRedirect(submit({ ...right, next }, supertest.agent(url)), '/diary');
  }
  expect((await browser.get('/login').query({ next: '/"><script>' })).text).not.to.contain('<script>');
  expect((await browser.get('/login?next=/a&next=/b')).status).to.be.oneOf([200, 400]);

  // what is no login
  const wrong = await submit({ ...right, password: 'wrong', next: '/diary?day=1' }, supertest.agent(url));
  expect([wrong.status, wrong.headers['set-cookie']]).to.deep.equal([400, undefined]);
  expect(wrong.text).to.contain('Wrong email address or password').and.to.contain('value="/diary?day=1"');
  expect((await submit({ email: ['a', 'b'] }, supertest.agent(url))).status).to.equal(400);
  expect((await supertest(url).post('/login')).status).to.equal(400);
  const forged = await submit(right, supertest.agent(url)).set(foreign);
  expect([forged.status, forged.headers['set-cookie']]).to.deep.equal([403, undefined]);

  // a cookie that ends with the browser, and one that stays
  const cookieOf = async (fields: object) => String((await submit(fields, supertest.agent(url))).headers['set-cookie']);
  expect(await cookieOf(right)).not.to.match(/Max-Age|Expires/);
  expect(await cookieOf({ ...right, remember: 'on' })).to.contain('Max-Age=1800;');

  // renewed while it is used, ended when it is not, and by a logout
  await later(16 * 60, async () => expect((await browser.get('/diary')).headers['set-cookie']).to.have.length(1));
  await later(31 * 60, async () => expect((await browser.get('/diary')).status).to.equal(200));
  await later(90 * 60, () => expectRedirect(browser.get('/diary'), '/login?next=%2Fdiary'));
  await submit(right);
  const sessions = (await lm.sessions('ada@example.com')).length;
  await expectRedirect(browser.post('/logout'), '/login');
  expect(await lm.sessions('ada@example.com')).to.have.length(sessions - 1);
  await expectRedirect(browser.get('/diary'), '/login?next=%2Fdiary');
};

export default check;
