import { expect } from 'chai';
import { usingRedis } from '../../support/redis-server';
import { until } from '../../support/until';
import { type Answer, TwoServers } from './two-servers';

const REQUESTS = 200;

describe('two servers on one Redis', function () {
  this.timeout(20_000);
  this.slow(2000);

  const redis = usingRedis();
  let servers: TwoServers;

  before(async () => {
    servers = await TwoServers.start(redis().url, '300ms');
  });

  after(() => servers?.stop());

  afterEach(() => {
    expect(servers.areUp, servers.written).to.equal(true);
    expect(servers.written).to.equal('');
  });

  it('are two, in turn', async () => {
    const pids = await Promise.all([1, 2, 3, 4].map(async () => (await servers.get('/open')).body.pid));
    expect(new Set(pids).size).to.equal(2);
  });

  it('know a login of the other, and its end', async () => {
    const { access_token, refresh_token } = await servers.login('ada', 0);
    for (const server of [0, 1]) expect((await servers.get('/me', access_token, server)).status).to.equal(200);
    expect((await servers.post('/token/revoke', { token: access_token }, undefined, 0)).status).to.equal(200);
    for (const server of [1, 0]) {
      const { status, body } = await servers.get('/me', access_token, server);
      expect([status, body.code]).to.deep.equal([401, 'token_revoked']);
    }
    const next = await servers.refresh(refresh_token, 1);
    expect(next.status).to.equal(200);
    expect((await servers.get('/me', next.body.access_token, 0)).status).to.equal(200);
    await servers.post('/token/revoke', { token: next.body.refresh_token }, undefined, 1);
    expect((await servers.get('/me', next.body.access_token, 0)).body.code).to.equal('token_revoked');
    expect((await servers.refresh(next.body.refresh_token, 0)).body.error).to.equal('invalid_grant');
  });

  it('end all logins of a user, on both', async () => {
    const [one, other, stranger] = [
      await servers.login('bob', 0),
      await servers.login('bob', 1),
      await servers.login('eve', 1),
    ];
    expect((await servers.post('/log-out-everywhere', {}, one.access_token, 0)).status).to.equal(200);
    for (const { access_token, refresh_token } of [one, other]) {
      for (const server of [0, 1]) expect((await servers.get('/me', access_token, server)).status).to.equal(401);
      expect((await servers.refresh(refresh_token)).status).to.equal(400);
    }
    expect((await servers.get('/me', stranger.access_token)).status).to.equal(200);
    const again = await servers.login('bob', 0);
    expect((await servers.get('/me', again.access_token, 1)).status).to.equal(200);
  });

  it('give fifty concurrent refreshes of one token the same successor', async () => {
    const { access_token, refresh_token } = await servers.login('ada');
    const answers = await Promise.all(Array.from({ length: 50 }, () => servers.refresh(refresh_token)));
    expect([...new Set(answers.map(({ status }) => status))]).to.deep.equal([200]);
    const successors = [...new Set(answers.map(({ body }) => body.refresh_token))];
    expect(successors).to.have.length(1);
    for (const token of [access_token, ...answers.slice(0, 4).map(({ body }) => body.access_token)]) {
      for (const server of [0, 1]) expect((await servers.get('/me', token, server)).status).to.equal(200);
    }
    expect((await servers.refresh(successors[0])).status).to.equal(200);
  });

  it('let fifty first logins of a user in at once', async () => {
    const logins = await Promise.all(Array.from({ length: 50 }, () => servers.login('first')));
    const answers = await Promise.all(logins.map(({ access_token }) => servers.get('/me', access_token)));
    expect([...new Set(answers.map(({ status }) => status))]).to.deep.equal([200]);
  });

  it('let a user log in on the other server as soon as all logins have ended', async () => {
    for (let round = 0; round < 10; round++) {
      const { access_token } = await servers.login('carol', 0);
      await servers.post('/log-out-everywhere', {}, access_token, 0);
      const again = await servers.login('carol', 1);
      expect((await servers.get('/me', access_token, 1)).status).to.equal(401);
      expect((await servers.get('/me', again.access_token, 0)).status).to.equal(200);
    }
  });

  it('let no login survive that was under way on one when all logins ended on the other', async () => {
    const { access_token } = await servers.login('dave', 1);
    const underWay = servers.post('/token', { username: 'dave', password: 'slow' }, undefined, 0);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await servers.post('/log-out-everywhere', {}, access_token, 1);
    const { status, body } = await underWay;
    expect([status, body.error]).to.deep.equal([400, 'invalid_grant']);
    expect((await servers.get('/me', (await servers.login('dave', 0)).access_token, 1)).status).to.equal(200);
  });

  describe('without a leeway', () => {
    let strict: TwoServers;

    before(async () => {
      strict = await TwoServers.start(redis().url, '2s', 0);
    });

    after(() => strict?.stop());

    it('let one of fifty concurrent refreshes win, and end the session', async () => {
      const { access_token, refresh_token } = await strict.login('ada');
      const answers = await Promise.all(Array.from({ length: 50 }, () => strict.refresh(refresh_token)));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).to.have.length(1);
      expect(answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant')).to.have.length(49);
      for (const token of [access_token, won[0]?.body.access_token]) {
        for (const server of [0, 1])
          expect((await strict.get('/me', token, server)).body.code).to.equal('token_revoked');
      }
    });
  });

  describe('in the middle of 200 concurrent requests', () => {
    let good: string[];
    let revoked: string[];

    beforeEach(async () => {
      good = [];
      revoked = [];
      for (let index = 0; index < REQUESTS / 2; index++) {
        good.push((await servers.login(`user ${index}`)).access_token);
        revoked.push((await servers.login(`user ${index}`)).access_token);
        await servers.post('/token/revoke', { token: revoked.at(-1) as string });
      }
    });

    /**
     * Has 200 clients ask at the same time, one request after the other, until some time after something has happened
     * to Redis in the middle of it.
     */
    async function meanwhile(event: () => unknown): Promise<void> {
      const answered: { answer: Answer; wasRevoked: boolean; isAfter: boolean }[] = [];
      let happened = false;
      const ask = async (token: string, wasRevoked: boolean) => {
        for (let time = 0; time < 4; time++) {
          const isAfter = happened;
          answered.push({ answer: await servers.get('/me', token), wasRevoked, isAfter });
          if (!happened && answered.length >= REQUESTS + REQUESTS / 2) {
            happened = true;
            event();
          }
        }
      };
      await Promise.all([...good.map((token) => ask(token, false)), ...revoked.map((token) => ask(token, true))]);

      const statuses = (some: typeof answered) => [...new Set(some.map(({ answer }) => answer.status))].sort();
      expect(answered).to.have.length(4 * REQUESTS);
      expect(statuses(answered)).to.deep.equal([200, 401, 503]);
      expect(statuses(answered.filter(({ wasRevoked }) => wasRevoked))).to.deep.equal([401, 503]);
      expect(statuses(answered.filter(({ isAfter }) => isAfter))).to.deep.equal([503]);
      for (const { answer } of answered.filter(({ answer: { status } }) => status === 503)) {
        expect(answer.headers.get('retry-after')).to.equal('1');
        expect(answer.body.code).to.equal('service_unavailable');
      }
    }

    /** What holds as long as Redis does not answer. */
    async function expectClosed() {
      expect((await servers.get('/me', good[0])).status).to.equal(503);
      expect((await servers.get('/me', revoked[0])).status).to.equal(503);
      expect((await servers.get('/me', 'garbage')).status).to.equal(401);
      expect((await servers.get('/me')).status).to.equal(401);
      expect((await servers.get('/open')).status).to.equal(200);
      expect((await servers.post('/token/revoke', { token: good[0] as string })).status).to.equal(503);
      expect((await servers.post('/token', { username: 'ada', password: 'x' })).status).to.equal(503);
    }

    async function healed(token = good[1]) {
      await until(async () => {
        const answers = await Promise.all([0, 1].map((server) => servers.get('/me', token, server)));
        return answers.every(({ status }) => status === 200);
      });
    }

    it('Redis is paused: nobody who was revoked gets in, and it heals when it goes on', async () => {
      try {
        await meanwhile(() => redis().pause());
        await expectClosed();
      } finally {
        redis().resume();
      }
      await healed();
      for (const token of revoked) expect((await servers.get('/me', token)).body.code).to.equal('token_revoked');
    });

    it('Redis is killed: nobody gets in, and it heals when Redis is back', async () => {
      await meanwhile(() => void redis().kill());
      await expectClosed();
      await redis().start();
      for (const server of [0, 1])
        await until(() =>
          servers.login('ada', server).then(
            () => true,
            () => false,
          ),
        );
      const { access_token, refresh_token } = await servers.login('ada');
      await servers.post('/token/revoke', { token: refresh_token });
      for (const server of [0, 1]) expect((await servers.get('/me', access_token, server)).status).to.equal(401);
    });
  });

  it('let nobody in with a login of before after Redis has lost its data, and everybody with a new one', async () => {
    const { access_token, refresh_token } = await servers.login('ada');
    await redis().kill();
    await redis().start();
    await until(async () => (await servers.get('/me', access_token, 0)).status === 401);
    await until(async () => (await servers.refresh(refresh_token, 1)).status === 400);
    const again = await servers.login('ada');
    for (const server of [0, 1]) expect((await servers.get('/me', again.access_token, server)).status).to.equal(200);
  });
});
