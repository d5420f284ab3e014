import { expect } from 'chai';
import { type Action, Authorized, Get, JsonController } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { onEachSecureServer } from '../support/servers';
import '../support/quiet-lost-guards';

const isAdmin = (account: Account) => account.admin;
const asksHeader = (_account: Account, { request }: Action) => request.headers['x-please'] === 'please';

@Authorized('a')
@Authorized('b')
@JsonController('/classes')
class StackedOnClass {
  @Get()
  list() {
    return [];
  }

  @Authorized('c')
  @Authorized(['d', 'a'])
  @Get('/more')
  more() {
    return [];
  }
}

@JsonController('/methods')
class StackedOnMethods {
  @Authorized('a')
  @Authorized('b')
  @Get()
  list() {
    return [];
  }

  @Authorized()
  @Authorized('b')
  @Get('/login')
  login() {
    return [];
  }

  @Authorized(anyOf('a', 'b'))
  @Authorized(anyOf('c', 'd'))
  @Get('/alternatives')
  alternatives() {
    return [];
  }

  @Authorized(isAdmin)
  @Authorized([asksHeader, 'a'])
  @Get('/policies')
  policies() {
    return [];
  }
}

describe('stacked @Authorized', () => {
  onEachSecureServer((start) => {
    const manager = managerOf();
    const server = () => start({ manager, controllers: [StackedOnClass, StackedOnMethods] });
    const token = (scopes: string[], sub?: string) => bearer(tokenOf(manager, sub, scopes));

    for (const [path, needed] of Object.entries({
      '/methods': ['a', 'b'],
      '/methods/login': ['b'],
      '/classes': ['a', 'b'],
      '/classes/more': ['a', 'b', 'c', 'd'],
    })) {
      it(`needs all of ${needed.join(', ')} for ${path}`, async () => {
        const { client } = await server();
        expect((await client.get(path)).status).to.equal(401);
        expect((await client.get(path).set(token(needed))).status).to.equal(200);
        for (const missing of needed) {
          const others = needed.filter((scope) => scope !== missing);
          expect((await client.get(path).set(token(others))).status, `without ${missing}`).to.equal(403);
        }
      });
    }

    it('needs one of each list of alternatives', async () => {
      const { client } = await server();
      const status = async (...scopes: string[]) =>
        (await client.get('/methods/alternatives').set(token(scopes))).status;
      expect([await status('a', 'c'), await status('b', 'd')]).to.deep.equal([200, 200]);
      expect([await status('a', 'b'), await status('c'), await status()]).to.deep.equal([403, 403, 403]);
    });

    it('needs the word of every policy', async () => {
      const { client } = await server();
      const status = async (sub: string, scope: string, please: string) => {
        return (
          await client
            .get('/methods/policies')
            .set(token([scope], sub))
            .set('X-Please', please)
        ).status;
      };
      expect(await status('ada@example.com', 'a', 'please')).to.equal(200);
      expect(await status('bob@example.com', 'a', 'please')).to.equal(403);
      expect(await status('ada@example.com', 'a', 'now')).to.equal(403);
      expect(await status('ada@example.com', 'b', 'please')).to.equal(403);
    });
  });
});
