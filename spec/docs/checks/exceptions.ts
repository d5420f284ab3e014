import { expect } from 'chai';
import express from 'express';
import { Authorized, Get, JsonController, useExpressServer } from 'routing-controllers';
import { InsufficientScopeError, LoginManager, NotAuthenticatedError } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { later, printedBy } from '../trying';

@JsonController()
class Notes {
  @Authorized('notes:read')
  @Get('/notes')
  list() {
    return ['a note'];
  }
}

const causes: unknown[] = [];

class Plain extends Error {
  constructor(message: string, options: { cause: unknown }) {
    super(message);
    causes.push(options.cause);
  }
}

class Teapot extends Plain {
  httpCode = 418;
  headers = { 'X-Brewing': 'tea' };
}

const check: Check = async ({ app, lm, Accounts, SECRET }) => {
  const client = supertest(app);
  const tokenOf = (sub: string) => lm.createAccessToken({ data: { sub } });
  const expectReason = async (reason: string, headers = {}) => {
    const response = await client.get('/diary').set(headers);
    expect(response.status).to.equal(302);
    expect(response.get('Location')).to.equal(`/login?reason=${reason}`);
  };

  // its own error middleware hears of the exception, with its reason
  const ada = tokenOf('ada@example.com');
  const printed = await printedBy(async () => {
    await expectReason('token_missing');
    await expectReason('token_invalid', bearer('a.b.c'));
    await expectReason('user_unknown', bearer(tokenOf('gone@example.com')));
    await later(3600, () => expectReason('token_expired', bearer(ada)));
  });
  expect(printed).to.equal('');
  expect((await client.get('/diary').set(bearer(ada))).body).to.deep.equal({ text: 'Dear diary' });

  // with the default error handler: the exception's own status and headers, or else 401 and 403
  const answers = async (Exception: typeof Plain) => {
    const { checker } = new LoginManager(SECRET, '/login', {
      userLoader: Accounts,
      notAuthenticatedException: Exception,
      outOfScopeException: Exception,
    });
    const server = express();
    useExpressServer(server, { controllers: [Notes], authorizationChecker: checker });
    const notes = () => supertest(server).get('/notes');
    return [await notes(), await notes().set(bearer(ada))];
  };
  expect((await answers(Plain)).map(({ status }) => status)).to.deep.equal([401, 403]);
  for (const response of await answers(Teapot)) {
    expect(response.status).to.equal(418);
    expect(response.get('X-Brewing')).to.equal('tea');
  }
  expect(causes.map((cause) => (cause as object).constructor)).to.deep.equal([
    NotAuthenticatedError,
    InsufficientScopeError,
    NotAuthenticatedError,
    InsufficientScopeError,
  ]);
};

export default check;
