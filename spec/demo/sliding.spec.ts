import { expect } from 'chai';
import { cookiesOf } from './cookies';
import { demoServer, reader } from './demo-server';

describe('demo: a login that renews itself', () => {
  const demo = demoServer();
  const setCookies = (headers: object) => (headers as Record<string, string[]>)['set-cookie'] ?? [];

  it('stays as it is while its cookie is fresh', async () => {
    const browser = await demo().browserOf(reader);
    demo().passDays(3);
    expect(setCookies((await browser.get('/notes').expect(200)).headers)).to.deep.equal([]);
  });

  it('goes on while it is used, for 30 days', async () => {
    const browser = await demo().browserOf(reader);
    for (let day = 6; day < 30; day += 6) {
      demo().passDays(6);
      expect(setCookies((await browser.get('/notes').expect(200)).headers)).to.have.lengthOf(1);
    }
    demo().passDays(6);
    await browser.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
  });

  it('ends after 7 days without use', async () => {
    const browser = await demo().browserOf(reader);
    demo().passDays(7.1);
    await browser.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
  });

  for (const [name, remember, isLasting] of [
    ['one that ends with the browser', undefined, false],
    ['a lasting one', 'yes', true],
  ] as const) {
    it(`renews its cookie by ${name} if that is what it was`, async () => {
      const browser = await demo().browserOf({ ...reader, ...(remember && { remember }) });
      demo().passDays(4);
      const [cookie = ''] = setCookies((await browser.get('/notes').expect(200)).headers);
      expect(cookie).to.match(/^access-token=[\w.-]+;/);
      expect(/Max-Age=/.test(cookie)).to.equal(isLasting);
    });
  }

  it('is renewed by a form that is sent, which is not lost', async () => {
    const browser = await demo().browserOfNewcomer();
    demo().passDays(4);
    const { headers } = await browser.post('/notes').type('form').send({ title: 'Not lost', text: '' }).expect(303);
    expect(setCookies(headers)).to.have.lengthOf(1);
  });

  it('survives ten tabs that are opened at the same time, each with the old cookie', async () => {
    const browser = await demo().browserOf(reader);
    const cookie = cookiesOf(browser);
    demo().passDays(6);
    const tabs = await Promise.all(Array.from({ length: 10 }, () => demo().http.get('/notes').set('Cookie', cookie)));
    expect(tabs.map(({ status }) => status)).to.deep.equal(Array(10).fill(200));
    demo().passDays(6);
    for (const { headers } of tabs) {
      const renewed = setCookies(headers)[0]?.split(';')[0] ?? '';
      await demo().http.get('/notes').set('Cookie', renewed).expect(200);
    }
  });
});
