import { Readable } from 'node:stream';
import { expect } from 'chai';
import { Exclude } from 'class-transformer';
import {
  type Action,
  Authorized,
  Body,
  Controller,
  Ctx,
  CurrentUser,
  Get,
  HttpError,
  JsonController,
  Middleware,
  Post,
  Req,
  Res,
  UseAfter,
  UseBefore,
  UseInterceptor,
} from 'routing-controllers';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { bodySeenBy, Journal } from '../support/journal';
import type { App } from '../support/servers';
import { onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

class Profile {
  name = 'Ada';

  @Exclude()
  password = 'secret';
}

class Teapot extends HttpError {
  constructor() {
    super(418, 'short and stout');
  }
}

const journal = new Journal();

function failing(): never {
  throw Object.assign(new Teapot(), { status: 418 });
}

class FailingClass {
  use(): never {
    throw new Teapot();
  }
}

class RejectingClass {
  async use(): Promise<never> {
    throw new Teapot();
  }
}

async function asked(account: Account): Promise<boolean> {
  journal.note(`asked about ${account.email}`);
  return account.admin;
}

async function broken(): Promise<boolean> {
  throw new Teapot();
}

@Authorized()
class Base {
  @Get('/buffer')
  buffer(): unknown {
    return Buffer.from('bytes');
  }

  @Get('/array')
  array() {
    return new Uint8Array([104, 105]);
  }

  @Get('/stream')
  stream() {
    return Readable.from([Buffer.from('a '), Buffer.from('stream')]);
  }

  @Get('/profile')
  profile() {
    return new Profile();
  }

  @Get('/late')
  async late() {
    await new Promise((resolve) => setImmediate(resolve));
    return { late: true };
  }

  @UseBefore(failing)
  @Get('/failing-function')
  failingFunction() {
    return {};
  }

  @UseBefore(FailingClass)
  @Get('/failing-class')
  failingClass() {
    return {};
  }

  @UseBefore(RejectingClass)
  @Get('/rejecting-class')
  rejectingClass() {
    return {};
  }

  @Get('/failing-handler')
  failingHandler() {
    throw new Teapot();
  }

  @Authorized(asked)
  @Get('/policy')
  policy() {
    return {};
  }

  @Authorized([broken, asked])
  @Get('/broken-policy')
  brokenPolicy() {
    return {};
  }

  @UseAfter(journal.middleware('after'))
  @Get('/after')
  after() {
    return { after: true };
  }
}

@JsonController('/json')
class JsonRoutes extends Base {}

@Controller('/text')
class TextRoutes extends Base {}

@JsonController('/raw', { transformResponse: false })
class Untransformed extends Base {}

/** Inherits an interceptor, too, which must leave what it does not know as it is. */
class InterceptedBase extends Base {
  @UseInterceptor((_action: Action, result: unknown) => result)
  override buffer() {
    return super.buffer();
  }

  @UseInterceptor((_action: Action, result: unknown) => result)
  override stream() {
    return super.stream();
  }
}

@JsonController('/intercepted')
class Intercepted extends InterceptedBase {}

class ExpressBase {
  @Authorized()
  @UseInterceptor((_action: Action, result: unknown) => result)
  @Get('/response')
  response(@Res() response: App) {
    return response.status(202).json({ by: 'hand' });
  }

  @Authorized()
  @Get('/user')
  user(@Req() request: App) {
    return { email: request.user.email };
  }
}

@JsonController()
class OnExpress extends ExpressBase {}

class KoaBase {
  @Authorized()
  @UseInterceptor((_action: Action, result: unknown) => result)
  @Get('/response')
  response(@Ctx() context: App) {
    context.status = 202;
    context.body = { by: 'hand' };
    return context;
  }

  @Authorized()
  @Get('/user')
  user(@Ctx() context: App) {
    return { email: context.state.user.email, same: context.request.user === context.state.user };
  }
}

@JsonController()
class OnKoa extends KoaBase {}

@JsonController('/two')
class TwoUsers {
  @Post()
  two(@CurrentUser() one: Account, @CurrentUser({ required: true }) other: Account, @Body() body: object) {
    return { same: one === other, body };
  }
}

@Middleware({ type: 'after' })
class AfterMiddleware {
  use(...args: App[]): unknown {
    journal.note(`after, body ${JSON.stringify(bodySeenBy(args))}`);
    return args.at(-1)();
  }
}

describe('whatever a route answers with', () => {
  silencingStderr();

  onEachSecureServer((start, framework) => {
    const manager = managerOf();
    const headers = bearer(tokenOf(manager));
    const controllers = [JsonRoutes, TextRoutes, Untransformed, Intercepted, framework === 'Koa' ? OnKoa : OnExpress];
    const get = async (path: string, sub?: string) => {
      const { client } = await start({ manager, controllers });
      return client
        .get(path)
        .set(sub ? bearer(tokenOf(manager, sub)) : headers)
        .buffer();
    };
    const bytesOf = ({ body, text }: App): string => (Buffer.isBuffer(body) ? body.toString() : text);

    for (const prefix of ['/json', '/text', '/intercepted', '/raw']) {
      for (const [path, expected] of Object.entries({ buffer: 'bytes', array: 'hi', stream: 'a stream' })) {
        it(`${prefix}/${path} comes as it is, and not for nobody`, async () => {
          const answer = await get(`${prefix}/${path}`);
          expect([answer.status, bytesOf(answer)]).to.deep.equal([200, expected]);
          const { client } = await start({ manager, controllers });
          const refused = await client.get(`${prefix}/${path}`);
          expect(refused.status).to.equal(401);
          expect(bytesOf(refused)).not.to.contain(expected);
        });
      }
    }

    it('an object is transformed', async () => {
      expect((await get('/json/profile')).body).to.deep.equal({ name: 'Ada' });
    });

    it('an object is not transformed where its controller says so', async () => {
      expect((await get('/raw/profile')).body).to.deep.equal({ name: 'Ada', password: 'secret' });
    });

    it('a promise is waited for', async () => {
      expect((await get('/json/late')).body).to.deep.equal({ late: true });
    });

    it('a response that its handler answered itself is left alone', async () => {
      const { status, body } = await get('/response');
      expect([status, body]).to.deep.equal([202, { by: 'hand' }]);
    });

    it('a handler finds the user in the request', async () => {
      expect((await get('/user')).body).to.include({ email: 'ada@example.com' });
    });

    it('several current users of one route are one, and a required one counts for all', async () => {
      const { client } = await start({ manager, controllers: [TwoUsers] });
      expect((await client.post('/two').send({ a: 1 })).status).to.equal(401);
      expect((await client.post('/two').set(headers).send({ a: 1 })).body).to.deep.equal({
        same: true,
        body: { a: 1 },
      });
    });

    it('its own middleware follows it', async () => {
      journal.take();
      expect((await get('/json/after')).body).to.deep.equal({ after: true });
      expect(journal.take()).to.deep.equal(['after']);
    });

    it('its own middleware does not follow a refusal', async () => {
      journal.take();
      const { client } = await start({ manager, controllers });
      expect((await client.get('/json/after')).status).to.equal(401);
      expect(journal.take()).to.deep.equal([]);
    });

    for (const path of ['failing-function', 'failing-class', 'rejecting-class', 'failing-handler']) {
      it(`an error is answered as it is: ${path}`, async () => {
        expect((await get(`/json/${path}`)).status).to.equal(418);
      });

      it(`an error is not reached by nobody: ${path}`, async () => {
        const { client } = await start({ manager, controllers });
        expect((await client.get(`/json/${path}`)).status).to.equal(401);
      });
    }

    it('a policy is asked once, and never about nobody', async () => {
      journal.take();
      const { client } = await start({ manager, controllers });
      expect((await client.get('/json/policy')).status).to.equal(401);
      expect((await client.get('/json/policy').set(bearer('garbage'))).status).to.equal(401);
      expect(journal.take()).to.deep.equal([]);
      expect((await client.get('/json/policy').set(headers)).status).to.equal(200);
      expect((await client.get('/json/policy').set(bearer(tokenOf(manager, 'bob@example.com')))).status).to.equal(403);
      expect(journal.take()).to.deep.equal(['asked about ada@example.com', 'asked about bob@example.com']);
    });

    it('a policy that fails lets nobody in', async () => {
      const { status } = await get('/json/broken-policy');
      expect(status).to.equal(418);
    });

    it('"after" middleware sees the body of what was no route', async () => {
      const { client } = await start({ manager, controllers, middlewares: [AfterMiddleware] });
      journal.take();
      expect((await client.post('/elsewhere').send({ text: 'hello' })).status).to.equal(404);
      const body = framework === 'Koa' ? '{"text":"hello"}' : 'undefined';
      expect(journal.take()).to.deep.equal([`after, body ${body}`]);
    });

    it('"after" middleware does not see the body of who was refused', async () => {
      const { client } = await start({ manager, controllers: [TwoUsers], middlewares: [AfterMiddleware] });
      journal.take();
      expect((await client.post('/two').send({ text: 'hello' })).status).to.equal(401);
      expect(journal.take()).to.deep.equal([]);
    });
  });
});
