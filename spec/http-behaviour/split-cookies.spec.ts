import { expect } from 'chai';
import { Authorized, createParamDecorator, Get, JsonController, Post } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, managerOf } from '../support/accounts';
import { type App, onEachServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const Response = () => createParamDecorator({ value: ({ response }) => response });

let manager: LoginManager<Account>;
let token: string;

@JsonController()
class Routes {
  @Authorized()
  @Get('/me')
  me() {
    return {};
  }

  @Post('/login')
  login(@Response() response: App) {
    manager.setCookie(response, token);
    return {};
  }

  @Post('/logout')
  logout(@Response() response: App) {
    manager.clearCookie(response);
    return {};
  }
}

const tokenWith = (padding: number, sub = 'ada@example.com') =>
  manager.createAccessToken({ data: { sub, pad: 'x'.repeat(padding) } });

/** Name and value of the cookies that a response sets, without those it expires. */
const pairsOf = ({ headers }: { headers: Record<string, unknown> }) =>
  ((headers['set-cookie'] ?? []) as string[])
    .filter((line) => !line.includes('Max-Age=0;'))
    .map((line) => line.split(';', 1).join());

describe('a token that is larger than one cookie', () => {
  silencingStderr();

  onEachServer((start) => {
    const startWith = async (options: LoginManagerOptions<Account> = {}) => {
      manager = managerOf({ useCookie: true, ...options });
      return (await start({ manager, controllers: [Routes] })).client;
    };

    for (const cookieName of ['access-token', '__Host-token', '__Secure-token', 'a.b']) {
      it(`logs in by several cookies that are each at most 4096 bytes: ${cookieName}`, async () => {
        const client = await startWith({ cookieName });
        token = tokenWith(5000);
        const pairs = pairsOf(await client.post('/login'));
        expect(pairs.map((pair) => pair.split('=')[0])).to.deep.equal([cookieName, `${cookieName}.1`]);
        for (const pair of pairs) expect(pair.length - 1).to.be.at.most(4096);
        for (const Cookie of [pairs.join('; '), [...pairs].reverse().join('; ')])
          expect((await client.get('/me').set({ Cookie })).status).to.equal(200);
      });
    }

    it('fills three cookies at most', async () => {
      const client = await startWith();
      token = tokenWith(5800);
      expect(token.length).to.be.within(7900, 8192);
      const pairs = pairsOf(await client.post('/login'));
      expect(pairs.map((pair) => pair.split('=')[0])).to.deep.equal(['access-token', 'access-token.1']);
      const narrow = await startWith({ cookieName: 'n'.repeat(900) });
      expect(pairsOf(await narrow.post('/login'))).to.have.length(3);
    });

    it('is a mistake of the application beyond that: 500, and no cookie', async () => {
      const client = await startWith({ cookieName: 'n'.repeat(2000) });
      token = tokenWith(5800);
      const response = await client.post('/login');
      expect([response.status, response.body.name]).to.deep.equal([500, 'ConfigurationError']);
      expect(response.body.message).to.match(/too long for cookies: it may have 6282 characters; put less into data/);
      expect(response.headers).not.to.have.property('set-cookie');
    });

    const damages: Record<string, (pairs: string[], other: string[]) => string[]> = {
      'without its second cookie': ([first]) => [first as string],
      'without its first cookie': ([, second]) => [second as string],
      'with the second cookie of another login': ([first], [, second]) => [first as string, second as string],
      'with a changed piece': ([first, second]) => [first as string, `${second?.slice(0, -9)}AAAAAAAAA`],
      'with another number of pieces': ([first, second]) => [(first as string).replace('=2~', '=3~'), second as string],
      'with a number of pieces that cannot be': ([first, second]) => [
        (first as string).replace('=2~', '=9~'),
        second as string,
      ],
      'with one piece only, by its number': ([first, second]) => [
        (first as string).replace('=2~', '=1~'),
        second as string,
      ],
      'with two second cookies that differ': (pairs) => [...pairs, 'access-token.1=x'],
    };

    for (const [name, damage] of Object.entries(damages)) {
      it(`is refused ${name}`, async () => {
        const client = await startWith();
        token = tokenWith(5000, 'bob@example.com');
        const other = pairsOf(await client.post('/login'));
        token = tokenWith(5000);
        const Cookie = damage(pairsOf(await client.post('/login')), other).join('; ');
        const { status, body } = await client.get('/me').set({ Cookie });
        expect(status).to.equal(401);
        expect(body.code).to.equal(name.includes('first cookie') ? 'token_missing' : 'token_invalid');
      });
    }

    it('leaves no piece behind when a smaller one takes its place', async () => {
      const client = await startWith();
      token = tokenWith(5000);
      const large = pairsOf(await client.post('/login'));
      token = tokenWith(0);
      const response = await client.post('/login').set({ Cookie: large.join('; ') });
      expect(response.headers['set-cookie']).to.have.length(2);
      expect(response.headers['set-cookie']?.[0]).to.match(/^access-token\.1=; Max-Age=0; Path=\/; HttpOnly/);
      expect(pairsOf(response)).to.deep.equal([`access-token=${token}`]);
    });

    it('is read without a piece that an earlier login left', async () => {
      const client = await startWith();
      token = tokenWith(0);
      const Cookie = `access-token=${token}; access-token.1=left; access-token.2=over`;
      expect((await client.get('/me').set({ Cookie })).status).to.equal(200);
    });

    it('is cleared with all its pieces', async () => {
      const client = await startWith();
      token = tokenWith(5000);
      const Cookie = pairsOf(await client.post('/login')).join('; ');
      const cleared = (await client.post('/logout').set({ Cookie })).headers['set-cookie'] as unknown as string[];
      expect(cleared.map((line) => line.split(';', 2).join(','))).to.have.members([
        'access-token=, Max-Age=0',
        'access-token.1=, Max-Age=0',
      ]);
    });
  });
});
