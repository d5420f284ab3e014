import { rejects } from 'node:assert/strict';
import { expect } from 'chai';
import { ServiceUnavailableError } from 'routing-controllers-login';
import { isAvailable, RedisServer } from '../../support/redis-server';
import type { Check } from '../check';
import { printedBy } from '../trying';

const check: Check = async ({ managerOn }) => {
  if (!isAvailable()) return; // the specs of Redis are pending then
  const redis = await RedisServer.start();
  try {
    const { client, lm } = await managerOn(redis.url);
    lm.userLoader()((email: string) => ({ email }));
    const token = lm.createAccessToken({ data: { sub: 'ada@example.com' } });
    expect(await lm.getCurrentUser(token)).to.deep.equal({ email: 'ada@example.com' });
    await lm.revoke(token);
    await rejects(lm.getCurrentUser(token), Error);
    for (const key of await client.keys('*')) expect(key).to.match(/^my-app:/);

    // nobody is let in while it is paused
    const other = lm.createAccessToken({ data: { sub: 'ada@example.com' } });
    const printed = await printedBy(async () => {
      redis.pause();
      const begin = performance.now();
      await rejects(lm.getCurrentUser(other), ServiceUnavailableError);
      expect(performance.now() - begin).to.be.within(490, 1500);
      redis.resume();
    });
    expect(printed).to.equal('');
    expect(await lm.getCurrentUser(other)).to.deep.equal({ email: 'ada@example.com' });
    client.destroy();
  } finally {
    await redis.stop();
  }
};

export default check;
