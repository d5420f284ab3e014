import bodyParser from 'body-parser';
import { expect } from 'chai';
import express from 'express';
import koaBodyParser from 'koa-bodyparser';
import { Body, BodyParam, JsonController, Post } from 'routing-controllers';
import { PasswordForm } from '../../src/oauth2/password-form';
import type { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { managerOf } from '../support/accounts';
import { type App, type Framework, frameworks, onEachServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

@JsonController()
class Login {
  @Post('/login')
  login(
    @PasswordForm() form: OAuth2PasswordRequestForm,
    @BodyParam('remember') remember: string,
    @Body() body: Record<string, unknown>,
  ) {
    return { username: form.username, remember, code: body.code };
  }

  @Post('/before')
  before(@BodyParam('remember') remember: string, @PasswordForm() form: OAuth2PasswordRequestForm) {
    return { username: form.username, remember };
  }

  @Post('/required')
  required(@BodyParam('code', { required: true }) code: string, @PasswordForm() form: OAuth2PasswordRequestForm) {
    return { username: form.username, code };
  }
}

const parsers = bodyParser as unknown as typeof express;

/** Who reads the body before, on which frameworks. */
const readers: Record<string, [readonly Framework[], ((app: App) => void) | undefined]> = {
  nobody: [frameworks, undefined],
  'express.json': [['Express 5', 'Express 4'], (app) => app.use(express.json())],
  'express.urlencoded': [['Express 5', 'Express 4'], (app) => app.use(express.urlencoded({ extended: true }))],
  'express.raw': [['Express 5', 'Express 4'], (app) => app.use(express.raw({ type: '*/*' }))],
  'express.text': [['Express 5', 'Express 4'], (app) => app.use(express.text({ type: '*/*' }))],
  'body-parser 1 as raw': [['Express 5', 'Express 4'], (app) => app.use(parsers.raw({ type: '*/*' }))],
  'body-parser 1 as text': [['Express 5', 'Express 4'], (app) => app.use(parsers.text({ type: '*/*' }))],
  'koa-bodyparser': [['Koa'], (app) => app.use(koaBodyParser())],
  'koa-bodyparser as text': [['Koa'], (app) => app.use(koaBodyParser({ enableTypes: ['text'] }))],
  'a middleware that leaves a Uint8Array': [
    frameworks,
    (app) => {
      const read = async (message: App) => {
        const chunks: Buffer[] = [];
        for await (const chunk of message) chunks.push(chunk);
        return new Uint8Array(Buffer.concat(chunks));
      };
      app.use(async (first: App, second: App, third?: () => void) => {
        const target = first.req ? first.request : first;
        target.body = await read(first.req ?? first);
        return (third ?? second)();
      });
    },
  ],
};

const fields = { username: 'ada@example.com', password: 'p', remember: 'yes', code: '123456' };

for (const [reader, [supported, before]] of Object.entries(readers)) {
  describe(`a login form whose body ${reader} read before`, () => {
    silencingStderr();

    onEachServer((start, framework) => {
      const startIt = async () =>
        (await start({ manager: managerOf(), controllers: [Login], ...(before && { before }) })).client;

      for (const type of ['form', 'json'] as const) {
        it(`is read as ${type}, and @BodyParam and @Body see its further fields`, async () => {
          const client = await startIt();
          const response = await client.post('/login').type(type).send(fields);
          expect([response.status, response.body]).to.deep.equal([
            200,
            { username: 'ada@example.com', remember: 'yes', code: '123456' },
          ]);
        });
      }

      it('gives its fields to a parameter that stands before the form, too', async () => {
        const response = await (await startIt()).post('/before').type('form').send(fields);
        expect([response.status, response.body.remember]).to.deep.equal([200, 'yes']);
      });

      it('lacks a required field with 400, not 500', async () => {
        const { code: _, ...without } = fields;
        expect((await (await startIt()).post('/required').type('form').send(without)).status).to.equal(400);
      });

      if (before) return;

      it('of another media type is refused with 415', async () => {
        const response = await (await startIt()).post('/before').type('text/plain').send('username=ada');
        expect([response.status, response.body.error]).to.deep.equal([415, 'invalid_request']);
      });

      it('that is broken is refused with 400', async () => {
        const response = await (await startIt()).post('/before').type('json').send('{"username":');
        expect(response.status, framework).to.equal(400);
      });
    }, supported);
  });
}
