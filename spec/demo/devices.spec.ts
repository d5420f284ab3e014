import { expect } from 'chai';
import { describeDevice } from '../../demo/sessions/device';
import { admin, demoServer, reader } from './demo-server';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

describe('demo: devices', () => {
  const demo = demoServer();
  const logIn = async (user: typeof admin, userAgent: string) => {
    const browser = demo().browser().set('User-Agent', userAgent);
    await browser.post('/login').type('form').send(user).expect(303);
    return browser;
  };
  type Browser = Awaited<ReturnType<typeof logIn>>;
  const devicesOf = async (browser: Browser) => {
    const { text } = await browser.get('/account').expect(200);
    return text
      .split('<li>')
      .slice(1)
      .map((item) => ({
        name: /<h3[^>]*>([^<]*?) ?</.exec(item)?.[1],
        isCurrent: item.includes('this device'),
        id: /name="id" value="([^"]*)"/.exec(item)?.[1] as string,
        text: item,
      }));
  };
  const end = (browser: Browser, id: string) => browser.post('/account/sessions/end').type('form').send({ id });

  it('are listed, the newest login first, with the one that looks at the list marked', async () => {
    const phone = await logIn(reader, iPhone);
    demo().passDays(1);
    const desktop = await logIn(reader, firefox);
    await demo().bearerOf(reader);
    const seen = async (browser: Browser) => (await devicesOf(browser)).map(({ name, isCurrent }) => [name, isCurrent]);
    expect(await seen(desktop)).to.deep.equal([
      ['A program', false],
      ['Firefox on Linux', true],
      ['Safari on an iPhone', false],
    ]);
    expect((await seen(phone)).find(([, isCurrent]) => isCurrent)).to.deep.equal(['Safari on an iPhone', true]);
  });

  it('are shown with the address, the time of the login and that of the last renewal', async () => {
    const browser = await logIn(reader, firefox);
    demo().passDays(4);
    await browser.get('/notes').expect(200);
    const [device] = await devicesOf(browser);
    const times = [...(device?.text.matchAll(/datetime="([^"]+)"/g) ?? [])].map(([, time]) => Date.parse(String(time)));
    expect(device?.text).to.contain('127.0.0.1').and.not.contain('::ffff:');
    expect(times).to.have.lengthOf(2);
    expect(((times[1] ?? 0) - (times[0] ?? 0)) / 24 / 3_600_000).to.be.closeTo(4, 0.1);
  });

  it('end one by one, with their next request', async () => {
    const phone = await logIn(reader, iPhone);
    const desktop = await logIn(reader, firefox);
    const other = (await devicesOf(desktop)).find(({ isCurrent }) => !isCurrent);
    await end(desktop, other?.id as string)
      .expect(303)
      .expect('Location', '/account');
    await phone.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
    expect(await devicesOf(desktop)).to.have.lengthOf(1);
  });

  it('end as a logout does if it is the own one', async () => {
    const browser = await logIn(reader, firefox);
    const [own] = await devicesOf(browser);
    await end(browser, own?.id as string)
      .expect(303)
      .expect('Location', '/')
      .expect('Set-Cookie', /^access-token=;/);
  });

  it('do not end by the id of somebody else', async () => {
    const stranger = await logIn(admin, firefox);
    const [device] = await devicesOf(stranger);
    const browser = await logIn(reader, firefox);
    await end(browser, device?.id as string).expect(404);
    await stranger.get('/notes').expect(200);
  });

  for (const [name, id] of [
    ['an empty id', ''],
    ['an id that is none', '../admin'],
    ['two ids', ['a', 'b']],
  ] as const) {
    it(`do not end by a form with ${name}`, async () => {
      const browser = await logIn(reader, firefox);
      await end(browser, id as never).expect(404);
      await browser.get('/notes').expect(200);
    });
  }

  it('do not end by the form of another site', async () => {
    const browser = await logIn(reader, firefox);
    const [own] = await devicesOf(browser);
    await end(browser, own?.id as string)
      .set('Sec-Fetch-Site', 'cross-site')
      .expect(403);
    await browser.get('/notes').expect(200);
  });

  it('have names that are escaped, whatever a client says it is', async () => {
    const browser = await logIn(reader, '"><script>alert(1)</script>');
    expect((await browser.get('/account')).text).not.to.contain('<script');
  });

  for (const [userAgent, name] of [
    [firefox, 'Firefox on Linux'],
    [iPhone, 'Safari on an iPhone'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/138.0 Safari/537.36',
      'Chrome on a Mac',
    ],
    ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['curl/8.5.0', 'curl'],
    ['', 'A program'],
    [undefined, 'A program'],
  ] as const) {
    it(`are called "${name}" for the user agent ${JSON.stringify(userAgent)?.slice(0, 60)}`, () => {
      expect(describeDevice(userAgent)).to.equal(name);
    });
  }
});
