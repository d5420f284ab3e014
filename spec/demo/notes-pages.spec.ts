import { expect } from 'chai';
import { ada, demoServer, reader } from './demo-server';

describe('demo: notes pages', () => {
  const demo = demoServer();
  const draft = { title: 'Lovelace', text: 'Note G' };

  async function write(note: object = draft) {
    const browser = await demo().browserOfNewcomer();
    const { headers } = await browser.post('/notes').type('form').send(note).expect(303);
    return { browser, path: headers.location as string };
  }

  it('writes a note and shows it', async () => {
    const { browser, path } = await write();
    const { text } = await browser.get(path).expect(200).expect('Content-Type', 'text/html; charset=utf-8');
    expect(text).to.contain('<h1>Lovelace</h1>').and.contain('Note G');
  });

  it('lists a note', async () => {
    const { browser, path } = await write();
    const { text } = await browser.get('/notes').expect(200);
    expect(text).to.contain(`<a href="${path}">Lovelace</a>`);
  });

  it('says so where there are no notes', async () => {
    const browser = await demo().browserOfNewcomer();
    expect((await browser.get('/notes').expect(200)).text).to.contain('Nothing here yet');
  });

  it('changes a note', async () => {
    const { browser, path } = await write();
    const { text: form } = await browser.get(`${path}/edit`).expect(200);
    expect(form).to.contain('value="Lovelace"').and.contain('Note G</textarea>');
    await browser
      .post(path)
      .type('form')
      .send({ title: 'Babbage', text: 'Engine' })
      .expect(303)
      .expect('Location', path);
    expect((await browser.get(path)).text).to.contain('<h1>Babbage</h1>');
  });

  it('deletes a note', async () => {
    const { browser, path } = await write();
    await browser.post(`${path}/delete`).expect(303).expect('Location', '/notes');
    await browser.get(path).expect(404);
  });

  it('escapes what people write, on every page', async () => {
    const { browser, path } = await write({ title: '<script>"\'&', text: '</textarea><img src=x>' });
    for (const page of [path, '/notes', `${path}/edit`]) {
      const { text } = await browser.get(page).expect(200);
      expect(text).to.contain('&lt;script&gt;&quot;&#39;&amp;').and.contain('&lt;/textarea&gt;&lt;img src=x&gt;');
      expect(text).not.to.contain('<script').and.not.contain('<img src=x');
    }
  });

  it('keeps line breaks, also leading ones', async () => {
    const { browser, path } = await write({ title: 't', text: '\r\nfirst\r\nsecond' });
    expect((await browser.get(`${path}/edit`)).text).to.contain('>\n\nfirst\nsecond</textarea>');
  });

  it('shows a form again with what is wrong and what was written', async () => {
    const browser = await demo().browserOfNewcomer();
    const { text } = await browser.post('/notes').type('form').send({ title: '', text: 'Note G' }).expect(400);
    expect(text).to.contain('Give it a title of at most 120 characters').and.contain('Note G</textarea>');
  });

  it("does not show others' notes", async () => {
    const { path } = await write();
    const other = await demo().browserOf(reader);
    await other.get(path).expect(404);
  });

  it('does not let others change or delete notes', async () => {
    const { browser, path } = await write();
    const other = await demo().browserOfNewcomer({ ...ada, email: 'grace@example.org' });
    await other.post(path).type('form').send({ title: 'mine' }).expect(404);
    await other.post(`${path}/delete`).expect(404);
    expect((await browser.get(path).expect(200)).text).to.contain('<h1>Lovelace</h1>');
  });

  it('shows a reader a page that names the permission they lack', async () => {
    const browser = await demo().browserOf(reader);
    const { text } = await browser.get('/notes/new').expect(403).expect('Content-Type', /html/);
    expect(text).to.contain('Your account may not do this').and.contain('<code>notes:write</code>');
    expect(text).to.contain('reader@example.org');
  });

  it('writes nothing for a reader', async () => {
    const browser = await demo().browserOf(reader);
    await browser.post('/notes').type('form').send(draft).expect(403);
    expect((await browser.get('/notes')).text).not.to.contain('Lovelace');
  });

  it('does not offer a reader what they may not do', async () => {
    const browser = await demo().browserOf(reader);
    expect((await browser.get('/notes')).text).not.to.contain('>New note<');
  });

  for (const [what, headers] of [
    ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
    ['a sibling host', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://other.example.org' }],
    ['a sandboxed frame', { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' }],
  ] as const) {
    it(`writes nothing that ${what} posts`, async () => {
      const browser = await demo().browserOfNewcomer();
      const { text } = await browser.post('/notes').set(headers).type('form').send(draft).expect(403);
      expect(text).to.contain('That came from another site');
      expect((await browser.get('/notes')).text).not.to.contain('Lovelace');
    });
  }

  it('answers what is no number with a page', async () => {
    const browser = await demo().browserOf(reader);
    const { text } = await browser.get('/notes/<b>').expect(404).expect('Content-Type', /html/);
    expect(text).not.to.contain('<b>');
  });
});
