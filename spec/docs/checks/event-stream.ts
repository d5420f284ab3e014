import { expect } from 'chai';
import { bearer, cookie } from '../../support/http';
import type { Check } from '../check';
import { listening } from '../trying';

const check: Check = async ({ app, lm, publish, streams }) => {
  const { url } = await listening(app);
  const tokenOf = (...scopes: string[]) => lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes });
  const token = tokenOf('notes:read');

  /** Opens a stream, reads two events, and leaves. */
  const expectStream = async (path: string, headers: Record<string, string> = {}) => {
    const leave = new AbortController();
    const response = await fetch(url + path, { headers, signal: leave.signal });
    expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'text/event-stream']);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).to.equal('data: "Hello ada@example.com"\n\n');
    publish('a new note');
    expect((await reader?.read())?.value).to.equal('data: "a new note"\n\n');
    leave.abort();
  };
  const statusOf = async (path: string, headers = {}) => (await fetch(url + path, { headers })).status;

  await expectStream('/events', bearer(token));
  await expectStream('/events', cookie(token));
  const { ticket } = (await (await fetch(`${url}/tickets`, { method: 'POST', headers: bearer(token) })).json()) as {
    ticket: string;
  };
  await expectStream(`/events?ticket=${ticket}`);

  expect(await statusOf('/events')).to.equal(401);
  expect(await statusOf('/events?ticket=a.b.c')).to.equal(401);
  expect(await statusOf(`/events?ticket=${ticket}&ticket=${ticket}`)).to.equal(401);
  expect(await statusOf('/events', bearer(tokenOf()))).to.equal(403);
  expect((await fetch(`${url}/tickets?ticket=${ticket}`, { method: 'POST' })).status).to.equal(401);

  // those who have left are forgotten
  while (streams.size > 0) await new Promise(setImmediate);
};

export default check;
