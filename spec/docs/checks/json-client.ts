import { rejects } from 'node:assert/strict';
import { expect } from 'chai';
import type { Check } from '../check';
import { serveMe } from '../serve-me';
import { later } from '../trying';

const check: Check = async ({ ApiClient }) => {
  const { lm, url, counted } = await serveMe();
  const client = new ApiClient(url);
  await rejects(client.login('ada@example.com', 'wrong'), /Wrong|password/i);
  await client.login('ada@example.com', 'correct horse');
  const expectMe = async () => {
    const response = await client.fetch('/me');
    expect([response.status, await response.json()]).to.deep.equal([200, { email: 'ada@example.com' }]);
  };
  await expectMe();
  expect(counted.refreshes).to.equal(0);

  // one refresh for all requests that find the token expired, and a next one
  await later(901, async () => {
    await Promise.all([expectMe(), expectMe(), expectMe()]);
    expect(counted.refreshes).to.equal(1);
  });
  await later(1900, expectMe);
  expect(counted.refreshes).to.equal(2);

  // the end of the login
  await lm.revokeAll('ada@example.com');
  await rejects(client.fetch('/me'), /./);
};

export default check;
