import { expect } from 'chai';
import { Authorized, Controller, Get, JsonController, useExpressServer } from 'routing-controllers';
import { tokenOf } from '../../support/accounts';
import { bearer } from '../../support/http';
import { KeepAliveClient } from '../../support/keep-alive';
import { type App, createApp, type Framework, listen, nothingElse, onEachServer } from '../../support/servers';
import { capturingStderr } from '../../support/stderr';
import { errorMiddlewaresOf, manager, registerAs } from './refused-requests';

class Teapot extends Error {
  httpCode = 418;
}

function fail(kind: string): never {
  throw kind === 'teapot' ? new Teapot('short and stout') : new Error('the printer is on fire');
}

@JsonController('/json')
class JsonFailures {
  @Get('/error')
  error() {
    fail('error');
  }

  @Get('/teapot')
  async teapot() {
    fail('teapot');
  }
}

@Controller('/text')
class TextFailures {
  @Get('/error')
  error() {
    fail('error');
  }
}

@JsonController('/guarded')
class Guarded {
  @Authorized()
  @Get('/error')
  error() {
    fail('error');
  }
}

const controllers = [JsonFailures, TextFailures];

/** What a client and the console see of three failures in a row; connections that are lost among it. */
async function observe(url: string, path: string, headers = {}): Promise<object> {
  const client = new KeepAliveClient(url);
  const answers: unknown[] = [];
  const stderr = await capturingStderr(async () => {
    for (let sent = 0; sent < 3; sent += 1) {
      answers.push(
        await client
          .send({ path, headers })
          .then(({ status, body }) => ({ status, body: withoutFrames(body) }), String),
      );
    }
  });
  client.close();
  return { answers, connections: client.connections, stderr: withoutFrames(stderr) };
}

/** Whether a trace is shown counts; its frames do not, because headers leave through a function of the library. */
function withoutFrames(text: string): string {
  return text.replace(/(?:(?:\n|<br>)(?: |&nbsp;)*at (?:[^\n<]|<(?!br>))*)+/g, '\n(frames)');
}

async function start(framework: Framework, routes: (app: App) => void, after: (app: App) => void): Promise<string> {
  const app = createApp(framework);
  routes(app);
  after(app);
  return (await listen(app)).url;
}

describe('an error that is no refusal', () => {
  onEachServer(
    (_start, framework, kind) => {
      for (const defaultErrorHandler of [true, false]) {
        for (const [name, after] of Object.entries(errorMiddlewaresOf(framework))) {
          for (const path of ['/json/error', '/json/teapot', '/text/error']) {
            it(`is treated as without the library: of ${path}, defaultErrorHandler ${defaultErrorHandler}, ${name}`, async () => {
              const plain = await start(
                framework,
                (app) => useExpressServer(app, { controllers, ...nothingElse, defaultErrorHandler }),
                after,
              );
              const ours = await start(
                framework,
                (app) =>
                  registerAs[kind](app, { manager, controllers: [...controllers, Guarded], defaultErrorHandler }),
                after,
              );
              await observe(ours, '/guarded/error'); // a refusal, so that everything the library does is in place
              expect(await observe(ours, path)).to.deep.equal(await observe(plain, path));
            });
          }
        }
      }

      it('is a 500, printed, and passed on to the final handler, after its user was let in', async () => {
        const url = await start(
          framework,
          (app) => registerAs[kind](app, { manager, controllers: [Guarded] }),
          () => undefined,
        );
        const seen = (await observe(url, '/guarded/error', bearer(tokenOf(manager)))) as {
          stderr: string;
          answers: unknown;
        };
        expect(seen.stderr).to.contain('the printer is on fire');
        expect(seen.answers).to.have.deep.nested.property('[0].status', 500);
      });
    },
    ['Express 5', 'Express 4'],
  );
});
