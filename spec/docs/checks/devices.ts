import { expect } from 'chai';
import supertest from 'supertest';
import { Browser } from '../../support/browser';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const own = { 'Sec-Fetch-Site': 'same-origin' };
  const logIn = async (name: string, userAgent: string) => {
    const browser = new Browser(client);
    const fields = { username: `${name}@example.com`, password: 'correct horse' };
    expect((await browser.send('post', '/login', { ...own, 'User-Agent': userAgent }, fields)).status).to.equal(200);
    return browser;
  };
  const status = async (browser: Browser) => (await browser.send('get', '/devices')).status;

  const phone = await logIn('ada', 'a phone');
  const laptop = await logIn('ada', 'a laptop');
  const bobs = await logIn('bob', 'another phone');
  const { body: devices } = await laptop.send('get', '/devices');
  expect(devices.map(({ userAgent, isThisOne }: never) => [userAgent, isThisOne])).to.deep.equal([
    ['a laptop', true],
    ['a phone', false],
  ]);
  expect(devices[0]).to.include.keys('id', 'loginAt', 'lastUsedAt', 'expiresAt', 'address');

  // one device ends another, and nobody ends what is not theirs
  const end = (browser: Browser, id: string) =>
    client.delete(`/devices/${encodeURIComponent(id)}`).set({ ...own, Cookie: browser.header });
  expect((await end(bobs, devices[1].id)).status).to.equal(403);
  expect(await status(phone)).to.equal(200);
  expect((await end(laptop, devices[1].id)).status).to.equal(200);
  expect([await status(phone), await status(laptop)]).to.deep.equal([401, 200]);

  const tablet = await logIn('ada', 'a tablet');
  expect((await tablet.send('post', '/devices/end-others')).status).to.equal(200);
  expect([await status(laptop), await status(tablet)]).to.deep.equal([401, 200]);

  // logout also ends the copy of a cookie
  const copy = tablet.copy();
  await tablet.send('post', '/logout');
  expect([tablet.cookies.size, await status(copy)]).to.deep.equal([0, 401]);

  // everywhere, and the next login works
  const two = [await logIn('ada', 'one'), await logIn('ada', 'two')] as const;
  await two[0].send('post', '/logout-everywhere');
  expect([await status(two[0]), await status(two[1]), await status(bobs)]).to.deep.equal([401, 401, 200]);
  expect(await status(await logIn('ada', 'three'))).to.equal(200);

  // the eleventh session ends the one that was used longest ago
  const bobsNext: Browser[] = [];
  for (let index = 0; index < 10; index++) bobsNext.push(await logIn('bob', `number ${index}`));
  expect([await status(bobs), await status(bobsNext[0] as Browser)]).to.deep.equal([401, 200]);

  // support locks somebody out
  const support = bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes: ['support'] }));
  const lock = client.post('/support/lock').set(support).send({ email: 'bob@example.com' });
  expect((await lock).status).to.equal(200);
  expect(await status(bobsNext[9] as Browser)).to.equal(401);
};

export default check;
