import { expect } from 'chai';
import {
  Action,
  Authorized,
  CurrentUser,
  createParamDecorator,
  ForbiddenError,
  Get,
  JsonController,
  Post,
  UnauthorizedError,
} from 'routing-controllers';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { badTokens, clock } from '../support/bad-tokens';
import { bearer, cookie, foreign } from '../support/http';
import { onEachFramework, ownErrorHandling } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const nobody = () => false;

/** Sets the header on the response of either framework, which have the method `set` in common. */
const OwnChallenge = () =>
  createParamDecorator({ value: ({ response }: Action) => response.set('WWW-Authenticate', 'Basic realm="vault"') });

@JsonController()
class Routes {
  @Authorized()
  @Get('/authorized')
  authorized() {
    return {};
  }

  @Authorized()
  @Post('/authorized')
  write() {
    return {};
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return account;
  }

  @Authorized('admin')
  @Get('/scope')
  scope() {
    return {};
  }

  @Authorized(nobody)
  @Get('/policy')
  policy() {
    return {};
  }

  @Get('/second-factor')
  secondFactor(@CurrentUser() _account: Account) {
    throw new UnauthorizedError('Enter your code');
  }

  @Authorized()
  @Get('/vault')
  vault() {
    throw new UnauthorizedError('The vault is locked');
  }

  @Get('/own-challenge')
  ownChallenge(@CurrentUser() _account: Account, @OwnChallenge() _response: unknown) {
    throw new UnauthorizedError('Another scheme');
  }

  @Get('/forbidden')
  forbidden(@CurrentUser() _account: Account) {
    throw new ForbiddenError('Not for you');
  }

  @Get('/open')
  open(@CurrentUser() account: Account | null) {
    return { email: account?.email ?? null };
  }
}

const invalid = 'Bearer realm="api", error="invalid_token", error_description="The access token is invalid"';
/** Routes whose handlers throw a 401 of routing-controllers, which its default error handler answers as such. */
const answered = ['/second-factor'];

const expired = 'Bearer realm="api", error="invalid_token", error_description="The access token expired"';

describe('the challenge of a 401', () => {
  silencingStderr();

  onEachFramework((start, framework) => {
    const manager = managerOf({ clock: clock.tell, useCookie: true });
    const controllers = [Routes];

    for (const defaultErrorHandler of [true, false]) {
      describe(`with defaultErrorHandler ${defaultErrorHandler}`, () => {
        const startIt = async () => (await start({ manager, controllers, defaultErrorHandler })).client;

        for (const path of [
          '/authorized',
          '/required',
          '/scope',
          '/policy',
          ...(defaultErrorHandler ? answered : []),
        ]) {
          it(`names no error where no token was sent: ${path}`, async () => {
            const { status, headers } = await (await startIt()).get(path);
            expect(status).to.equal(401);
            expect(headers['www-authenticate']).to.equal('Bearer realm="api"');
          });

          it(`says what RFC 6750 says of every token that is not good: ${path}`, async () => {
            const client = await startIt();
            for (const [name, { token, code }] of Object.entries(badTokens)) {
              const { status, headers } = await client.get(path).set(bearer(token));
              expect(status, name).to.equal(401);
              expect(headers['www-authenticate'], name).to.equal(code === 'token_expired' ? expired : invalid);
            }
          });
        }

        it('is about the cookie, too', async () => {
          const { headers } = await (await startIt()).get('/authorized').set(cookie('garbage'));
          expect(headers['www-authenticate']).to.equal(invalid);
        });

        it('names the scopes on the 403 of a missing scope', async () => {
          const { status, headers } = await (await startIt()).get('/scope').set(bearer(tokenOf(manager)));
          expect(status).to.equal(403);
          expect(headers['www-authenticate']).to.equal('Bearer realm="api", error="insufficient_scope", scope="admin"');
        });

        it('is on no other 403', async () => {
          const client = await startIt();
          const token = tokenOf(manager);
          const answers = [
            await client.get('/policy').set(bearer(token)),
            await client.post('/authorized').set({ ...cookie(token), ...foreign }),
          ];
          for (const { status, headers } of answers) {
            expect(status).to.equal(403);
            expect(headers).not.to.have.property('www-authenticate');
          }
        });

        it('is on no 200', async () => {
          const client = await startIt();
          for (const headers of [{}, bearer('garbage'), bearer(tokenOf(manager))]) {
            const response = await client.get('/open').set(headers);
            expect(response.status).to.equal(200);
            expect(response.headers).not.to.have.property('www-authenticate');
          }
        });
      });
    }

    it('names no error where the token was good, and the application wants more', async () => {
      const { client } = await start({ manager, controllers });
      const { status, headers } = await client.get('/vault').set(bearer(tokenOf(manager)));
      expect(status).to.equal(401);
      expect(headers['www-authenticate']).to.equal('Bearer realm="api"');
    });

    it("is on no 403 of the application's", async () => {
      const { client } = await start({ manager, controllers });
      const { status, headers } = await client.get('/forbidden').set(bearer('garbage'));
      expect(status).to.equal(403);
      expect(headers).not.to.have.property('www-authenticate');
    });

    it('is the one that the handler has set, and only that', async () => {
      const { client } = await start({ manager, controllers });
      const { status, headers } = await client.get('/own-challenge').set(bearer('garbage'));
      expect(status).to.equal(401);
      expect(headers['www-authenticate']).to.equal('Basic realm="vault"');
    });

    it("is on a 401 of the application's own error handling", async () => {
      const own = ownErrorHandling(framework, () => ({ status: 401, body: { answered: true } }));
      const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
      const { headers, body } = await client.get('/authorized').set(bearer('garbage'));
      expect(headers['www-authenticate']).to.equal(invalid);
      expect(body).to.deep.equal({ answered: true });
    });

    it("is not on another status of the application's own error handling", async () => {
      const own = ownErrorHandling(framework, () => ({ status: 404 }));
      const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
      const { status, headers } = await client.get('/authorized').set(bearer('garbage'));
      expect(status).to.equal(404);
      expect(headers).not.to.have.property('www-authenticate');
    });
  });
});
