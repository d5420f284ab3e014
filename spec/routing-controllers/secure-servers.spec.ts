import { expect } from 'chai';
import { Authorized, Body, CurrentUser, Get, HttpCode, JsonController, Post } from 'routing-controllers';
import { Public } from '../../src/access/public';
import { type Account, managerOf, tokenOf } from '../support/accounts';

import { bearer } from '../support/http';
import { onEachSecureServer } from '../support/secure-servers';

class Base {
  @Authorized('read')
  @Get()
  list() {
    return [];
  }

  @Authorized('write')
  @HttpCode(201)
  @Post()
  create(@Body() body: object, @CurrentUser() account: Account) {
    return { body, by: account.email };
  }
}

@Authorized()
@JsonController('/derived')
class Derived extends Base {
  @Public()
  @Get('/open')
  open(@CurrentUser() account: Account | null) {
    return { email: account?.email ?? null };
  }
}

describe('the secure servers', () => {
  onEachSecureServer((start) => {
    const manager = managerOf();

    it('keep the guards of a base class', async () => {
      const { client } = await start({ manager, controllers: [Derived] });
      expect((await client.get('/derived')).status).to.equal(401);
      expect((await client.get('/derived').set(bearer(tokenOf(manager)))).status).to.equal(403);
      const token = tokenOf(manager, 'ada@example.com', ['read', 'write']);
      expect((await client.get('/derived').set(bearer(token))).body).to.deep.equal([]);
      const created = await client.post('/derived').set(bearer(token)).send({ text: 'hello' });
      expect(created.body).to.deep.equal({ body: { text: 'hello' }, by: 'ada@example.com' });
      expect(created.status).to.equal(201);
      expect((await client.get('/derived/open')).body).to.deep.equal({ email: null });
      expect((await client.post('/derived').set('Content-Type', 'application/json').send('{bad')).status).to.equal(401);
    });
  });
});
