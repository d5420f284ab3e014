import { expect } from 'chai';
import { Authorized, Controller, Get, JsonController } from 'routing-controllers';
import { NotAuthenticatedError } from '../../src/errors/not-authenticated-error';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { rejection } from '../support/rejection';
import { onEachServer, ownErrorHandling } from '../support/servers';

@JsonController()
class Json {
  @Authorized()
  @Get('/json')
  get() {
    return {};
  }
}

@Controller()
class Text {
  @Authorized()
  @Get('/text')
  get() {
    return 'text';
  }
}

const SECRET_CAUSE = 'for the developer alone';

/** An application that does not hide the cause of its exceptions. */
class Loud extends Error {
  constructor(message: string) {
    super(message);
    this.cause = SECRET_CAUSE;
  }
}

describe('the cause of an error', () => {
  describe('of a token that was revoked', () => {
    const revoking = () => managerOf({ sessionStore: new MemorySessionStore() });

    it('says that it is the token', async () => {
      const manager = revoking();
      const token = tokenOf(manager);
      await manager.revoke(token);
      expect(await rejection(manager.getCurrentUser(token))).to.include({ cause: 'the token was revoked' });
      expect(await rejection(manager.hasScopes(token, 'a'))).to.include({ cause: 'the token was revoked' });
    });

    it('says that it is the session', async () => {
      const manager = revoking();
      const sub = 'ada@example.com';
      const { access_token, refresh_token } = await manager.createTokenResponse({ data: { sub }, refresh: true });
      await manager.revoke(refresh_token as string);
      expect(await rejection(manager.getCurrentUser(access_token))).to.include({
        cause: 'the session of the token has ended',
      });
    });

    it('says that it is the subject', async () => {
      const manager = revoking();
      const token = tokenOf(manager);
      await manager.revokeAll('ada@example.com');
      expect(await rejection(manager.getCurrentUser(token))).to.include({
        cause: 'all sessions of the subject were revoked',
      });
    });
  });

  it('says that the loader found nobody', async () => {
    const manager = managerOf();
    const error = await rejection(manager.getCurrentUser(tokenOf(manager, 'gone@example.com')));
    expect(error.cause).to.equal('the user loader found no user for the subject of the token');
  });

  onEachServer((start, framework) => {
    for (const path of ['/json', '/text']) {
      for (const [name, exception] of [
        ["the library's error", undefined],
        ['a class that shows its cause', Loud],
        [
          "the library's error, changed",
          (error: NotAuthenticatedError) => Object.assign(error, { cause: SECRET_CAUSE }),
        ],
        ["another of the library's errors", () => new NotAuthenticatedError('closed', { cause: SECRET_CAUSE })],
        ['an Error', () => new Error('closed', { cause: SECRET_CAUSE })],
      ] as const) {
        it(`never leaves the server at ${path}, for ${name}`, async () => {
          const manager = managerOf({ ...(exception && { notAuthenticatedException: exception }) });
          const { client } = await start({ manager, controllers: [Json, Text] });
          const gone = tokenOf(manager, 'gone@example.com');
          for (const headers of [{}, bearer('a.b.c'), bearer(gone)]) {
            const response = await client.get(path).set(headers);
            expect(response.status).to.equal(401);
            expect(response.text + JSON.stringify(response.headers)).not.to.match(
              /cause|user loader|for the developer/,
            );
          }
        });
      }
    }

    it("reaches the application's own error handling", async () => {
      const causes: unknown[] = [];
      const handling = ownErrorHandling(framework, (error) => {
        causes.push(error.cause);
        return { status: error.status };
      });
      const manager = managerOf();
      const { client } = await start({ manager, controllers: [Json], defaultErrorHandler: false, ...handling });
      await client.get('/json').set(bearer(tokenOf(manager, 'gone@example.com')));
      expect(causes).to.deep.equal(['the user loader found no user for the subject of the token']);
    });
  });
});
