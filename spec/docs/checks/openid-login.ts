import { expect } from 'chai';
import { rsa } from '../../support/keys';
import { OpenIdProvider } from '../../support/openid-provider';
import type { Check } from '../check';
import { listening, printedBy } from '../trying';

/** A browser: it follows no redirects by itself, and keeps the cookies of a host. */
class Browser {
  private readonly cookies = new Map<string, string>();

  async get(url: string | URL, headers: Record<string, string> = {}, method = 'GET') {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(url, { method, redirect: 'manual', headers: { cookie, ...headers } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: response.status, location: response.headers.get('location') ?? '', text: await response.text() };
  }

  /** Follows redirects as far as to an address that begins like this; returns that address. */
  async follow(start: string, end: string): Promise<string> {
    let url = start;
    for (let steps = 0; steps < 20 && !url.startsWith(end); steps++)
      url = new URL((await this.get(url)).location, url).href;
    return url;
  }

  copy(): Browser {
    const copy = new Browser();
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }
}

const check: Check = async ({ app, lm, accounts }) => {
  for (const level of ['info', 'warn'] as const) console[level] = () => undefined;
  const { url: site } = await listening(app);
  const provider = await OpenIdProvider.start('first', rsa().privateKey, { redirectUri: `${site}/login/callback` });
  Object.assign(process.env, {
    SITE: site,
    ISSUER: provider.issuer,
    CLIENT_ID: 'app',
    CLIENT_SECRET: 'secret of the app',
  });
  const html = { accept: 'text/html' };

  try {
    // to the provider, and back to the page that was asked for
    const browser = new Browser();
    const { location } = await browser.get(`${site}/?day=1`, html);
    expect(location).to.equal('/login?next=%2F%3Fday%3D1');
    const callback = await browser.follow(site + location, `${site}/login/callback`);
    const early = browser.copy();
    expect(await browser.get(callback)).to.include({ status: 303, location: '/?day=1' });
    expect((await browser.get(`${site}/?day=1`)).text).to.contain('Hello ada@example.com');

    // one account for a user, however often
    const again = new Browser();
    const second = await again.follow(`${site}/login`, `${site}/login/callback`);
    expect(await again.get(second)).to.include({ status: 303, location: '/' });
    expect(accounts).to.have.property('size', 1);
    const [{ id }] = [...accounts.values()];
    expect(await lm.sessions(id)).to.have.length(2);

    // nothing of it works twice, in another browser, or with another answer
    const printed = await printedBy(async () => {
      expect((await early.get(callback)).status).to.equal(400);
      expect((await new Browser().get(callback)).status).to.equal(400);
      for (const change of ['state=other', 'error=access_denied', 'code=made-up']) {
        const other = new Browser();
        const answer = new URL(await other.follow(`${site}/login`, `${site}/login/callback`));
        const [name = '', value = ''] = change.split('=');
        answer.searchParams.set(name, value);
        expect((await other.get(answer)).status, change).to.equal(400);
        expect((await other.get(`${site}/`, html)).status).to.equal(303);
      }
    });
    expect(printed).not.to.contain('at ');

    // never to another site
    const sent = new Browser();
    const third = await sent.follow(`${site}/login?next=https://evil.example`, `${site}/login/callback`);
    expect((await sent.get(third)).location).to.equal('/');

    // the end of our session
    expect((await browser.get(`${site}/logout`, {}, 'POST')).status).to.equal(200);
    expect((await browser.get(`${site}/`, html)).location).to.equal('/login?next=%2F');
  } finally {
    await provider.stop();
  }
};

export default check;
