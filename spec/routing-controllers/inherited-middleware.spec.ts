import { expect } from 'chai';
import express from 'express';
import {
  type Action,
  Authorized,
  Get,
  getMetadataArgsStorage,
  Interceptor,
  type InterceptorInterface,
  JsonController,
  UseAfter,
  UseBefore,
  UseInterceptor,
  useExpressServer,
  useKoaServer,
} from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { Journal } from '../support/journal';
import { type App, createApp, listen, nothingElse, onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const journal = new Journal();
const shared = journal.middleware('shared');
const sharedInterceptor = journal.interceptor('shared interceptor');

class NotingClass {
  use(...args: App[]): unknown {
    journal.note('a middleware class');
    return args.at(-1)();
  }
}

class Enveloping implements InterceptorInterface {
  intercept(_action: Action, result: unknown) {
    return { enveloped: result };
  }
}

@UseBefore(journal.middleware('before base class'))
@UseAfter(journal.middleware('after base class'))
class Base {
  @UseBefore(journal.middleware('before base method'))
  @UseAfter(journal.middleware('after base method'))
  @Get('/inherited')
  inherited() {
    journal.note('handler');
    return {};
  }

  @UseBefore(journal.middleware('before base method'))
  @Get('/overridden')
  overridden() {
    return {};
  }

  @UseBefore(NotingClass)
  @Get('/class')
  byClass() {
    return {};
  }

  @UseBefore(shared)
  @Get('/shared')
  shared() {
    return {};
  }

  @UseBefore(refusing)
  @Get('/refusing')
  refusing() {
    return { secret: true };
  }
}

/** A guard that an application wrote itself. */
function refusing(...args: App[]): unknown {
  const [first, second] = args;
  if (args.length === 2) Object.assign(first, { status: 418, body: {} });
  else second.status(418).json({});
  return undefined;
}

@UseBefore(journal.middleware('before derived class'))
@UseAfter(journal.middleware('after derived class'))
@JsonController()
class Derived extends Base {
  @UseBefore(journal.middleware('before derived method'))
  override overridden() {
    journal.note('handler');
    return {};
  }

  @UseBefore(shared)
  override shared() {
    return {};
  }
}

@JsonController('/sibling')
class Sibling extends Base {}

@UseInterceptor(journal.interceptor('base class'))
class InterceptedBase {
  @UseInterceptor(journal.interceptor('base method'))
  @Get('/inherited')
  inherited() {
    return { inherited: true };
  }

  @UseInterceptor(journal.interceptor('base method'))
  @Get('/overridden')
  overridden() {
    return {};
  }

  @UseInterceptor(Enveloping)
  @Get('/enveloped')
  async enveloped() {
    return { text: 'hello' };
  }

  @UseInterceptor(sharedInterceptor)
  @Get('/shared')
  shared() {
    return {};
  }

  @UseInterceptor(async (_action: Action, result: object) => ({ ...result, late: true }))
  @Get('/late')
  late() {
    return { text: 'hello' };
  }

  @UseInterceptor(() => {
    throw new RangeError('out of tune');
  })
  @Get('/failing')
  failing() {
    return {};
  }

  @UseInterceptor(() => undefined)
  @Get('/emptied')
  emptied() {
    return {};
  }
}

@UseInterceptor(journal.interceptor('derived class'))
@JsonController('/intercepted')
class Intercepted extends InterceptedBase {
  @UseInterceptor(journal.interceptor('derived method'))
  override overridden() {
    return {};
  }

  @UseInterceptor(sharedInterceptor)
  override shared() {
    return {};
  }
}

@UseInterceptor(journal.interceptor('own class'))
@JsonController('/own')
class Own {
  @UseInterceptor(journal.interceptor('own method'))
  @Authorized()
  @Get()
  own() {
    return {};
  }
}

@Interceptor()
class GlobalInterceptor implements InterceptorInterface {
  intercept(_action: Action, result: unknown) {
    journal.note('global');
    return result;
  }
}

interface Steps {
  readonly steps: readonly string[];
}

const step = (name: string) => (_action: Action, result: Steps) => ({ steps: [...result.steps, name] });

class BaseStep implements InterceptorInterface {
  async intercept(_action: Action, result: Steps) {
    return { steps: [...result.steps, 'base'] };
  }
}

@UseInterceptor(BaseStep)
class ChainedBase {
  @Get()
  steps(): Steps {
    return { steps: ['handler'] };
  }
}

@UseInterceptor(step('derived'))
@JsonController('/chained')
class Chained extends ChainedBase {
  @UseInterceptor(step('method'))
  override steps(): Steps {
    return super.steps();
  }
}

@JsonController('/unservable')
class Unservable {
  @Authorized(Symbol('unknown') as never)
  @Get()
  read() {
    return {};
  }
}

describe('middleware and interceptors of the classes that a controller extends', () => {
  silencingStderr();

  onEachSecureServer((start, framework) => {
    const manager = managerOf();
    const controllers = [Derived, Sibling, Intercepted, Own];
    const journalOf = async (path: string) => {
      const { client } = await start({ manager, controllers });
      journal.take();
      await client.get(path).set(bearer(tokenOf(manager)));
      return journal.take();
    };

    it('run around the handler: of classes before that of methods, of the base before that of the derived', async () => {
      expect(await journalOf('/inherited')).to.deep.equal([
        'before base class',
        'before derived class',
        'before base method',
        'handler',
        'after base class',
        'after derived class',
        'after base method',
      ]);
    });

    it('run before an override too, and before its own', async () => {
      expect((await journalOf('/overridden')).slice(0, 5)).to.deep.equal([
        'before base class',
        'before derived class',
        'before base method',
        'before derived method',
        'handler',
      ]);
    });

    it('do not run for a sibling', async () => {
      expect(await journalOf('/sibling/inherited')).not.to.include('before derived class');
    });

    it('may be classes', async () => {
      expect(await journalOf('/class')).to.include('a middleware class');
    });

    it('run once where a class and the one it extends both name them', async () => {
      expect((await journalOf('/shared')).filter((entry) => entry === 'shared')).to.have.length(1);
    });

    it('may refuse', async () => {
      const { client } = await start({ manager, controllers });
      const { status, body } = await client.get('/refusing');
      expect([status, body]).to.deep.equal([418, {}]);
    });

    it("which routing-controllers' own server forgets", async () => {
      const app = createApp(framework);
      const options = { ...nothingElse, controllers };
      if (framework === 'Koa') useKoaServer(app, { ...options, authorizationChecker: () => true });
      else useExpressServer(app, { ...options, authorizationChecker: () => true });
      const { body } = await (await listen(app)).client.get('/refusing');
      expect(body).to.deep.equal({ secret: true });
    });

    it("interceptors run a class's before a method's, and a base's before a derived class's", async () => {
      expect(await journalOf('/intercepted/inherited')).to.deep.equal(['base class', 'derived class', 'base method']);
      expect(await journalOf('/intercepted/overridden')).to.deep.equal([
        'base class',
        'derived class',
        'base method',
        'derived method',
      ]);
    });

    it('global interceptors run before inherited ones', async () => {
      const { client } = await start({ manager, controllers, interceptors: [GlobalInterceptor] });
      journal.take();
      await client.get('/intercepted/inherited');
      expect(journal.take()).to.deep.equal(['global', 'base class', 'derived class', 'base method']);
    });

    it('an inherited interceptor class gets what the interceptor before it returned', async () => {
      const { client } = await start({ manager, controllers: [Chained] });
      expect((await client.get('/chained')).body).to.deep.equal({ steps: ['handler', 'base', 'derived', 'method'] });
    });

    it('the metadata that all servers share is as it was afterwards', async () => {
      const before = getMetadataArgsStorage().filterInterceptorUsesWithTargetAndMethod;
      await start({ manager, controllers });
      expect(() => manager.useExpressServer(express(), { controllers: [Unservable] })).to.throw(ConfigurationError);
      expect(getMetadataArgsStorage().filterInterceptorUsesWithTargetAndMethod).to.equal(before);
    });

    it('interceptors run once where a class and the one it extends both name them', async () => {
      const entries = await journalOf('/intercepted/shared');
      expect(entries.filter((entry) => entry === 'shared interceptor')).to.have.length(1);
    });

    it("a controller's own run once", async () => {
      expect(await journalOf('/own')).to.deep.equal(['own class', 'own method']);
    });

    for (const [path, expected] of Object.entries({
      enveloped: { enveloped: { text: 'hello' } },
      late: { text: 'hello', late: true },
    })) {
      it(`interceptors change what is answered: ${path}`, async () => {
        const { client } = await start({ manager, controllers });
        expect((await client.get(`/intercepted/${path}`)).body).to.deep.equal(expected);
      });
    }

    it('an error of an interceptor is answered as any', async () => {
      const { client } = await start({ manager, controllers, development: false });
      const { status, body } = await client.get('/intercepted/failing');
      expect([status, body.name]).to.deep.equal([500, 'RangeError']);
    });

    it('undefined from an interceptor is 404, as from a handler', async () => {
      const { client } = await start({ manager, controllers });
      expect((await client.get('/intercepted/emptied')).status).to.equal(404);
    });
  });
});
