import { expect } from 'chai';
import { IsEmail } from 'class-validator';
import {
  type Action,
  Authorized,
  Body,
  CurrentUser,
  Get,
  getMetadataArgsStorage,
  Interceptor,
  type InterceptorInterface,
  JsonController,
  Middleware,
  Post,
  QueryParam,
  UploadedFile,
  UploadedFiles,
  useContainer,
} from 'routing-controllers';
import { Container, Service } from 'typedi';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { ServerOptions } from '../../src/routing-controllers/servers';
import { type Account, Accounts, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { thrownBy } from '../support/rejection';
import { createApp, type Framework, onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

class Subscriber {
  @IsEmail()
  email!: string;

  name?: string;
}

/** What multer makes of an uploaded file, in part. */
interface Upload {
  originalname: string;
  size: number;
}

class Base {
  @Authorized()
  @Get('/nothing')
  nothing() {
    return null;
  }

  @Authorized()
  @Get('/undefined')
  undefined() {
    return undefined;
  }

  @Authorized()
  @Get('/search')
  search(@QueryParam('text') text: string) {
    return { text };
  }

  @Authorized()
  @Post('/subscribe')
  subscribe(@Body() subscriber: Subscriber) {
    return { isSubscriber: subscriber instanceof Subscriber, ...subscriber };
  }

  @Authorized()
  @Post('/file')
  file(@UploadedFile('file') file: Upload) {
    return { name: file.originalname, size: file.size };
  }

  @Authorized()
  @Post('/files')
  files(@UploadedFiles('files') files: Upload[]) {
    return files.map((file) => file.originalname);
  }
}

/** All its routes are inherited. */
@JsonController()
class Derived extends Base {}

@JsonController()
class Own {
  @Get('/whoever')
  whoever(@CurrentUser() account: Account | null) {
    return { email: account?.email ?? null };
  }

  @Get('/asking')
  asking(@QueryParam('text') text: string) {
    return { text };
  }

  @Get('/optional')
  optional(@QueryParam('text', { required: false }) text: string) {
    return { text: text ?? null };
  }
}

@Interceptor()
class Enveloping implements InterceptorInterface {
  intercept(_action: Action, result: unknown) {
    return { enveloped: result };
  }
}

@Middleware({ type: 'before' })
class Branding {
  // biome-ignore lint/suspicious/noExplicitAny: of Express, or of Koa
  use(...args: any[]) {
    const [first, second] = args;
    if (args.length === 2) first.set('X-Brand', 'before');
    else second.set('X-Brand', 'before');
    return args.at(-1)();
  }
}

@Service()
class Counter {
  private count = 0;

  next() {
    this.count += 1;
    return this.count;
  }
}

class CountingBase {
  constructor(readonly counter: Counter) {}

  @Authorized()
  @Get('/count')
  count() {
    return { count: this.counter.next() };
  }
}

@Service()
@JsonController()
class Counting extends CountingBase {
  constructor(counter: Counter) {
    super(counter);
  }
}

function server(framework: Framework, manager = managerOf()) {
  const app = createApp(framework);
  return (options: ServerOptions) => {
    if (framework === 'Koa') return manager.useKoaServer(app, options);
    return manager.useExpressServer(app, options);
  };
}

describe("routing-controllers' options on the secure servers", () => {
  silencingStderr();

  onEachSecureServer((start, framework) => {
    const manager = managerOf();
    const headers = bearer(tokenOf(manager));

    it('routePrefix comes before every path', async () => {
      const { client } = await start({ manager, controllers: [Derived], routePrefix: '/api/v1' });
      expect((await client.get('/api/v1/search?text=hi').set(headers)).body).to.deep.equal({ text: 'hi' });
      expect((await client.get('/api/v1/search?text=hi')).status).to.equal(401);
      expect((await client.get('/search?text=hi').set(headers)).status).to.equal(404);
    });

    it('defaults.nullResultCode and undefinedResultCode hold for inherited routes', async () => {
      const defaults = { nullResultCode: 410, undefinedResultCode: 202 };
      const { client } = await start({ manager, controllers: [Derived], defaults });
      expect((await client.get('/nothing').set(headers)).status).to.equal(410);
      expect((await client.get('/undefined').set(headers)).status).to.equal(202);
    });

    it('without such defaults a null is 204 and an undefined 404, as ever', async () => {
      const { client } = await start({ manager, controllers: [Derived] });
      expect((await client.get('/nothing').set(headers)).status).to.equal(204);
      expect((await client.get('/undefined').set(headers)).status).to.equal(404);
    });

    describe('defaults.paramOptions.required', () => {
      const defaults = { paramOptions: { required: true } };

      it('holds for inherited routes', async () => {
        const { client } = await start({ manager, controllers: [Derived], defaults });
        expect((await client.get('/search').set(headers)).status).to.equal(400);
        expect((await client.get('/search?text=hi').set(headers)).status).to.equal(200);
      });

      it('holds for routes of the class itself', async () => {
        const { client } = await start({ manager, controllers: [Own], defaults });
        expect((await client.get('/asking')).status).to.equal(400);
        expect((await client.get('/asking?text=hi')).body).to.deep.equal({ text: 'hi' });
      });

      it('yields to what a parameter says itself', async () => {
        const { client } = await start({ manager, controllers: [Own], defaults });
        expect((await client.get('/optional')).body).to.deep.equal({ text: null });
      });

      it('makes a login of a current user that does not say', async () => {
        const { client } = await start({ manager, controllers: [Own], defaults });
        const refused = await client.get('/whoever');
        expect([refused.status, refused.headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
        expect((await client.get('/whoever').set(headers)).body).to.deep.equal({ email: 'ada@example.com' });
        expect(
          manager.routes({ controllers: [Own], defaults }).map((route) => [route.path, route.public]),
        ).to.deep.equal([
          ['/asking', true],
          ['/optional', true],
          ['/whoever', false],
        ]);
      });

      it('is not written into the metadata that all servers share', async () => {
        const required = () => getMetadataArgsStorage().params.map((param) => param.required);
        const earlier = required();
        await start({ manager, controllers: [Derived, Own], defaults });
        expect(required()).to.deep.equal(earlier);
        const { client } = await start({ manager, controllers: [Derived, Own] });
        expect((await client.get('/whoever')).body).to.deep.equal({ email: null });
        expect((await client.get('/search').set(headers)).status).to.equal(200);
      });
    });

    it('interceptors change what every route answers', async () => {
      const { client } = await start({ manager, controllers: [Derived], interceptors: [Enveloping] });
      const { body } = await client.get('/search?text=hi').set(headers);
      expect(body).to.deep.equal({ enveloped: { text: 'hi' } });
    });

    it('middlewares run, for refusals too', async () => {
      const { client } = await start({ manager, controllers: [Derived], middlewares: [Branding] });
      const refused = await client.get('/search');
      expect([refused.status, refused.headers['x-brand']]).to.deep.equal([401, 'before']);
    });

    describe('validation', () => {
      it('is on unless it is turned off, for inherited bodies too', async () => {
        const { client } = await start({ manager, controllers: [Derived] });
        const refused = await client.post('/subscribe').set(headers).send({ email: 'nobody' });
        expect([refused.status, refused.body.errors[0].property]).to.deep.equal([400, 'email']);
      });

      it('is off with false', async () => {
        const { client } = await start({ manager, controllers: [Derived], validation: false });
        const { status, body } = await client.post('/subscribe').set(headers).send({ email: 'nobody' });
        expect([status, body]).to.deep.equal([200, { isSubscriber: true, email: 'nobody' }]);
      });

      it('takes the options of class-validator', async () => {
        const { client } = await start({ manager, controllers: [Derived], validation: { whitelist: true } });
        const { body } = await client.post('/subscribe').set(headers).send({ email: 'ada@example.com', name: 'Ada' });
        expect(body).to.deep.equal({ isSubscriber: true, email: 'ada@example.com' });
      });

      it('comes after the login', async () => {
        const { client } = await start({ manager, controllers: [Derived] });
        expect((await client.post('/subscribe').send({ email: 'nobody' })).status).to.equal(401);
      });
    });

    it('classTransformer: false leaves bodies as they are', async () => {
      const { client } = await start({ manager, controllers: [Derived], classTransformer: false });
      const { body } = await client.post('/subscribe').set(headers).send({ email: 'nobody' });
      expect(body).to.deep.equal({ isSubscriber: false, email: 'nobody' });
    });

    describe('useContainer', () => {
      before(() => useContainer(Container));
      // biome-ignore lint/suspicious/noExplicitAny: routing-controllers has no word for no container
      after(() => useContainer(undefined as any));

      it('makes the controllers, with what their base class is injected', async () => {
        Container.reset();
        Container.set(Accounts, new Accounts());
        const { client } = await start({ manager, controllers: [Counting] });
        expect((await client.get('/count')).status).to.equal(401);
        expect((await client.get('/count').set(headers)).body).to.deep.equal({ count: 1 });
        expect((await client.get('/count').set(headers)).body).to.deep.equal({ count: 2 });
      });
    });

    describe('uploads', () => {
      it('reach an inherited route', async () => {
        const { client } = await start({ manager, controllers: [Derived] });
        const { body } = await client.post('/file').set(headers).attach('file', Buffer.from('hello'), 'hello.txt');
        expect(body).to.deep.equal({ name: 'hello.txt', size: 5 });
      });

      it('reach it by the dozen', async () => {
        const { client } = await start({ manager, controllers: [Derived] });
        const sent = client.post('/files').set(headers);
        for (const name of ['a.txt', 'b.txt']) sent.attach('files', Buffer.from(name), name);
        expect((await sent).body).to.deep.equal(['a.txt', 'b.txt']);
      });

      it('of nobody are refused', async () => {
        const { client } = await start({ manager, controllers: [Derived] });
        const { status } = await client.post('/file').attach('file', Buffer.from('hello'), 'hello.txt');
        expect(status).to.equal(401);
      });
    });

    it('a frozen object of frozen options works, and is unchanged', async () => {
      const options = Object.freeze({
        controllers: Object.freeze([Derived]) as unknown as ServerOptions['controllers'],
        defaults: Object.freeze({ nullResultCode: 410, paramOptions: Object.freeze({ required: true }) }),
        validation: Object.freeze({ whitelist: true }),
        routePrefix: '/api',
      });
      const earlier = JSON.stringify(options);
      const { client } = await start({ manager, ...options });
      server(framework)(options);
      expect((await client.get('/api/nothing').set(headers)).status).to.equal(410);
      expect(Object.keys(options)).to.have.members(['controllers', 'defaults', 'validation', 'routePrefix']);
      expect(JSON.stringify(options)).to.equal(earlier);
    });

    for (const name of ['authorizationChecker', 'currentUserChecker']) {
      it(`${name} is refused, for the manager sets it`, () => {
        const options = { controllers: [Own], [name]: () => true };
        const error = thrownBy(() => server(framework)(options));
        expect(error).to.be.instanceOf(ConfigurationError);
        expect(error.message).to.contain(name);
      });
    }

    it('a checker that is undefined is none', () => {
      const options = { controllers: [Own], authorizationChecker: undefined, currentUserChecker: undefined };
      expect(() => server(framework)(options)).not.to.throw();
    });
  });
});
