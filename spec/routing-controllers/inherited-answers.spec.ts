import { expect } from 'chai';
import { Expose } from 'class-transformer';
import {
  Authorized,
  ContentType,
  Controller,
  Get,
  Header,
  HttpCode,
  HttpError,
  JsonController,
  Location,
  OnNull,
  OnUndefined,
  Post,
  Redirect,
  ResponseClassTransformOptions,
  useExpressServer,
  useKoaServer,
} from 'routing-controllers';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { createApp, listen, nothingElse, onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

class Nothing extends HttpError {
  constructor() {
    super(406, 'Nothing');
  }
}

class NothingAtAll extends HttpError {
  constructor() {
    super(404, 'Nothing at all');
  }
}

class Profile {
  name = 'Ada';

  @Expose({ groups: ['private'] })
  email = 'ada@example.com';
}

@Authorized()
class Base {
  @HttpCode(201)
  @Post('/code')
  code(): object {
    return {};
  }

  @Header('X-Base', 'base')
  @Header('X-Both', 'base')
  @Get('/header')
  header(): object {
    return {};
  }

  @OnNull(410)
  @Get('/null')
  null() {
    return null;
  }

  @OnNull(Nothing)
  @Get('/null-error')
  nullError() {
    return null;
  }

  @OnUndefined(202)
  @Get('/undefined')
  undefined() {
    return undefined;
  }

  @OnUndefined(Nothing)
  @Get('/undefined-error')
  undefinedError() {
    return undefined;
  }

  @Redirect('/elsewhere/:id')
  @Get('/redirect')
  redirect(): object {
    return { id: 7 };
  }

  @ContentType('text/csv')
  @Get('/content-type')
  contentType(): string {
    return 'a,b';
  }

  @Location('/there')
  @Get('/location')
  location(): object {
    return {};
  }

  @ResponseClassTransformOptions({ groups: ['private'] })
  @Get('/transformed')
  transformed(): object {
    return new Profile();
  }
}

@JsonController('/same')
class Same extends Base {}

@JsonController('/own')
class Own extends Base {
  @HttpCode(202)
  override code() {
    return {};
  }

  @Header('X-Both', 'derived')
  override header() {
    return {};
  }

  @OnNull(409)
  override null() {
    return null;
  }

  @OnUndefined(NothingAtAll)
  override undefined() {
    return undefined;
  }

  @Redirect('/own/:id')
  override redirect() {
    return { id: 8 };
  }

  @ContentType('text/tab-separated-values')
  override contentType() {
    return 'a\tb';
  }

  @Location('/here')
  override location() {
    return {};
  }

  @ResponseClassTransformOptions({ groups: ['public'] })
  override transformed() {
    return new Profile();
  }
}

@JsonController('/silent')
class Silent extends Base {
  override code() {
    return { overridden: true };
  }
}

@Controller('/text')
class Text extends Base {}

describe('answers of the classes that a controller extends', () => {
  silencingStderr();

  onEachSecureServer((start, framework) => {
    const manager = managerOf();
    const headers = bearer(tokenOf(manager));
    const controllers = [Same, Own, Silent, Text];
    const get = async (path: string) => (await start({ manager, controllers })).client.get(path).set(headers);
    const post = async (path: string) => (await start({ manager, controllers })).client.post(path).set(headers);

    it('@HttpCode', async () => {
      expect((await post('/same/code')).status).to.equal(201);
    });

    it('@HttpCode, where an override says nothing', async () => {
      const { status, body } = await post('/silent/code');
      expect([status, body]).to.deep.equal([201, { overridden: true }]);
    });

    it('@Header', async () => {
      expect((await get('/same/header')).headers).to.include({ 'x-base': 'base', 'x-both': 'base' });
    });

    it('@OnNull, with a code or an error', async () => {
      expect((await get('/same/null')).status).to.equal(410);
      expect((await get('/same/null-error')).status).to.equal(406);
    });

    it('@OnUndefined, with a code or an error', async () => {
      expect((await get('/same/undefined')).status).to.equal(202);
      expect((await get('/same/undefined-error')).status).to.equal(406);
    });

    it('@Redirect', async () => {
      const answer = await get('/same/redirect');
      expect([answer.status, answer.headers.location]).to.deep.equal([302, '/elsewhere/7']);
    });

    it('@ContentType', async () => {
      const answer = await get('/same/content-type');
      expect([answer.headers['content-type']?.split(';')[0], answer.text]).to.deep.equal(['text/csv', 'a,b']);
    });

    it('@Location', async () => {
      expect((await get('/same/location')).headers.location).to.equal('/there');
    });

    it('@ResponseClassTransformOptions', async () => {
      expect((await get('/same/transformed')).body).to.deep.equal({ name: 'Ada', email: 'ada@example.com' });
    });

    it('of a base without a kind are those of a @Controller too', async () => {
      expect((await get('/text/content-type')).text).to.equal('a,b');
    });

    it("yield to the derived class's own word", async () => {
      expect((await post('/own/code')).status).to.equal(202);
      expect((await get('/own/null')).status).to.equal(409);
      expect((await get('/own/undefined')).status).to.equal(404);
      expect((await get('/own/redirect')).headers.location).to.equal('/own/8');
      expect((await get('/own/content-type')).text).to.equal('a\tb');
      expect((await get('/own/location')).headers.location).to.equal('/here');
      expect((await get('/own/transformed')).body).to.deep.equal({ name: 'Ada' });
    });

    it('of different headers add up', async () => {
      expect((await get('/own/header')).headers).to.include({ 'x-base': 'base', 'x-both': 'derived' });
    });

    it("are what routing-controllers' own server loses", async () => {
      const app = createApp(framework);
      const options = { ...nothingElse, controllers: [Same] };
      if (framework === 'Koa') useKoaServer(app, options);
      else useExpressServer(app, options);
      const { client } = await listen(app);
      expect((await client.post('/same/code')).status).to.equal(200);
      expect((await client.get('/same/null')).status).to.equal(204);
      expect((await client.get('/same/header')).headers).not.to.have.property('x-base');
    });
  });
});
