import { rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { expect } from 'chai';
import { createClient } from 'redis';
import { isAvailable, RedisServer } from '../../support/redis-server';
import { until } from '../../support/until';
import type { Check } from '../check';

const check: Check = async ({ managerOn, managerOnCluster }) => {
  if (!isAvailable()) return; // the specs of Redis are pending then
  const redis = await RedisServer.start();
  const clustered = await RedisServer.start('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1');
  try {
    const node = createClient({ url: clustered.url });
    await node.connect();
    await node.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    await until(async () => String(await node.sendCommand(['CLUSTER', 'INFO'])).includes('cluster_state:ok'));
    for (const { client, lm } of [managerOn(redis.url), managerOnCluster(clustered.url)]) {
      if (client.status !== 'ready') await once(client, 'ready');
      lm.userLoader()((email: string) => ({ email }));
      const { access_token, refresh_token } = await lm.createTokenResponse({
        data: { sub: 'ada@example.com' },
        refresh: true,
      });
      expect(await lm.getCurrentUser(access_token)).to.deep.equal({ email: 'ada@example.com' });
      const next = await lm.refresh(refresh_token);
      expect(await lm.sessions('ada@example.com')).to.have.length(1);
      await lm.revokeAll('ada@example.com');
      await rejects(lm.getCurrentUser(next.access_token), { code: 'token_revoked' });
      client.disconnect();
    }
    for (const key of await node.keys('*')) expect(key).to.match(/^login:\{[\w-]+\}(:|$)/);
    node.destroy();
  } finally {
    await Promise.all([redis.stop(), clustered.stop()]);
  }
};

export default check;
