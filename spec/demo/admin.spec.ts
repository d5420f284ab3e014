import { expect } from 'chai';
import { Database } from '../../demo/database';
import { admin, demoServer, reader } from './demo-server';

describe('demo: admin page', () => {
  const demo = demoServer();

  it('lists the accounts for an administrator', async () => {
    const browser = await demo().browserOf(admin);
    const { text } = await browser.get('/admin').expect(200);
    expect(text).to.contain('reader@example.org').and.contain('<td class="number">3</td>');
  });

  it('asks an administrator for the password again ten minutes after the login', async () => {
    const browser = await demo().browserOf(admin);
    demo().passMinutes(9);
    await browser.get('/admin').expect(200);
    demo().passMinutes(2);
    await browser.get('/admin').expect(303).expect('Location', '/login?confirm=yes&next=%2Fadmin');
    await browser.post('/login').type('form').send(admin).expect(303);
    await browser.get('/admin').expect(200);
  });

  it('is linked for administrators only', async () => {
    const pageOf = async (user: typeof admin) => (await (await demo().browserOf(user)).get('/notes')).text;
    expect(await pageOf(admin)).to.contain('href="/admin"');
    expect(await pageOf(reader)).not.to.contain('href="/admin"');
  });

  it('is refused to everybody else with a page', async () => {
    const browser = await demo().browserOf(reader);
    const { text } = await browser.get('/admin').expect(403).expect('Content-Type', /html/);
    expect(text).to.contain('This is for administrators').and.not.contain('admin@example.org');
  });

  it('lets somebody in who is no administrator and has the scope that suffices, with a link', async () => {
    const sql = "UPDATE accounts SET scopes = 'notes:read accounts:read' WHERE email = ?";
    demo().services.get(Database).run(sql, reader.email);
    const browser = await demo().browserOf(reader);
    expect((await browser.get('/admin').expect(200)).text).to.contain('admin@example.org');
    expect((await browser.get('/notes')).text).to.contain('href="/admin"');
  });

  it('sends a visitor to the login page', () =>
    demo().http.get('/admin').expect(303).expect('Location', '/login?next=%2Fadmin'));

  it('is refused to a newcomer who registers as an administrator', async () => {
    const browser = demo().browser();
    const eve = { email: 'eve@example.org', admin: '1' };
    await browser.post('/register').type('form').send(eve).expect(200);
    const form = { ...demo().linkTo(eve.email).fields, password: 'apple tree', admin: '1' };
    await browser.post('/register/password').type('form').send(form).expect(303);
    await browser.get('/admin').expect(403);
  });
});
