import { expect } from 'chai';
import { type Action, Authorized, Get, JsonController, Param } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import type { Policy } from '../../src/authorization/policy';
import type { TokenPayload } from '../../src/jwt/token-payload';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { onEachFramework } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const calls: [string, Account, Action, TokenPayload][] = [];

const isAdmin: Policy<Account> = (account, action, payload) => {
  calls.push(['isAdmin', account, action, payload]);
  return account.admin;
};

const isNamedInPath: Policy<Account> = async (account, action, payload) => {
  calls.push(['isNamedInPath', account, action, payload]);
  return decodeURIComponent(action.request.url).includes(account.email);
};

/** Answers whatever the running test wants. */
let answer: () => unknown = () => true;
const isAnything = (() => answer()) as Policy;

@JsonController()
class Routes {
  @Authorized(isAdmin)
  @Get('/admin')
  admin() {
    return {};
  }

  @Authorized(isNamedInPath)
  @Get('/own/:email')
  own(@Param('email') _email: string) {
    return {};
  }

  @Authorized(['write', isAdmin])
  @Get('/mixed')
  mixed() {
    return {};
  }

  @Authorized([anyOf('write', 'edit'), isAdmin])
  @Get('/any')
  any() {
    return {};
  }

  @Authorized([isAdmin, isNamedInPath])
  @Get('/both/:email')
  both(@Param('email') _email: string) {
    return {};
  }

  @Authorized(isAnything)
  @Get('/anything')
  anything() {
    return {};
  }
}

@Authorized(isAdmin)
@JsonController('/class')
class AdminRoutes {
  @Get('/plain')
  plain() {
    return {};
  }

  @Authorized(isNamedInPath)
  @Get('/own/:email')
  own(@Param('email') _email: string) {
    return {};
  }
}

const [ada, bob] = ['ada@example.com', 'bob@example.com'];

describe('policies', () => {
  silencingStderr();
  beforeEach(() => {
    calls.length = 0;
  });

  onEachFramework((start, framework) => {
    const manager = managerOf();

    const answerTo = async (path: string, email = ada, scopes?: string[]) => {
      const { client } = await start({ manager, controllers: [Routes, AdminRoutes] });
      return client.get(path).set(bearer(tokenOf(manager, email, scopes)));
    };
    const statusOf = async (...args: Parameters<typeof answerTo>) => (await answerTo(...args)).status;

    it('let a user in for whom they are true', async () => {
      expect(await statusOf('/admin', ada)).to.equal(200);
    });

    it('keep a user out for whom they are false, with a PolicyDeniedError', async () => {
      const { status, body } = await answerTo('/admin', bob);
      expect(status).to.equal(403);
      expect(body).to.deep.equal({
        name: 'PolicyDeniedError',
        message: 'You are not allowed to do this',
        code: 'policy_denied',
      });
    });

    it('are not asked about nobody', async () => {
      const { client } = await start({ manager, controllers: [Routes] });
      expect((await client.get('/admin')).status).to.equal(401);
      expect((await client.get('/admin').set(bearer('garbage'))).status).to.equal(401);
      expect(calls).to.be.empty;
    });

    it('may be promised', async () => {
      expect(await statusOf(`/own/${ada}`, ada)).to.equal(200);
      expect(await statusOf(`/own/${ada}`, bob)).to.equal(403);
    });

    it('get the user, the action and the payload', async () => {
      await answerTo('/admin', ada, ['write']);
      const [, account, action, payload] = calls[0] as (typeof calls)[0];
      expect(account).to.deep.equal({ email: ada, admin: true });
      expect(action.request.url).to.equal('/admin');
      expect(action.response).to.be.an('object');
      expect(payload).to.include({ sub: ada }).and.have.property('exp').that.is.a('number');
      expect(payload.scopes).to.deep.equal(['write']);
    });

    it('mix with scopes: both are required', async () => {
      expect(await statusOf('/mixed', ada, ['write'])).to.equal(200);
      expect((await answerTo('/mixed', ada, [])).body.code).to.equal('insufficient_scope');
      expect((await answerTo('/mixed', bob, ['write'])).body.code).to.equal('policy_denied');
    });

    it('are asked only once the scopes suffice', async () => {
      await answerTo('/mixed', ada, []);
      expect(calls).to.be.empty;
    });

    it('mix with anyOf', async () => {
      expect(await statusOf('/any', ada, ['edit'])).to.equal(200);
      expect(await statusOf('/any', ada, [])).to.equal(403);
      expect(await statusOf('/any', bob, ['edit'])).to.equal(403);
    });

    it('must all hold', async () => {
      expect(await statusOf(`/both/${ada}`, ada)).to.equal(200);
      expect(await statusOf(`/both/${bob}`, ada)).to.equal(403);
      expect(await statusOf(`/both/${bob}`, bob)).to.equal(403);
    });

    it('are not asked any more after one that is false', async () => {
      await answerTo(`/both/${bob}`, bob);
      expect(calls.map(([name]) => name)).to.deep.equal(['isAdmin']);
    });

    it('of a class hold for its methods', async () => {
      expect(await statusOf('/class/plain', ada)).to.equal(200);
      expect(await statusOf('/class/plain', bob)).to.equal(403);
    });

    it('of a class and a method must both hold', async () => {
      expect(await statusOf(`/class/own/${ada}`, ada)).to.equal(200);
      expect(await statusOf(`/class/own/${bob}`, ada)).to.equal(403);
      expect(await statusOf(`/class/own/${bob}`, bob)).to.equal(403);
    });

    describe('that throw', () => {
      class Overdrawn extends Error {
        httpCode = 402;
      }

      const failing: Record<string, () => unknown> = {
        'at once': () => {
          throw new Overdrawn('The account is overdrawn');
        },
        later: () => Promise.reject(new Overdrawn('The account is overdrawn')),
      };

      for (const [when, fail] of Object.entries(failing)) {
        it(`${when} let nobody in: the error is the application's own`, async () => {
          answer = fail;
          const response = await answerTo('/anything');
          // routing-controllers' Koa driver knows the status of its own errors alone.
          expect(response.status).to.equal(framework === 'Koa' ? 500 : 402);
          expect(response.body).to.include({ name: 'Overdrawn', message: 'The account is overdrawn' });
        });
      }
    });

    describe('that answer anything but a boolean', () => {
      const odd: Record<string, unknown> = {
        undefined,
        null: null,
        1: 1,
        0: 0,
        "'yes'": 'yes',
        'empty text': '',
        'an object': {},
        'a list': [true],
        'a Boolean object': Object(true),
        NaN: Number.NaN,
      };

      for (const [name, value] of Object.entries(odd)) {
        it(`let nobody in: ${name}`, async () => {
          answer = () => value;
          const { status, body } = await answerTo('/anything');
          expect(status).to.equal(500);
          expect(body.name).to.equal('ConfigurationError');
        });

        it(`let nobody in: a promise of ${name}`, async () => {
          answer = async () => value;
          const { status, body } = await answerTo('/anything');
          expect(status).to.equal(500);
          expect(body.name).to.equal('ConfigurationError');
        });
      }

      it('are named in the message', async () => {
        answer = () => undefined;
        expect((await answerTo('/anything')).body.message).to.contain('isAnything');
      });
    });

    it('may answer with what is only thenable', async () => {
      // biome-ignore lint/suspicious/noThenProperty: a query of an ORM is like this
      answer = () => ({ then: (resolve: (value: boolean) => void) => resolve(false) });
      expect(await statusOf('/anything')).to.equal(403);
    });
  });
});
