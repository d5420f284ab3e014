import { expect } from 'chai';
import {
  type Action,
  Authorized,
  Body,
  CurrentUser,
  JsonController,
  Middleware,
  Post,
  UploadedFile,
  UseBefore,
} from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { type Account, SECRET } from '../support/accounts';
import { bearer } from '../support/http';
import { bodySeenBy, Journal, userSeenBy } from '../support/journal';
import { type App, onEachSecureServer, type RunningServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

const journal = new Journal();

@Middleware({ type: 'before' })
class Before {
  use(...args: App[]): unknown {
    journal.note('global middleware');
    return args.at(-1)();
  }
}

function own(...args: App[]): unknown {
  journal.note(`own middleware for ${userSeenBy(args)?.email}, body ${JSON.stringify(bodySeenBy(args))}`);
  return args.at(-1)();
}

class OwnClass {
  use(...args: App[]): unknown {
    return own(...args);
  }
}

async function policy(account: Account, { request }: Action): Promise<boolean> {
  journal.note(`policy for ${account.email}, body ${JSON.stringify(request.body)}`);
  return request.body?.allowed !== false;
}

@UseBefore(own)
@JsonController()
class Routes {
  @Authorized(['write', policy])
  @Post('/notes')
  create(@Body() body: object, @CurrentUser() account: Account) {
    journal.note(`handler for ${account.email}, body ${JSON.stringify(body)}`);
    return {};
  }

  @Authorized('write')
  @Post('/upload')
  upload(@UploadedFile('file') file: { originalname: string }) {
    journal.note(`handler with ${file.originalname}`);
    return {};
  }
}

@JsonController()
class CheckedUploads {
  @Authorized(['write', policy])
  @Post('/checked-upload')
  upload(@UploadedFile('file') file: { originalname: string }) {
    journal.note(`handler with ${file.originalname}`);
    return {};
  }
}

@UseBefore(OwnClass)
@JsonController('/classes')
class RoutesOfClasses {
  @Authorized()
  @Post()
  create(@Body() body: object) {
    return { body };
  }
}

describe('the order in which a request is served', () => {
  silencingStderr();

  const manager = new LoginManager<Account>(SECRET, '/login');
  manager.userLoader()((email: string) => {
    journal.note(`login of ${email}`);
    return email === 'eve@example.com' ? null : { email, admin: false };
  });
  const token = (scopes: string[] = [], sub = 'ada@example.com') =>
    bearer(manager.createAccessToken({ data: { sub }, scopes }));

  onEachSecureServer((start) => {
    let server: RunningServer;

    beforeEach(async () => {
      server = await start({ manager, controllers: [Routes, RoutesOfClasses, CheckedUploads], middlewares: [Before] });
      journal.take();
    });

    const post = (headers: Record<string, string>, body: object | string = { text: 'hello' }) => {
      return server.client.post('/notes').set(headers).type('json').send(body);
    };

    it('is global middleware, login, own middleware with the user, body, policies with it, handler', async () => {
      expect((await post(token(['write']))).status).to.equal(200);
      const body = '{"text":"hello"}';
      expect(journal.take()).to.deep.equal([
        'global middleware',
        'login of ada@example.com',
        'own middleware for ada@example.com, body undefined',
        `policy for ada@example.com, body ${body}`,
        `handler for ada@example.com, body ${body}`,
      ]);
    });

    it('stops at the login for nobody', async () => {
      expect((await post({})).status).to.equal(401);
      expect(journal.take()).to.deep.equal(['global middleware']);
    });

    it('stops at the login for somebody who is unknown', async () => {
      expect((await post(token(['write'], 'eve@example.com'))).status).to.equal(401);
      expect(journal.take()).to.deep.equal(['global middleware', 'login of eve@example.com']);
    });

    it('stops there for who lacks a scope', async () => {
      expect((await post(token(['read']))).status).to.equal(403);
      expect(journal.take()).to.deep.equal(['global middleware', 'login of ada@example.com']);
    });

    it('stops at the policy that says no', async () => {
      expect((await post(token(['write']), { allowed: false })).status).to.equal(403);
      expect(journal.take().at(-1)).to.equal('policy for ada@example.com, body {"allowed":false}');
    });

    it('stops at a malformed body, of which no policy hears', async () => {
      expect((await post(token(['write']), '{bad')).status).to.equal(400);
      expect(journal.take().at(-1)).to.equal('own middleware for ada@example.com, body undefined');
    });

    it('is a malformed body of 400 behind a middleware class, too', async () => {
      const { status } = await server.client.post('/classes').set(token()).type('json').send('{bad');
      expect(status).to.equal(400);
    });

    it('is a body that is too large of 413 behind a middleware class, too', async () => {
      const text = 'x'.repeat(2_000_000);
      const { status } = await server.client.post('/classes').set(token()).send({ text });
      expect(status).to.equal(413);
    });

    it('is the fields of an upload, then the policies', async () => {
      const upload = server.client.post('/checked-upload').set(token(['write']));
      await upload.field('allowed', 'yes').attach('file', Buffer.from('hello'), 'a.txt');
      expect(journal.take().slice(-2)).to.deep.equal([
        'policy for ada@example.com, body {"allowed":"yes"}',
        'handler with a.txt',
      ]);
    });

    it('takes an upload after the own middleware', async () => {
      await server.client
        .post('/upload')
        .set(token(['write']))
        .attach('file', Buffer.from('hello'), 'a.txt');
      const [, , ownMiddleware, handler] = journal.take();
      expect([ownMiddleware?.startsWith('own middleware for ada'), handler]).to.deep.equal([
        true,
        'handler with a.txt',
      ]);
    });
  });
});
