import { expect } from 'chai';
import { Get, JsonController, Req, Res } from 'routing-controllers';
import { managerOf } from '../support/accounts';
import { rejection } from '../support/rejection';
import { type App, onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const manager = managerOf();

@JsonController()
class Answers {
  @Get('/begun')
  async begun(@Req() request: App, @Res() response: App) {
    response.write('the beginning');
    await manager.authenticate(request, 'admin');
    return response;
  }

  @Get('/ended')
  async ended(@Req() request: App, @Res() response: App) {
    response.end('all of it');
    await manager.authenticate(request, 'admin');
    return response;
  }
}

describe('a refusal in a handler that has sent its headers', () => {
  silencingStderr();

  onEachSecureServer(
    (start) => {
      const serve = async () => (await start({ manager, controllers: [Answers] })).url;

      it('breaks off an answer that was begun, so that the client does not wait for its end', async () => {
        const response = await fetch(`${await serve()}/begun`);
        expect((await rejection(response.text())).message).to.equal('terminated');
      });

      it('leaves an answer alone that was ended', async () => {
        const response = await fetch(`${await serve()}/ended`);
        expect(await response.text()).to.equal('all of it');
      });
    },
    ['Express 5', 'Express 4'],
  );
});
