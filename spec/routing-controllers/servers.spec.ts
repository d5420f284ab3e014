import path from 'node:path';
import { expect } from 'chai';
import express from 'express';
import Koa from 'koa';
import { Authorized, CurrentUser, Get, JsonController } from 'routing-controllers';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { inChildProcess } from '../support/process';
import {
  type App,
  closeServers,
  createApp,
  type Framework,
  listen,
  nothingElse,
  onEachSecureServer,
} from '../support/servers';
import '../support/quiet-lost-guards';

@JsonController('/notes')
class Notes {
  @Authorized()
  @Get()
  list(@CurrentUser() account: Account) {
    return { of: account.email };
  }

  @Get('/open')
  open() {
    return { open: true };
  }
}

const manager = managerOf();
const options = { ...nothingElse, controllers: [Notes] };

/** The statuses of the open route, of the guarded one without a token, and with one; and what the last one says. */
async function tryNotes(app: App, prefix = '') {
  const { client } = await listen(app);
  const open = await client.get(`${prefix}/notes/open`);
  const refused = await client.get(`${prefix}/notes`);
  const letIn = await client.get(`${prefix}/notes`).set(bearer(tokenOf(manager)));
  return [open.status, refused.status, letIn.status, letIn.body];
}

const guarded = [200, 401, 200, { of: 'ada@example.com' }];

/** As `koa-mount` does it. */
function mounted(koa: Koa): Koa.Middleware {
  return (context, next) => {
    const call = (index: number): unknown => koa.middleware[index]?.(context, async () => call(index + 1)) ?? next();
    return call(0);
  };
}

describe('the functions that make servers', () => {
  afterEach(closeServers);

  for (const framework of ['Express 5', 'Express 4'] satisfies Framework[]) {
    it(`useExpressServer serves on an application of ${framework}, and returns it`, async () => {
      const app = createApp(framework);
      expect(manager.useExpressServer(app, options)).to.equal(app);
      expect(await tryNotes(app)).to.deep.equal(guarded);
    });
  }

  it('useKoaServer serves on an application of Koa, and returns it', async () => {
    const app = new Koa();
    expect(manager.useKoaServer(app, options)).to.equal(app);
    expect(await tryNotes(app)).to.deep.equal(guarded);
  });

  it('createExpressServer makes an application of its own', async () => {
    expect(await tryNotes(manager.createExpressServer(options))).to.deep.equal(guarded);
  });

  it('createKoaServer makes an application of its own', async () => {
    const app = manager.createKoaServer(options);
    expect(app).to.be.instanceOf(Koa);
    expect(await tryNotes(app)).to.deep.equal(guarded);
  });

  it('useExpressServer serves on a router of Express', async () => {
    const router = express.Router();
    manager.useExpressServer(router, options);
    expect(await tryNotes(express().use('/api', router), '/api')).to.deep.equal(guarded);
  });

  it('useExpressServer serves on an application that is mounted in another', async () => {
    const inner = manager.useExpressServer(express(), options);
    expect(await tryNotes(express().use('/inner', inner), '/inner')).to.deep.equal(guarded);
  });

  it('useExpressServer serves on an application that was mounted before', async () => {
    const inner = express();
    const outer = express().use('/inner', inner);
    manager.useExpressServer(inner, options);
    expect(await tryNotes(outer, '/inner')).to.deep.equal(guarded);
  });

  it('useKoaServer serves on an application that is mounted in another', async () => {
    const inner = manager.useKoaServer(new Koa(), options);
    expect(await tryNotes(new Koa().use(mounted(inner)))).to.deep.equal(guarded);
  });

  onEachSecureServer((start) => {
    it('take controllers by glob strings', async () => {
      const controllers = [path.join(__dirname, 'fixtures/*.controller.js')];
      const { client } = await start({ manager, controllers });
      expect((await client.get('/globbed/open')).body).to.deep.equal({ open: true });
      expect((await client.get('/globbed')).status).to.equal(401);
      expect((await client.get('/globbed').set(bearer(tokenOf(manager)))).body).to.deep.equal(['found']);
    });

    it('take globs and classes in one list', async () => {
      const controllers = [Notes, path.join(__dirname, 'fixtures/*.controller.js')] as string[];
      const { client } = await start({ manager, controllers });
      expect((await client.get('/globbed')).status).to.equal(401);
      expect((await client.get('/notes')).status).to.equal(401);
    });

    it('leave what is no route of theirs to the application', async () => {
      const { client } = await start({ manager, controllers: [Notes] });
      expect((await client.get('/elsewhere')).status).to.equal(404);
    });
  });

  it('serve every class of the process where no controllers are given, and none for an empty list', () => {
    const answers = inChildProcess(`result = await require('../routing-controllers/fixtures/every-class.js').main();`);
    const statuses = [401, 200];
    expect(answers).to.deep.equal({
      useExpressServer: statuses,
      useKoaServer: statuses,
      createExpressServer: statuses,
      createKoaServer: statuses,
      emptyList: [404, 404],
    });
  }).slow(2000);
});
