import { expect } from 'chai';
import {
  type Action,
  Authorized,
  Body,
  BodyParam,
  CookieParam,
  CookieParams,
  Ctx,
  CurrentUser,
  createParamDecorator,
  Get,
  HeaderParam,
  HeaderParams,
  JsonController,
  Param,
  Params,
  Post,
  QueryParam,
  QueryParams,
  Req,
  Res,
  Session,
  SessionParam,
  State,
} from 'routing-controllers';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import type { App } from '../support/servers';
import { onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const Agent = () => createParamDecorator({ value: ({ request }: Action) => request.headers['user-agent'] });

@Authorized()
class Base {
  @Get('/path/:id/:name')
  path(@Param('id') id: number, @Params() params: object) {
    return { id, params };
  }

  @Get('/query')
  query(@QueryParam('page') page: number, @QueryParams() query: object) {
    return { page, query };
  }

  @Get('/headers')
  headers(@HeaderParam('x-one') one: string, @HeaderParams() headers: Record<string, string>) {
    return { one, two: headers['x-two'] };
  }

  @Get('/cookies')
  cookies(@CookieParam('one') one: string, @CookieParams() cookies: object) {
    return { one, cookies };
  }

  @Post('/body')
  body(@Body() body: object) {
    return { body };
  }

  @Post('/body-parameters')
  bodyParameters(@BodyParam('one') one: string, @BodyParam('two') two: number) {
    return { one, two };
  }

  @Post('/required')
  required(@Body({ required: true }) body: object) {
    return { body };
  }

  @Get('/user')
  user(@CurrentUser() account: Account) {
    return { email: account.email };
  }

  @Get('/custom')
  custom(@Agent() agent: string) {
    return { agent };
  }

  @Get('/request')
  request(@Req() request: App, @Res() response: App) {
    response.set('X-Answered', 'yes');
    return { method: request.method };
  }

  @Get('/overridden/:id')
  overridden(@Param('id') id: string, @QueryParam('text') text: string): object {
    return { id, text };
  }

  @Get('/redecorated/:id')
  redecorated(@Param('id') id: string): object {
    return { id };
  }

  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return { username: form.username, isForm: form instanceof OAuth2PasswordRequestForm };
  }
}

@JsonController()
class Derived extends Base {
  override overridden(id: string, text: string) {
    return { ...super.overridden(id, text), overridden: true };
  }

  override redecorated(@QueryParam('id') id: string) {
    return { fromQuery: id };
  }
}

class SessionBase {
  @Get('/session')
  session(@Session() kept: { count?: number }, @SessionParam('count') count: number | undefined) {
    kept.count = (count ?? 0) + 1;
    return { count: kept.count };
  }
}

@JsonController()
class WithSession extends SessionBase {}

class ContextBase {
  @Authorized()
  @Get('/context')
  context(@Ctx() context: App, @State('user') account: Account, @State() state: { user: Account }) {
    return { path: context.path, of: account.email, same: state.user === account };
  }
}

@JsonController()
class WithContext extends ContextBase {}

describe('parameters of the classes that a controller extends', () => {
  silencingStderr();

  const manager = managerOf();
  const headers = bearer(tokenOf(manager));

  onEachSecureServer((start) => {
    const get = async (path: string, more: Record<string, string> = {}) => {
      const { client } = await start({ manager, controllers: [Derived] });
      return (await client.get(path).set({ ...headers, ...more })).body;
    };
    const post = async (path: string, body: object) => {
      const { client } = await start({ manager, controllers: [Derived] });
      return client.post(path).set(headers).send(body);
    };

    it('@Param and @Params, with their types', async () => {
      expect(await get('/path/7/seven')).to.deep.equal({ id: 7, params: { id: '7', name: 'seven' } });
    });

    it('@QueryParam and @QueryParams', async () => {
      expect(await get('/query?page=2')).to.deep.equal({ page: 2, query: { page: '2' } });
    });

    it('@HeaderParam and @HeaderParams', async () => {
      expect(await get('/headers', { 'X-One': '1', 'X-Two': '2' })).to.deep.equal({ one: '1', two: '2' });
    });

    it('@CookieParam and @CookieParams', async () => {
      expect(await get('/cookies', { Cookie: 'one=1; two=2' })).to.deep.equal({
        one: '1',
        cookies: { one: '1', two: '2' },
      });
    });

    it('@Body', async () => {
      expect((await post('/body', { text: 'hello' })).body).to.deep.equal({ body: { text: 'hello' } });
    });

    it('@BodyParam', async () => {
      expect((await post('/body-parameters', { one: 'a', two: '2' })).body).to.deep.equal({ one: 'a', two: 2 });
    });

    it('what is required of them', async () => {
      expect((await post('/required', {})).status).to.equal(400);
    });

    it('@CurrentUser', async () => {
      expect(await get('/user')).to.deep.equal({ email: 'ada@example.com' });
    });

    it("a decorator of the application's own", async () => {
      expect(await get('/custom', { 'User-Agent': 'specs' })).to.deep.equal({ agent: 'specs' });
    });

    it('@PasswordForm, with a form-encoded body', async () => {
      const { client } = await start({ manager, controllers: [Derived] });
      const { body } = await client
        .post('/login')
        .set(headers)
        .type('form')
        .send({ username: 'ada', password: 'secret' });
      expect(body).to.deep.equal({ username: 'ada', isForm: true });
    });

    it('@Req and @Res', async () => {
      const { client } = await start({ manager, controllers: [Derived] });
      const answer = await client.get('/request').set(headers);
      expect([answer.body, answer.headers['x-answered']]).to.deep.equal([{ method: 'GET' }, 'yes']);
    });

    it('reach an override that decorates none', async () => {
      expect(await get('/overridden/7?text=hi')).to.deep.equal({ id: '7', text: 'hi', overridden: true });
    });

    it('yield to those of an override that decorates its own', async () => {
      expect(await get('/redecorated/7?id=8')).to.deep.equal({ fromQuery: '8' });
    });
  });

  onEachSecureServer((start) => {
    it('@Session and @SessionParam', async () => {
      const session = {};
      const before = (app: App) => {
        app.use((...args: App[]) => {
          args[0].session = session; // of Express' request, or of Koa's context
          return args.at(-1)();
        });
      };
      const { client } = await start({ manager, controllers: [WithSession], before });
      const answers = [await client.get('/session'), await client.get('/session')];
      expect(answers.map(({ body }) => body)).to.deep.equal([{ count: 1 }, { count: 2 }]);
    });
  });

  onEachSecureServer(
    (start) => {
      it('@Ctx and @State', async () => {
        const { client } = await start({ manager, controllers: [WithContext] });
        const { body } = await client.get('/context').set(headers);
        expect(body).to.deep.equal({ path: '/context', of: 'ada@example.com', same: true });
      });
    },
    ['Koa'],
  );
});
