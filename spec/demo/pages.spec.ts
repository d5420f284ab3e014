import { expect } from 'chai';
import { Notes } from '../../demo/notes/notes';
import { html } from '../../demo/pages/html';
import { demoServer, reader } from './demo-server';

describe('demo: pages', () => {
  const demo = demoServer();

  it('welcome a visitor', async () => {
    const { text } = await demo().http.get('/').expect(200);
    expect(text).to.contain('href="/login"').and.contain('href="/register"');
  });

  it('send who is logged in from the start page to the notes', async () => {
    const browser = await demo().browserOf(reader);
    await browser.get('/').expect(303).expect('Location', '/notes');
  });

  it('allow nothing but what comes from here', async () => {
    const { headers } = await demo().http.get('/').expect(200);
    expect(headers['content-security-policy']).to.equal(
      "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';object-src 'none';script-src 'none'",
    );
  });

  it('need nothing inline', async () => {
    const browser = await demo().browserOf(reader);
    for (const path of ['/login', '/register', '/notes', '/notes/1', '/notes/new', '/account', '/nothing']) {
      expect((await browser.get(path)).text).not.to.match(/<script|<style| style=| on\w+=/);
    }
  });

  it('have forms send their origin', () => demo().http.get('/login').expect('Referrer-Policy', 'same-origin'));

  it('are not kept by the browser', () => demo().http.get('/login').expect('Cache-Control', 'no-store'));

  it('come with a style sheet, which is kept', async () => {
    const { headers } = await demo()
      .http.get('/style.css')
      .expect(200)
      .expect('Content-Type', /text\/css/);
    expect(headers['cache-control']).not.to.contain('no-store');
  });

  it('answer an unknown path with a page', async () => {
    const { text } = await demo().http.get('/nothing').expect(404).expect('Content-Type', /html/);
    expect(text).to.contain('There is nothing here');
  });

  describe('where something breaks', () => {
    const { error } = console;
    const logged: unknown[] = [];
    beforeEach(() => {
      console.error = (...values: unknown[]) => void logged.push(...values);
      demo().services.get(Notes).list = () => {
        throw new Error('no such table: notes');
      };
    });
    afterEach(() => {
      console.error = error;
      logged.length = 0;
    });

    it('say so without telling what', async () => {
      const browser = await demo().browserOf(reader);
      const { text } = await browser.get('/notes').expect(500).expect('Content-Type', /html/);
      expect(text).to.contain('Something broke').and.not.contain('table');
    });

    it('are JSON for programs', async () => {
      const token = await demo().bearerOf(reader);
      await demo().http.get('/api/notes').set(token).expect(500, { name: 'Error', message: 'Internal Server Error' });
    });

    it('leave what happened in the log', async () => {
      const browser = await demo().browserOf(reader);
      await browser.get('/notes').expect(500);
      expect(String(logged)).to.contain('no such table: notes');
    });
  });

  it('do not say what serves them', async () => {
    expect((await demo().http.get('/')).headers).not.to.have.property('x-powered-by');
  });

  describe('html``', () => {
    it('escapes text, in content and attributes', () => {
      const text = `<&>"'`;
      expect(html`<a title="${text}">${text}</a>`.toString()).to.equal(
        '<a title="&lt;&amp;&gt;&quot;&#39;">&lt;&amp;&gt;&quot;&#39;</a>',
      );
    });

    it('takes other templates as they are, in lists too', () => {
      const items = ['a', '<'].map((item) => html`<li>${item}</li>`);
      expect(html`<ul>${items}</ul>`.toString()).to.equal('<ul><li>a</li><li>&lt;</li></ul>');
    });

    it('escapes what only looks like a template', () => {
      const forged = { toString: () => '<b>' } as never;
      expect(html`${forged}${[['<i>']] as never}`.toString()).to.equal('&lt;b&gt;&lt;i&gt;');
    });

    it('leaves out what is empty, and keeps zero', () => {
      expect(html`[${null}${undefined}${false}${0}]`.toString()).to.equal('[0]');
    });
  });
});
