import { expect } from 'chai';
import { Authorized, JsonController, Post } from 'routing-controllers';
import { managerOf, tokenOf } from '../support/accounts';
import { cookie, foreign } from '../support/http';
import { type App, onBothExpresses } from '../support/servers';

@JsonController()
class Routes {
  @Authorized()
  @Post('/notes')
  write() {
    return {};
  }
}

/** As a middleware that lets links post. */
function override(request: App, _response: App, next: () => void): void {
  if (request.query._method) request.method = request.query._method;
  next();
}

describe('a request whose method changes after it was authenticated', () => {
  onBothExpresses((start) => {
    const manager = managerOf({ useCookie: true });
    const before = (app: App) => {
      manager.attachMiddleware(app);
      app.use(override);
    };

    it('is refused where a foreign page sent it', async () => {
      const { client } = await start({ manager, controllers: [Routes], before });
      const response = await client.get('/notes?_method=POST').set({ ...cookie(tokenOf(manager)), ...foreign });
      expect([response.status, response.body.code]).to.deep.equal([403, 'cross_origin']);
    });

    it('is served where a page of its own did', async () => {
      const { client } = await start({ manager, controllers: [Routes], before });
      const headers = { ...cookie(tokenOf(manager)), 'Sec-Fetch-Site': 'same-origin' };
      expect((await client.get('/notes?_method=POST').set(headers)).status).to.equal(200);
    });
  });
});
