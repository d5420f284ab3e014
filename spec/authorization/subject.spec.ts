import { request } from 'node:http';
import { expect } from 'chai';
import {
  type Action,
  Authorized,
  Body,
  Get,
  getMetadataArgsStorage,
  JsonController,
  NotFoundError,
  Post,
  UseBefore,
} from 'routing-controllers';
import { allOf, anyOf } from '../../src/authorization/alternatives';
import { beforeBody, deny, policy } from '../../src/authorization/policy';
import { formatRoutes } from '../../src/authorization/route-table';
import { Subject, subject, takesSubject } from '../../src/authorization/subject';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { Public } from '../../src/index';
import { securedSpec } from '../../src/openapi/index';
import { provide } from '../../src/users/inject';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { rejection } from '../support/rejection';
import { type App, onEachSecureServer, onEachServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import { refusingUnhandledRejections } from '../support/unhandled';
import { until } from '../support/until';
import '../support/quiet-lost-guards';

interface Note {
  owner: string;
}

/** What was asked and loaded, in order. */
const log: string[] = [];

interface Asked {
  action: Action;
  params: Readonly<Record<string, string>>;
}

/** What a load or a policy does, by the query of the request. */
const outcomeOf = ({ action }: Asked, name: string): string => action.request.query[name] ?? '';

/** Waits for an answer that never comes, and gives up when the client has gone. */
const hang = ({ action }: Asked): Promise<never> =>
  new Promise((_, reject) => {
    (action.context?.res ?? action.response).once('close', () => {
      log.push('aborted');
      reject(new Error('the client has gone'));
    });
  });

const load = (context: Asked): Note | null | Promise<never> => {
  log.push(`load ${context.params.id}`);
  switch (outcomeOf(context, 'note')) {
    case 'missing':
      return null;
    case 'throws':
      throw new Error('the database is down');
    case 'hangs':
      return hang(context);
    default:
      return { owner: context.params.id as string };
  }
};
const noteOfRoute = subject(async (context) => load(context));
const hiddenNote = subject((context) => load(context), { hidden: true });

const answer = (name: string, context: Asked, usual: boolean) => {
  log.push(name);
  switch (outcomeOf(context, name)) {
    case 'yes':
      return true;
    case 'no':
      return false;
    case 'deny':
      return deny('closed');
    case 'throws':
      throw new Error('broken');
    case 'text':
      return 'yes' as unknown as boolean;
    case 'hangs':
      return hang(context);
    default:
      return usual;
  }
};
const isOwner = policy(
  'isOwner',
  (user: Account, context: Asked & { note: Note }) => answer('isOwner', context, context.note.owner === user.email),
  { note: noteOfRoute },
);
const isHiddenOwner = policy(
  'isHiddenOwner',
  (user: Account, context) => answer('isHiddenOwner', context, context.note.owner === user.email),
  { note: hiddenNote },
);
const isOpen = policy('isOpen', async (_user: Account, context) => answer('isOpen', context, true));
const isEarly = beforeBody(policy('isEarly', (_user: Account, context) => answer('isEarly', context, true)));
const isEarlyOwner = beforeBody(isHiddenOwner);

/** A middleware of the application that asks by hand what the route asks afterwards. */
async function asksFirst(request: App, response: App, next?: App) {
  await manager.can(request, isHiddenOwner);
  return (next ?? response)();
}

const manager = managerOf();

@JsonController()
class Notes {
  @Authorized(['notes', isOwner])
  @Get('/visible/:id')
  visible(@Subject(noteOfRoute) note: Note) {
    log.push('handler');
    return note;
  }

  @Authorized(['notes', isHiddenOwner])
  @Get('/hidden/:id')
  hidden(@Subject(hiddenNote) note: Note) {
    log.push('handler');
    return note;
  }

  @Authorized(anyOf(isOwner, 'admin', allOf('editor', isOpen)))
  @Get('/any/:id')
  any() {
    return {};
  }

  @Authorized([isOwner, anyOf('admin', isOwner, isOpen), allOf(isOpen, isOwner)])
  @Get('/twice/:id')
  twice() {
    return {};
  }

  @Authorized(anyOf(isOpen, isEarly))
  @Post('/early/:id')
  early(@Body() body: object) {
    return body;
  }

  @Authorized(anyOf(isEarlyOwner, isOpen))
  @Post('/early-hidden/:id')
  earlyHidden(@Body() body: object) {
    return body;
  }

  @Authorized(isHiddenOwner)
  @UseBefore(asksFirst)
  @Get('/asked/:id')
  asked() {
    return {};
  }

  @Authorized([isOwner, isHiddenOwner])
  @Get('/of/:project/notes/:id')
  nested(@Subject(noteOfRoute) visible: Note, @Subject(hiddenNote) hidden: Note) {
    return [visible, hidden];
  }

  @Public()
  @Get('/public/:id')
  public(@Subject(noteOfRoute) note: Note) {
    return note;
  }
}

const POLICIES_OF_ROUTES = [
  ['visible', 'isOwner'],
  ['hidden', 'isHiddenOwner'],
] as const;
const ANSWERS = ['yes', 'no', 'deny', 'throws', 'text', 'hangs'] as const;

/** Everything that a subject and a policy can do, but for what hangs. */
const COMBINATIONS = (['there', 'missing', 'throws'] as const).flatMap((note) =>
  ANSWERS.filter((said) => note !== 'there' || said !== 'hangs').map((said) => [note, said] as const),
);
const HANGING = [['there', 'hangs'], ...ANSWERS.map((said) => ['hangs', said] as const)] as const;

/** What the contract says. */
function statusOf(route: 'visible' | 'hidden', note: string, said: (typeof ANSWERS)[number]): number {
  if (note !== 'there') return note === 'missing' ? 404 : 500;
  const statuses = { yes: 200, no: 403, deny: 403, throws: 500, text: 500, hangs: 0 };
  return route === 'hidden' && statuses[said] === 403 ? 404 : statuses[said];
}

const ada = 'ada@example.com';
const options = { controllers: [Notes] };

describe('policies about things', () => {
  silencingStderr();
  refusingUnhandledRejections();
  beforeEach(() => {
    log.length = 0;
  });

  onEachServer((start, framework, kind) => {
    const get = async (path: string, scopes = ['notes']) => {
      const { client } = await start({ manager, ...options });
      return client.get(path).set(bearer(tokenOf(manager, ada, scopes)));
    };

    for (const [route, name] of POLICIES_OF_ROUTES) {
      for (const [note, said] of COMBINATIONS) {
        const expected = statusOf(route, note, said);
        it(`answers ${expected} for a ${route} note: it is ${note}, the policy says ${said}`, async () => {
          const response = await get(`/${route}/${ada}?note=${note}&${name}=${said}`);
          expect(response.status, response.text).to.equal(expected);
          expect(log).to.deep.equal([
            `load ${ada}`,
            ...(note === 'there' ? [name] : []),
            ...(expected === 200 ? ['handler'] : []),
          ]);
          expect(response.text).not.to.contain('closed');
        });
      }

      for (const [note, said] of HANGING) {
        it(`runs no handler for a ${route} note until the client has gone: it is ${note}, the policy says ${said}`, async () => {
          const { url, client } = await start({ manager, ...options });
          const headers = bearer(tokenOf(manager, ada, ['notes']));
          const sent = request(`${url}/${route}/${ada}?note=${note}&${name}=${said}`, { headers });
          sent.on('error', () => undefined).end();
          const asked = note === 'hangs' ? [`load ${ada}`] : [`load ${ada}`, name];
          await until(() => log.length === asked.length);
          sent.destroy();
          await until(() => log.includes('aborted'));
          expect((await client.get('/public/7')).status).to.equal(200); // and the process lives
          expect(log).to.deep.equal([...asked, 'aborted', 'load 7']);
        });
      }
    }

    it('tells the same of a hidden note that is missing and of one that is refused', async () => {
      const missing = await get(`/hidden/${ada}?note=missing`);
      const refused = await get('/hidden/bob@example.com');
      expect(refused.body).to.deep.equal(missing.body).and.deep.equal({
        name: 'NotFoundError',
        message: 'Not found',
        code: 'not_found',
      });
    });

    it('tells no header of a hidden note that is refused', async () => {
      const headersOf = async (path: string) => {
        const { headers } = await get(path);
        return { ...headers, date: '' };
      };
      expect(await headersOf('/hidden/bob@example.com')).to.deep.equal(await headersOf(`/hidden/${ada}?note=missing`));
    });

    it('hides a note from who was refused before the route asked', async () => {
      const { client } = await start({ manager, ...options });
      const statusWith = async (query: string) =>
        (await client.get(`/asked/bob?${query}`).set(bearer(tokenOf(manager, ada)))).status;
      expect(await statusWith('')).to.equal(404);
      expect(await statusWith('note=missing')).to.equal(404);
    });

    it('loads nothing for who lacks the scope', async () => {
      expect((await get(`/visible/${ada}`, [])).status).to.equal(403);
      expect(log).to.deep.equal([]);
    });

    for (const [name, path, scopes, status, asked] of [
      ['asks nothing of who has a scope that suffices', '/any/bob', ['admin'], 200, []],
      ['asks from left to right until one agrees', `/any/${ada}`, ['editor'], 200, ['load', 'isOwner']],
      ['asks the next where one refuses', '/any/bob', ['editor'], 200, ['load', 'isOwner', 'isOpen']],
      ['asks nothing of a group whose scope is missing', '/any/bob', [], 403, ['load', 'isOwner']],
      ['asks each policy once', `/twice/${ada}`, [], 200, ['load', 'isOwner', 'isOpen']],
      ['asks nothing more once one refuses', '/twice/bob', [], 403, ['load', 'isOwner']],
    ] as const) {
      it(name, async () => {
        const { status: answered } = await get(path, [...scopes]);
        expect(answered).to.equal(status);
        expect(log.map((line) => line.split(' ')[0])).to.deep.equal(asked);
      });
    }

    it('gives subjects to public routes, too', async () => {
      const { client } = await start({ manager, ...options });
      expect((await client.get('/public/7')).body).to.deep.equal({ owner: '7' });
      expect((await client.get('/public/7?note=missing')).status).to.equal(404);
    });

    it('mixes no two requests', async () => {
      const { client } = await start({ manager, ...options });
      const ids = Array.from({ length: 20 }, (_, index) => `${index}`);
      const answers = await Promise.all(ids.map((id) => client.get(`/public/${id}`)));
      expect(answers.map(({ body }) => body.owner)).to.deep.equal(ids);
    });

    if (framework !== 'Koa') {
      it('mixes no two subjects and no two routes that one request comes to', async () => {
        const before = (app: App) => app.use('/of/:id', manager.guard(isOwner));
        const { client } = await start({ manager, ...options, before });
        const call = (project: string, note: string) =>
          client.get(`/of/${project}/notes/${note}`).set(bearer(tokenOf(manager, ada)));
        expect((await call(ada, ada)).body).to.deep.equal([{ owner: ada }, { owner: ada }]);
        const ofRoute = [`load ${ada}`, `load ${ada}`, 'isOwner', 'isHiddenOwner'];
        expect(log.splice(0)).to.deep.equal([`load ${ada}`, 'isOwner', ...ofRoute]);
        expect((await call('bob', ada)).status).to.equal(403);
        expect(log.splice(0)).to.deep.equal(['load bob', 'isOwner']);
        expect((await call(ada, 'bob')).status).to.equal(404);
        expect(log.splice(0)).to.deep.equal([`load ${ada}`, 'isOwner', 'load bob', 'load bob', 'isOwner']);
      });
    }

    if (kind === 'secure') {
      it('asks an alternative before the body where it needs none', async () => {
        const { client } = await start({ manager, ...options });
        const post = (query: string) =>
          client
            .post(`/early/1?${query}`)
            .set(bearer(tokenOf(manager, ada)))
            .send({ a: 1 });
        expect((await post('')).status).to.equal(200);
        expect(log.splice(0)).to.deep.equal(['isEarly']);
        expect((await post('isEarly=no')).status).to.equal(200);
        expect(log.splice(0)).to.deep.equal(['isEarly', 'isOpen']);
        expect((await post('isEarly=no&isOpen=no')).status).to.equal(403);
      });

      it('hides a note from who was refused before the body and after it', async () => {
        const { client } = await start({ manager, ...options });
        const statusWith = async (query: string) => {
          const headers = bearer(tokenOf(manager, ada));
          return (await client.post(`/early-hidden/bob?isOpen=no&${query}`).set(headers).send({ a: 1 })).status;
        };
        expect(await statusWith('')).to.equal(404);
        expect(await statusWith('note=missing')).to.equal(404);
      });
    }
  });

  onEachSecureServer((start) => {
    it('tells the events why a policy refused', async () => {
      const { subscribe, unsubscribe } = await import('node:diagnostics_channel');
      const reasons: unknown[] = [];
      const listener = (message: unknown) => {
        const { error } = message as { error: { reason?: string; cause?: unknown } };
        reasons.push([error.reason, error.cause]);
      };
      subscribe('routing-controllers-login:refused', listener);
      const { client } = await start({ manager, ...options });
      await client.get(`/visible/${ada}?isOwner=deny`).set(bearer(tokenOf(manager, ada, ['notes'])));
      unsubscribe('routing-controllers-login:refused', listener);
      expect(reasons).to.deep.equal([['closed', 'isOwner: closed']]);
    });
  });

  it('stands in routes(), in its table and in the document', () => {
    const routes = manager.routes(options);
    expect(routes.find(({ action }) => action === 'any')).to.deep.include({
      scopes: [],
      anyOf: [['admin', 'isOwner()', 'allOf(editor, isOpen())']],
      policies: [],
    });
    expect(formatRoutes(routes)).to.contain('admin | isOwner() | allOf(editor, isOpen())');
    const { paths } = securedSpec(manager, getMetadataArgsStorage(), options);
    const { security, description, responses } = paths['/any/{id}'].get;
    expect(security).to.deep.equal([
      { OAuth2PasswordBearer: ['admin'] },
      { OAuth2PasswordBearer: [] },
      { OAuth2PasswordBearer: ['editor'] },
    ]);
    expect(description).to.equal('Needs one of: `admin`, `isOwner()`, `allOf(editor, isOpen())`.');
    expect(responses).to.include.keys('401', '403', '404');
    expect(paths['/public/{id}'].get.responses).to.include.keys('404').and.not.include.keys('403');
  });

  it('gets extras that are provided for the request, and plain values', async () => {
    const tenant = provide((action) => action?.request.headers.host as string);
    const isLocal = policy('isLocal', (_user: Account, { host, port }) => host === `local:${port}`, {
      host: tenant,
      port: 7,
    });
    const request = (host: string) => ({ headers: { host, ...lower(bearer(tokenOf(manager))) } }) as never;
    expect(await manager.authenticate(request('local:7'), isLocal)).to.have.property('user');
    expect(await manager.optional(request('local:8'), isLocal).catch(({ code }) => code)).to.equal('policy_denied');
  });

  describe('by hand', () => {
    const requestWith = (query = {}) =>
      ({ headers: lower(bearer(tokenOf(manager, ada, ['notes']))), params: { id: ada }, query }) as never;
    const [mine, yours] = [{ owner: ada }, { owner: 'bob@example.com' }];

    it('is asked of things that are found on the way, without a load', async () => {
      const one = requestWith();
      expect(await manager.can(one, isOwner, { note: mine })).to.equal(true);
      expect(await manager.can(one, isOwner, { note: yours })).to.equal(false);
      expect(await manager.can(one, ['notes', anyOf('admin', isOwner)], { note: yours })).to.equal(false);
      expect(log).to.deep.equal(['isOwner', 'isOwner', 'isOwner']);
    });

    it('throws as the checker does', async () => {
      const refusal = (role: typeof isOwner) =>
        manager.authorize(requestWith(), role, { note: yours }).catch(({ code }) => code);
      expect(await refusal(isOwner)).to.equal('policy_denied');
      expect(await refusal(isHiddenOwner)).to.equal('not_found');
      expect(await manager.authorize(requestWith(), isOwner, { note: mine })).to.have.property('user');
    });

    it('loads the subject of the route where none is given, once', async () => {
      const one = requestWith();
      expect(await manager.can(one, isOwner)).to.equal(true);
      await manager.authorize(one, anyOf('admin', isOwner));
      expect(log).to.deep.equal([`load ${ada}`, 'isOwner']);
    });

    it('is false for a subject that is missing, and for nobody', async () => {
      expect(await manager.can(requestWith({ note: 'missing' }), isOwner)).to.equal(false);
      expect(await manager.can({ headers: {} } as never, [])).to.equal(false);
    });

    it('passes the errors of the application on', async () => {
      const error = await manager.can(requestWith({ isOwner: 'throws' }), isOwner).catch((reason) => reason);
      expect(error).to.have.property('message', 'broken');
    });

    for (const [name, call] of [
      ['roles that are undefined', () => manager.can(requestWith(), undefined as never)],
      ['a context that is a list', () => manager.authorize(requestWith(), isOwner, [mine] as never)],
      ['an action', () => manager.can({ request: {} } as never, isOwner)],
    ] as const) {
      it(`refuses ${name}`, async () => {
        expect(await call().catch((reason) => reason)).to.be.instanceOf(ConfigurationError);
      });
    }
  });

  it('is a boolean where a policy is called by itself', () => {
    const isClosed = policy('isClosed', () => deny('closed'));
    expect(isClosed({}, { request: {}, response: {} }, { sub: '', exp: 0 })).to.equal(false);
  });

  it('is 404 by an error of routing-controllers', async () => {
    const missing = subject(() => null);
    const isThere = policy('isThere', () => true, { missing });
    const request = { headers: lower(bearer(tokenOf(manager))) } as never;
    const error = await manager.authenticate(request, isThere).catch((reason) => reason);
    expect(error).to.be.instanceOf(NotFoundError);
  });

  for (const [name, make, message] of [
    ['an extra with a name of its own', () => policy('p', () => true, { params: 1 }), "gets 'params' anyway"],
    ['extras that are a list', () => policy('p', () => true, [] as never), 'must be an object'],
    ['a subject without a function', () => subject({} as never), 'subject() requires a function that loads it'],
    ['a subject of nothing', () => subject(undefined as never), 'subject() requires a function that loads it'],
    ['null for its extras', () => subject(null as never, () => 1), 'subject() requires a function that loads it'],
    ['a text for its extras', () => subject('notes' as never, () => 1), 'subject() requires a function that loads it'],
    ['an unknown option of a subject', () => subject(() => 1, { hiden: true } as never), "subject() has no 'hiden'"],
    ['a hidden that is no boolean', () => subject(() => 1, { hidden: 1 } as never), 'hidden must be'],
    ['a parameter of something else', () => Subject({} as never), '@Subject() requires what subject(…) returns'],
    ['a parameter of nothing', () => Subject(undefined as never), 'check for a circular import'],
    ['an empty word', () => deny(''), 'deny() requires a word'],
    ['nothing at all', () => allOf(), 'allOf() requires at least one'],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(make)
        .to.throw(ConfigurationError, message)
        .with.property('message')
        .that.matches(/docs\/troubleshooting\.md#(routes-and-decorators|invalid-options)$/);
    });
  }

  describe('by itself', () => {
    const payload = { sub: 'ada', exp: 0 };
    const actionOf = (params: object = { id: '7' }) => ({ request: { params }, response: {} }) as unknown as Action;

    it('is loaded with the request, the claims, the parameters and its extras', async () => {
      const action = actionOf();
      const seen: unknown[] = [];
      const one = subject({ extra: 'plain' }, (context) => {
        seen.push(context);
        return 'found';
      });
      expect(await one.load({ action, payload })).to.equal('found');
      expect(seen).to.deep.equal([{ action, payload, params: { id: '7' }, extra: 'plain' }]);
      expect(one.isHidden).to.equal(false);
    });

    it('is loaded once for each route that a request comes to, and again for another request', async () => {
      let loads = 0;
      const one = subject(async () => ++loads);
      const action = actionOf();
      expect([await one.load({ action, payload }), await one.load({ action, payload })]).to.deep.equal([1, 1]);
      action.request.params = { id: '8' };
      expect(await one.load({ action, payload })).to.equal(2);
      expect(await one.load({ action: actionOf(), payload })).to.equal(3);
    });

    it('is missing if it is null or undefined, and nothing else is', async () => {
      const action = actionOf();
      for (const missing of [null, undefined, Promise.resolve(null), Promise.resolve(undefined)]) {
        const error = await rejection(Promise.resolve(subject(() => missing).load({ action, payload })));
        expect(error).to.include({ message: 'Not found', cause: 'the subject of the route is missing' });
        expect(error).to.have.property('httpCode', 404);
      }
      for (const found of [0, '', false, Number.NaN])
        expect(Object.is(await subject(() => found).load({ action, payload }), found), `${found}`).to.equal(true);
    });

    it('passes on what its load throws, each time, without loading again', async () => {
      let loads = 0;
      const reason = new Error('database');
      const action = actionOf();
      const one = subject(() => {
        loads += 1;
        throw reason;
      });
      for (let time = 0; time < 2; time++)
        expect(await rejection(Promise.resolve(one.load({ action, payload })))).to.equal(reason);
      expect(loads).to.equal(1);
    });

    it('leaves no rejection to nobody, if it is not awaited', async () => {
      subject(() => Promise.reject(new Error('database'))).load({ action: actionOf(), payload });
    });

    it('belongs to a request', () => {
      expect(() => subject(() => 1).load({ action: undefined, payload })).to.throw(
        ConfigurationError,
        'A subject belongs to a request; here is none',
      );
    });

    it('is an extra of others, and hides them if it is hidden itself', async () => {
      const inner = subject(() => 'inner', { hidden: true });
      const outer = subject({ plain: 1, inner }, ({ inner: found }) => `outer of ${found}`);
      expect(await outer.load({ action: actionOf(), payload })).to.equal('outer of inner');
      expect([inner.isHidden, outer.isHidden]).to.deep.equal([true, true]);
    });

    it('is told from what other parameters take', () => {
      const one = subject(() => 1);
      class Handlers {
        show(found: number, other: string) {
          return { found, other };
        }
      }
      Subject(one)(Handlers.prototype, 'show', 0);
      const { params } = getMetadataArgsStorage();
      const transforms = params.filter(({ object }) => object === Handlers.prototype);
      expect(transforms.map((param) => takesSubject(param))).to.deep.equal([true]);
      for (const transform of [undefined, () => 1, 'text', {}]) expect(takesSubject({ transform })).to.equal(false);
    });
  });

  it('is hidden, too, if a hidden subject is among its extras', () => {
    const ofHidden = subject({ note: hiddenNote }, ({ note }) => note);
    const ofVisible = subject({ note: noteOfRoute }, ({ note }) => note);
    expect([ofHidden.isHidden, ofVisible.isHidden]).to.deep.equal([true, false]);
  });
});

function lower({ Authorization }: { Authorization: string }) {
  return { authorization: Authorization };
}
