import { expect } from 'chai';
import { Authorized, Body, Get, Header, JsonController, Post } from 'routing-controllers';
import { tokenOf } from '../../support/accounts';
import { cookie, foreign } from '../../support/http';
import { onEachSecureServer, onEachServer } from '../../support/servers';
import { controllersOf, manager, refusedRequests, sendTo } from './refused-requests';

@JsonController('/header')
class WithHeader {
  @Authorized()
  @Header('X-Route', 'header')
  @Get()
  get() {
    return {};
  }
}

@JsonController('/writing')
class Writing {
  @Authorized()
  @Post()
  write(@Body() body: object) {
    return body;
  }
}

describe('the answer to a refused request', () => {
  onEachServer((start, _framework, kind) => {
    const { '/text': _, ...jsonControllers } = controllersOf[kind];
    const controllers = Object.values(controllersOf[kind]);

    for (const request of refusedRequests) {
      it(`is JSON with status, code and challenge: ${request.name}`, async () => {
        const { client } = await start({ manager, controllers });
        for (const prefix of Object.keys(jsonControllers)) {
          const { status, body, headers } = await sendTo(client, prefix, request);
          expect(status).to.equal(request.status);
          expect(body).to.have.all.keys('name', 'message', 'code');
          expect(body.code).to.equal(request.code);
          expect(headers['www-authenticate']).to.equal(request.challenge);
        }
      });

      it(`is text without a trace on a controller of text, in development too: ${request.name}`, async () => {
        const { client } = await start({ manager, controllers, development: true });
        const { status, text } = await sendTo(client, '/text', request);
        expect(status).to.equal(request.status);
        expect(text).not.to.match(/\bat .*:\d+:\d+|node_modules|secret/);
      });
    }

    it('carries the headers of its route, as every error does', async () => {
      const { client } = await start({ manager, controllers: [WithHeader] });
      const { status, headers } = await client.get('/header');
      expect([status, headers['x-route']]).to.deep.equal([401, 'header']);
    });
  });

  // routing-controllers' own servers read the body first.
  onEachSecureServer((start) => {
    it('comes before the body of a foreign page is read', async () => {
      const { client } = await start({ manager, controllers: [Writing] });
      const sent = client.post('/writing').set({ ...cookie(tokenOf(manager)), ...foreign });
      const { status, body } = await sent.type('json').send('{bad');
      expect([status, body.name]).to.deep.equal([403, 'CrossOriginError']);
    });
  });
});
