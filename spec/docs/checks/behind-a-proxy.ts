import { expect } from 'chai';
import supertest from 'supertest';
import { setCookies } from '../../support/browser';
import type { Check } from '../check';

/** As nginx forwards them; spec/docs/nginx.spec.ts has the proxy itself. */
const forwarded = {
  Host: 'app.example.com',
  'X-Forwarded-Host': 'app.example.com',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '203.0.113.7, 198.51.100.1',
};

const check: Check = async ({ app }) => {
  const client = supertest(app);
  const credentials = { username: 'ada@example.com', password: 'correct horse' };
  const post = (path: string, Origin: string, cookie = '') =>
    client
      .post(path)
      .set({ ...forwarded, Origin, Cookie: cookie })
      .type('form')
      .send(credentials);

  expect((await post('/login', 'https://evil.example')).status).to.equal(403);
  expect((await post('/login', 'http://app.example.com')).status).to.equal(403);
  const login = await post('/login', 'https://app.example.com');
  expect(login.status).to.equal(200);
  const cookies = setCookies(login);
  for (const { attributes } of cookies) expect(attributes).to.include({ secure: '', httponly: '' });
  const header = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');

  // the address that the one proxy saw
  expect((await post('/notes', 'https://app.example.com', header)).body).to.deep.equal({ from: '198.51.100.1' });
  expect((await post('/notes', 'https://evil.example', header)).status).to.equal(403);

  // without the prefix, which the proxy has removed
  const tokens = await post('/token', 'https://app.example.com');
  expect(tokens.status).to.equal(200);
  expect(setCookies(tokens).map(({ attributes }) => attributes.path)).to.include('/api/token');

  const page = await client.get('/diary').set({ ...forwarded, Accept: 'text/html' });
  expect([page.status, page.get('Location')]).to.deep.equal([303, '/login?next=%2Fdiary']);
};

export default check;
