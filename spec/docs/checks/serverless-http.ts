import { expect } from 'chai';
import type { Request, Response } from 'express';
import type { Check } from '../check';

/** What an HTTP API of API Gateway hands to a function, in its format 2.0. */
const eventOf = (method: string, rawPath: string, headers: Record<string, string> = {}, body?: string) => ({
  version: '2.0',
  rawPath,
  rawQueryString: '',
  headers: { host: 'app.example.com', 'x-forwarded-proto': 'https', ...headers },
  requestContext: { http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7' } },
  ...(body !== undefined && { body: Buffer.from(body).toString('base64') }),
  isBase64Encoded: body !== undefined,
});

const check: Check = async ({ app, handler }) => {
  const send = async (...request: Parameters<typeof eventOf>) => {
    const { statusCode, headers, body } = await handler(eventOf(...request), {});
    return { status: statusCode, headers, body: JSON.parse(body) };
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const login = (password: string) =>
    send('POST', '/login', form, new URLSearchParams({ username: 'ada@example.com', password }).toString());

  const refused = await login('wrong');
  expect([refused.status, refused.body.error]).to.deep.equal([400, 'invalid_grant']);
  const { status, body, headers } = await login('correct horse');
  expect([status, headers['cache-control']]).to.deep.equal([200, 'no-store']);

  const notes = await send('GET', '/notes', { authorization: `Bearer ${body.access_token}` });
  expect([notes.status, notes.body]).to.deep.equal([200, ['a note of ada@example.com']]);
  const stranger = await send('GET', '/notes');
  expect([stranger.status, stranger.headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);

  // what the adapter says of the client
  app.get('/client', ({ ip, secure, host }: Request, response: Response) => response.json({ ip, secure, host }));
  expect((await send('GET', '/client')).body).to.deep.equal({
    ip: '203.0.113.7',
    secure: true,
    host: 'app.example.com',
  });
};

export default check;
