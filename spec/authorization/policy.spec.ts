import { expect } from 'chai';
import {
  Authorized,
  Body,
  Get,
  getMetadataArgsStorage,
  JsonController,
  Param,
  Post,
  UploadedFile,
} from 'routing-controllers';
import { beforeBody, policy } from '../../src/authorization/policy';
import type { PolicyContext } from '../../src/authorization/policy-context';
import { formatRoutes } from '../../src/authorization/route-table';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { securedSpec } from '../../src/openapi/secured-spec';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { nothingElse, onEachServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const contexts: PolicyContext[] = [];
const isOwner = policy('is owner', async (account: Account, context) => {
  contexts.push(context);
  return context.params.email === account.email;
});
const answersText = policy('answers text', (() => 'yes') as never);

/** A storage of multer: what it is asked to keep is counted. */
const stored: string[] = [];
const storage = {
  _handleFile(
    _request: unknown,
    file: { stream: NodeJS.ReadableStream; originalname: string },
    done: (error: null, info: object) => void,
  ) {
    stored.push(file.originalname);
    file.stream.resume().on('end', () => done(null, {}));
  },
  _removeFile(_request: unknown, _file: unknown, done: (error: null) => void) {
    done(null);
  },
};

const bodies: unknown[] = [];
const mayUpload = beforeBody(
  policy('mayUpload', (account: Account, { action }) => {
    bodies.push(action.request.body);
    return account.admin;
  }),
);
const mayWrite = policy('mayWrite', (account: Account, { action }) => {
  bodies.push(action.request.body);
  return account.admin;
});

@JsonController()
class Routes {
  @Authorized(isOwner)
  @Get('/accounts/:email')
  account(@Param('email') email: string) {
    return { email };
  }

  @Authorized(answersText)
  @Get('/text')
  text() {
    return {};
  }

  @Authorized(mayUpload)
  @Post('/photos')
  upload(@UploadedFile('photo', { options: { storage } }) photo: { originalname: string }) {
    return { name: photo.originalname };
  }

  @Authorized(mayUpload)
  @Post('/early')
  early(@Body() body: object) {
    return { body };
  }

  @Authorized([mayWrite, mayUpload])
  @Post('/both')
  both(@Body() body: object) {
    return { body };
  }
}

const controllers = [Routes];

describe('policy', () => {
  silencingStderr();

  onEachServer((start) => {
    it('gets the user, the action, the payload and the path parameters', async () => {
      const manager = managerOf();
      const { client } = await start({ manager, controllers });
      contexts.length = 0;
      const headers = bearer(tokenOf(manager, 'bob@example.com'));
      expect((await client.get('/accounts/bob@example.com').set(headers)).status).to.equal(200);
      expect((await client.get('/accounts/ada@example.com').set(headers)).body.code).to.equal('policy_denied');
      expect(contexts.map(({ params }) => params.email)).to.deep.equal(['bob@example.com', 'ada@example.com']);
      expect(contexts[0]?.payload.sub).to.equal('bob@example.com');
      expect(contexts[0]?.action.request.url).to.equal('/accounts/bob@example.com');
    });

    it('is named by the error that says it returned no boolean', async () => {
      const manager = managerOf();
      const { client } = await start({ manager, controllers });
      const { status, body } = await client.get('/text').set(bearer(tokenOf(manager)));
      expect(status).to.equal(500);
      expect(body.message).to.include('The policy answers text must return true or false, or a promise of it');
    });
  });

  it('shows its name in routes() and formatRoutes()', () => {
    const routes = managerOf().routes({ controllers });
    expect(routes.map(({ policies }) => policies)).to.deep.equal([
      ['is owner'],
      ['mayWrite', 'mayUpload'],
      ['mayUpload'],
      ['mayUpload'],
      ['answers text'],
    ]);
    expect(formatRoutes(routes)).to.include('is owner()');
  });

  it('shows its name in the OpenAPI document', () => {
    const { paths } = securedSpec(managerOf(), getMetadataArgsStorage(), { controllers, ...nothingElse });
    expect(paths['/accounts/{email}']?.get?.description).to.equal('Needs `is owner`.');
  });

  it('has no parameters for a request that no route took', async () => {
    const manager = managerOf();
    const request = { headers: { authorization: `Bearer ${tokenOf(manager)}` } };
    let params: unknown;
    await manager.authenticate(
      request as never,
      policy('by hand', (_user, context) => {
        params = context.params;
        return true;
      }),
    );
    expect(params).to.deep.equal({});
  });

  for (const [name, args] of Object.entries<unknown[]>({
    'an empty name': ['', () => true],
    'no name': [() => true],
    'no function': ['isOwner'],
    'undefined for a function': ['isOwner', undefined],
  })) {
    it(`refuses ${name}`, () => {
      expect(() => policy(...(args as Parameters<typeof policy>))).to.throw(ConfigurationError, 'policy() requires');
    });
  }
});

describe('beforeBody', () => {
  onEachServer((start, _framework, kind) => {
    const upload = async (email: string) => {
      const manager = managerOf();
      const { client } = await start({ manager, controllers });
      stored.length = 0;
      return client
        .post('/photos')
        .set(bearer(tokenOf(manager, email)))
        .attach('photo', Buffer.alloc(200_000), 'a.png');
    };

    it('stores no upload of a user whom the policy denies', async () => {
      const { status, body } = await upload('bob@example.com');
      expect([status, body.code]).to.deep.equal([403, 'policy_denied']);
      expect(stored).to.deep.equal([]);
    });

    it('stores the upload of a user whom the policy accepts', async () => {
      const { status, body } = await upload('ada@example.com');
      expect([status, body]).to.deep.equal([200, { name: 'a.png' }]);
      expect(stored).to.deep.equal(['a.png']);
    });

    if (kind === 'own') return;

    it('runs before the body is read, and the other policies after it', async () => {
      const manager = managerOf();
      const { client } = await start({ manager, controllers });
      const headers = bearer(tokenOf(manager));
      for (const [path, seen] of [
        ['/early', [undefined]],
        ['/both', [undefined, { a: 1 }]],
      ] as const) {
        bodies.length = 0;
        const { body } = await client.post(path).set(headers).send({ a: 1 });
        expect(body).to.deep.equal({ body: { a: 1 } });
        expect(bodies.map((one) => one && JSON.parse(JSON.stringify(one)))).to.deep.equal(seen);
      }
    });

    it('denies before a malformed body is found', async () => {
      const manager = managerOf();
      const { client } = await start({ manager, controllers });
      const headers = { ...bearer(tokenOf(manager, 'bob@example.com')), 'Content-Type': 'application/json' };
      expect((await client.post('/early').set(headers).send('{bad')).status).to.equal(403);
    });
  });

  it('returns the same policy for the same policy, so that class and method ask it once', () => {
    expect(beforeBody(mayWrite)).to.equal(beforeBody(mayWrite));
    expect(beforeBody(mayUpload)).to.equal(mayUpload);
  });

  it('keeps the name of the policy', () => {
    expect(mayUpload.name).to.equal('mayUpload');
  });

  for (const value of [undefined, null, 'scope']) {
    it(`refuses ${value}`, () => {
      expect(() => beforeBody(value as never)).to.throw(ConfigurationError, 'beforeBody() requires a policy');
    });
  }
});
