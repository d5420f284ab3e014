import { createClient } from 'redis';

/** Brings the end of every record nearer, and so of those that an index names. ARGV: milliseconds. */
const AGE = `
local passed = tonumber(ARGV[1])
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('TYPE', key).ok == 'zset' then
    for _, name in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZINCRBY', key, -passed, name) end
  end
  local left = redis.call('PTTL', key) - passed
  if left > 0 then redis.call('PEXPIRE', key, left) else redis.call('DEL', key) end
end
`;

function clientOf(url: string) {
  return createClient({ url }).on('error', () => undefined);
}

/** A Redis for which time passes when it is told. */
export class AgeingRedis {
  private constructor(private readonly client: ReturnType<typeof clientOf>) {}

  static async connect(url: string): Promise<AgeingRedis> {
    const client = clientOf(url);
    await client.connect();
    return new AgeingRedis(client);
  }

  async age(seconds: number): Promise<void> {
    await this.client.eval(AGE, { arguments: [String(seconds * 1000)] });
  }

  size(): Promise<number> {
    return this.client.dbSize();
  }

  close(): void {
    this.client.destroy();
  }
}
