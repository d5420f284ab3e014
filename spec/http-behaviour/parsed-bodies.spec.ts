import { expect } from 'chai';
import express from 'express';
import express4 from 'express-4';
import {
  Authorized,
  Body,
  BodyParam,
  Controller,
  JsonController,
  Post,
  QueryParam,
  UseBefore,
} from 'routing-controllers';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { type App, onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const parsers5 = express;
const parsers4 = express4 as unknown as typeof express;

@JsonController('/json')
class JsonRoutes {
  @Authorized()
  @Post('/body')
  body(@Body() body: object) {
    return { body };
  }

  @Authorized()
  @Post('/param')
  param(@BodyParam('text') text: string) {
    return { text };
  }

  @Authorized()
  @Post('/required')
  required(@Body({ required: true }) body: object) {
    return { body };
  }

  @Authorized()
  @Post('/limited')
  limited(@Body({ options: { limit: '10kb' } }) body: object, @QueryParam('page') page: number) {
    return { body, page };
  }

  @UseBefore(parsers5.json())
  @Post('/own')
  own(@Body() body: object) {
    return { body };
  }
}

@Controller('/text')
class TextRoutes {
  @Authorized()
  @Post('/body')
  body(@Body() body: string) {
    return `read: ${body}`;
  }
}

@JsonController('/bytes')
class ByteRoutes {
  @Authorized()
  @Post()
  body(@Body() body: Buffer) {
    return { isBuffer: Buffer.isBuffer(body), length: body.length };
  }
}

const manager = managerOf();
const headers = bearer(tokenOf(manager));
const controllers = [JsonRoutes, TextRoutes, ByteRoutes];
const note = { text: 'hello', tags: ['a', 'b'] };

/** What applications put before their routes. */
const parsers: Record<string, (app: App, of: typeof express) => void> = {
  'no parser': () => undefined,
  'express.json()': (app, of) => app.use(of.json()),
  'express.json() twice': (app, of) => app.use(of.json(), of.json()),
  'express.json() and express.urlencoded()': (app, of) => app.use(of.json(), of.urlencoded({ extended: true })),
  'express.urlencoded() alone': (app, of) => app.use(of.urlencoded({ extended: true })),
  'express.json() of one path': (app, of) => app.use('/json', of.json()),
  'express.json() that also keeps the bytes': (app, of) =>
    app.use(of.json({ verify: (request: App, _response, bytes) => (request.rawBody = bytes) })),
};

describe("a body that the application has parsed before the manager's server", () => {
  silencingStderr();

  onEachSecureServer(
    (start, framework) => {
      const own = framework === 'Express 5' ? parsers5 : parsers4;
      const versions = {
        "of the application's Express": own,
        'of the other Express': own === parsers5 ? parsers4 : parsers5,
      };

      for (const [version, of] of Object.entries(versions)) {
        for (const [name, use] of Object.entries(parsers)) {
          const before = (app: App) => use(app, of);

          it(`reaches @Body(), @BodyParam() and a body with options: ${name} ${version}`, async () => {
            const { client } = await start({ manager, controllers, before });
            const send = (path: string) => client.post(`/json/${path}`).set(headers).send(note);
            expect((await send('body')).body).to.deep.equal({ body: note });
            expect((await send('param')).body).to.deep.equal({ text: 'hello' });
            expect((await send('required')).body).to.deep.equal({ body: note });
            expect((await send('limited?page=2')).body).to.deep.equal({ body: note, page: 2 });
          });

          it(`is read for nobody who is refused, and a missing one is 400: ${name} ${version}`, async () => {
            const { client } = await start({ manager, controllers, before });
            expect((await client.post('/json/body').send(note)).status).to.equal(401);
            expect((await client.post('/json/required').set(headers)).status).to.equal(400);
          });
        }
      }

      it('reaches a text route: express.text()', async () => {
        const { client } = await start({ manager, controllers, before: (app) => app.use(own.text()) });
        const answer = await client.post('/text/body').set(headers).type('text/plain').send('hello');
        expect([answer.status, answer.text]).to.deep.equal([200, 'read: hello']);
      });

      it('reaches a route of form fields: express.urlencoded()', async () => {
        const before = (app: App) => app.use(own.urlencoded({ extended: true }));
        const { client } = await start({ manager, controllers, before });
        const answer = await client.post('/json/body').set(headers).type('form').send({ text: 'hello' });
        expect(answer.body).to.deep.equal({ body: { text: 'hello' } });
      });

      it('reaches a route as bytes: express.raw()', async () => {
        const before = (app: App) => app.use(own.raw({ type: 'application/json' }));
        const { client } = await start({ manager, controllers, before });
        const answer = await client.post('/bytes').set(headers).send({ a: 1 });
        expect(answer.body).to.deep.equal({ isBuffer: true, length: 7 });
      });

      it('may be a list, null or an empty body', async () => {
        const { client } = await start({ manager, controllers, before: (app) => app.use(own.json({ strict: false })) });
        const send = (body: string) => client.post('/json/body').set(headers).type('json').send(body);
        expect((await send('[1,2]')).body).to.deep.equal({ body: [1, 2] });
        expect((await send('null')).status).to.equal(200);
        expect((await send('')).body).to.deep.equal({ body: {} });
      });

      it('is parsed by the route if another content type was parsed before', async () => {
        const { client } = await start({
          manager,
          controllers,
          before: (app) => app.use(own.text(), own.urlencoded()),
        });
        expect((await client.post('/json/body').set(headers).send(note)).body).to.deep.equal({ body: note });
      });

      it("is parsed by a route's own middleware too", async () => {
        const { client } = await start({ manager, controllers });
        expect((await client.post('/json/own').send(note)).body).to.deep.equal({ body: note });
      });
    },
    ['Express 5', 'Express 4'],
  );
});
