import { expect } from 'chai';
import { Accounts, type Credentials } from '../../demo/accounts/accounts';
import { SignIn } from '../../demo/accounts/sign-in';
import { admin, demoServer, reader } from './demo-server';

/** Of the cookies that a response writes: without their values. */
const attributesOf = (headers: object) =>
  (headers as Record<string, string[]>)['set-cookie']?.map((text) => text.replace(/=[^;]*/, '')) ?? [];

describe('demo: login', () => {
  const demo = demoServer();
  const logIn = (form: object) => demo().http.post('/login').type('form').send(form);

  it('sets one cookie that scripts and other sites do not get, until the browser is closed', async () => {
    const { headers } = await logIn(reader).expect(303).expect('Location', '/notes');
    expect(attributesOf(headers)).to.deep.equal(['access-token; Path=/; HttpOnly; SameSite=Lax']);
  });

  it('sets a cookie that outlives the browser if somebody ticks "Stay logged in"', async () => {
    const { headers } = await logIn({ ...reader, remember: 'yes' }).expect(303);
    expect(attributesOf(headers).map((text) => text.replace(/ Expires=[^;]*;/, ''))).to.deep.equal([
      'access-token; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax',
    ]);
  });

  it('keeps the tick in a form it refuses', async () => {
    const ticked = /name="remember" value="yes" checked>/;
    expect((await logIn({ ...reader, password: 'wrong', remember: 'yes' })).text).to.match(ticked);
    expect((await logIn({ ...reader, password: 'wrong' })).text).not.to.match(ticked);
  });

  it('opens the pages to the cookie', async () => {
    const browser = await demo().browserOf(reader);
    const { text } = await browser.get('/notes').expect(200);
    expect(text).to.contain('reader@example.org');
  });

  it('answers a wrong name and a wrong password alike', async () => {
    const wrongPassword = await logIn({ ...reader, password: 'wrong' }).expect(400);
    const wrongName = await logIn({ ...reader, email: 'rider@example.org' }).expect(400);
    expect(wrongPassword.text).to.contain('role="alert">Wrong email address or password<');
    expect(wrongName.text.replaceAll('rider@', 'reader@')).to.equal(wrongPassword.text);
  });

  it('takes as long for a wrong name as for a wrong password', async () => {
    const fastest = async (form: object) => {
      const times: number[] = [];
      for (let attempt = 0; attempt < 5; attempt++) {
        const start = performance.now();
        await logIn(form).expect(400);
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const wrongPassword = await fastest({ ...reader, password: 'wrong' });
    const wrongName = await fastest({ ...reader, email: 'rider@example.org' });
    const malformed = await fastest({ email: '', password: 'wrong' });
    // Without the check of a hash a wrong name would be answered as fast as a malformed form.
    expect(wrongName - malformed).to.be.greaterThan((wrongPassword - malformed) / 2);
  });

  it('shows the email address again, and never the password', async () => {
    const { text } = await logIn({ ...reader, password: 'wrong pass' }).expect(400);
    expect(text).to.contain('value="reader@example.org"').and.not.contain('wrong pass');
  });

  it('says at the fields what is missing', async () => {
    const { text } = await logIn({ email: '', password: '' }).expect(400);
    expect(text).to.contain('Enter your email address').and.contain('Enter your password');
  });

  it('refuses a login that another site posts', async () => {
    const { headers, text } = await logIn(reader).set('Sec-Fetch-Site', 'cross-site').expect(403);
    expect(headers).not.to.have.property('set-cookie');
    expect(text).to.contain('That came from another site');
  });

  it('does not check the password of a login that another site posts, so that it is not counted', async () => {
    const signIn = demo().services.get(SignIn);
    let checks = 0;
    const { check } = signIn;
    signIn.check = (...parameters) => {
      checks++;
      return check.apply(signIn, parameters);
    };
    await logIn(reader).set('Sec-Fetch-Site', 'cross-site').expect(403);
    expect(checks).to.equal(0);
    await logIn(reader).expect(303);
    expect(checks).to.equal(1);
  });

  it('is refused if the password is changed while it is being checked', async () => {
    const accounts = demo().services.get(Accounts);
    const { account } = accounts.findCredentials(reader.email) as Credentials;
    const { findCredentials } = accounts;
    let reads = 0;
    accounts.findCredentials = (email) => {
      if (++reads === 2) accounts.setPassword(account, 'the hash of another password');
      return findCredentials.call(accounts, email);
    };
    await logIn(reader).expect(400);
  });

  for (const cookie of ['session=remembered', 'session=while-open', 'access-token=garbage', 'access-token-refresh=x']) {
    it(`shows its form to a browser with the cookie ${cookie} of a sibling domain`, async () => {
      const { text } = await demo().http.get('/login').set('Cookie', cookie).expect(200);
      expect(text).to.contain('action="/login"');
      await demo().http.get('/notes').set('Cookie', cookie).expect(303).expect('Location', '/login?next=%2Fnotes');
    });
  }

  it('shows no login form to who is logged in', async () => {
    const browser = await demo().browserOf(reader);
    await browser.get('/login').expect(303).expect('Location', '/notes');
  });

  describe('and back', () => {
    it('sends a visitor to the login page, which knows where they wanted to go', async () => {
      await demo()
        .http.get('/notes/3?from=mail&x=1')
        .expect(303)
        .expect('Location', '/login?next=%2Fnotes%2F3%3Ffrom%3Dmail%26x%3D1');
    });

    it('keeps where to go in the form, also in one it refuses', async () => {
      const { text: form } = await demo().http.get('/login?next=%2Fnotes%2F3%3Fx%3D1%26y%3D2').expect(200);
      const { text: refused } = await logIn({ ...reader, password: 'wrong', next: '/notes/3?x=1&y=2' }).expect(400);
      for (const text of [form, refused]) expect(text).to.contain('name="next" value="/notes/3?x=1&amp;y=2"');
    });

    it('goes there after the login', async () => {
      await logIn({ ...reader, next: '/notes/3?x=1' })
        .expect(303)
        .expect('Location', '/notes/3?x=1');
    });

    it('does not repeat a form that was posted without a login', () =>
      demo().http.post('/notes').type('form').send({ title: 'x' }).expect(303).expect('Location', '/login'));

    const foreign = [
      'https://evil.example/',
      'HTTPS:evil.example',
      'javascript:alert(1)',
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\/evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
      '\t//evil.example',
      ' //evil.example',
      '/notes\r\nSet-Cookie: a=b',
      '/notes\\..\\..',
      'evil.example',
      '@evil.example',
      '',
    ];
    for (const next of foreign) {
      it(`goes to the notes instead of ${JSON.stringify(next)}`, async () => {
        await logIn({ ...reader, next })
          .expect(303)
          .expect('Location', '/notes');
      });

      it(`has the form go to the notes instead of ${JSON.stringify(next)}`, async () => {
        const { text } = await demo().http.get('/login').query({ next }).expect(200);
        expect(text).to.contain('name="next" value="/notes"');
      });
    }

    it('goes to the notes where the form names two places', async () => {
      const form = new URLSearchParams([...Object.entries(reader), ['next', '//evil.example'], ['next', '/admin']]);
      await demo().http.post('/login').type('form').send(form.toString()).expect(303).expect('Location', '/notes');
    });

    it('does not lead who is logged in to a foreign site either', async () => {
      const browser = await demo().browserOf(reader);
      await browser.get('/login?next=//evil.example').expect(303).expect('Location', '/notes');
    });
  });

  describe('and logout', () => {
    it('ends the login in the browser', async () => {
      const browser = await demo().browserOf(admin);
      await browser.post('/logout').expect(303).expect('Location', '/');
      await browser.get('/notes').expect(303).expect('Location', '/login?next=%2Fnotes');
    });

    it('is refused to other sites', async () => {
      const browser = await demo().browserOf(admin);
      await browser
        .post('/logout')
        .set('Sec-Fetch-Site', 'cross-site')
        .set('Origin', 'https://evil.example')
        .expect(403);
      await browser.get('/notes').expect(200);
    });

    it('clears the cookie of a login that has expired', async () => {
      const browser = await demo().browserOf({ ...admin, remember: 'yes' });
      demo().passDays(8);
      const { headers } = await browser.post('/logout').expect(303).expect('Location', '/');
      expect(attributesOf(headers)[0]).to.match(/^access-token; Max-Age=0; Path=\/;/);
    });

    it('is not to be had by a link', async () => {
      const browser = await demo().browserOf(admin);
      await browser.get('/logout').expect(404);
    });
  });
});
