import { expect } from 'chai';
import helmet from 'helmet';
import { Authorized, Body, Get, JsonController, Post } from 'routing-controllers';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { onEachSecureServer } from '../support/servers';
import '../support/quiet-lost-guards';

const page = 'https://pages.example';

class Base {
  @Authorized('read')
  @Get()
  list() {
    return [];
  }

  @Post()
  create(@Body() body: object) {
    return body;
  }
}

@JsonController('/notes')
class Notes extends Base {}

describe("pages of other sites, with routing-controllers' cors", () => {
  onEachSecureServer((start, framework) => {
    const manager = managerOf({ defaultAccess: 'authenticated' });
    const server = async (cors: object | true = true) => (await start({ manager, controllers: [Notes], cors })).client;
    const restricted = { origin: page, credentials: true };

    it('may read a 401', async () => {
      const { status, headers } = await (await server()).get('/notes').set('Origin', page);
      expect([status, headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
      expect(headers['access-control-allow-origin']).to.be.oneOf(['*', page]);
    });

    it('may read a 403', async () => {
      const { status, headers } = await (await server())
        .get('/notes')
        .set('Origin', page)
        .set(bearer(tokenOf(manager)));
      expect(status).to.equal(403);
      expect(headers['access-control-allow-origin']).to.be.oneOf(['*', page]);
    });

    it('may read a 401 for a malformed body', async () => {
      const sent = (await server()).post('/notes').set('Origin', page).type('json').send('{bad');
      const { status, headers } = await sent;
      expect(status).to.equal(401);
      expect(headers['access-control-allow-origin']).to.be.oneOf(['*', page]);
    });

    it('may as the options say', async () => {
      const { headers } = await (await server(restricted)).get('/notes').set('Origin', page);
      expect(headers).to.include({ 'access-control-allow-origin': page, 'access-control-allow-credentials': 'true' });
    });

    it('get an answer to a preflight, without a token', async () => {
      const { status, headers } = await (await server(restricted)).options('/notes').set({
        Origin: page,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization',
      });
      expect(status).to.equal(204);
      expect(headers['access-control-allow-origin']).to.equal(page);
      expect(headers['access-control-allow-methods']).to.contain('POST');
      expect(headers['access-control-allow-headers']).to.equal('authorization');
    });

    it('are let in with a token', async () => {
      const headers = { Origin: page, ...bearer(tokenOf(manager, undefined, ['read'])) };
      const answer = await (await server()).get('/notes').set(headers);
      expect([answer.status, answer.body]).to.deep.equal([200, []]);
    });

    it('get nothing where cors is off', async () => {
      const { client } = await start({ manager, controllers: [Notes] });
      const { status, headers } = await client.get('/notes').set('Origin', page);
      expect([status, headers['access-control-allow-origin']]).to.deep.equal([401, undefined]);
    });

    it('OPTIONS of a route tells its methods, without a token', async () => {
      const { client } = await start({ manager, controllers: [Notes] });
      const { status, headers } = await client.options('/notes');
      expect([status, headers.allow?.split(/, ?/).sort()]).to.deep.equal([200, ['GET', 'HEAD', 'POST']]);
    });

    if (framework !== 'Koa') {
      it("the application's own middleware before the routes sets its headers on refusals", async () => {
        const { client } = await start({ manager, controllers: [Notes], before: (app) => app.use(helmet()) });
        const { status, headers } = await client.get('/notes');
        expect([status, headers['x-content-type-options']]).to.deep.equal([401, 'nosniff']);
      });
    }
  });
});
