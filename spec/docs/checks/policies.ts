import { expect } from 'chai';
import { Authorized, Get, JsonController, useExpressServer } from 'routing-controllers';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectForbidden, expectScopeNeeded, expectUnauthorized } from '../trying';

@JsonController('/more')
class More {
  @Authorized([() => true, async () => false, () => true])
  @Get('/outvoted')
  outvoted() {
    return {};
  }

  @Authorized((() => 'yes') as never)
  @Get('/text')
  text() {
    return {};
  }

  @Authorized(() => {
    throw new Error('No answer');
  })
  @Get('/throws')
  throws() {
    return {};
  }
}

const check: Check = async ({ app, lm }) => {
  const client = supertest(app);
  const user = (name: string, ...scopes: string[]) =>
    bearer(lm.createAccessToken({ data: { sub: `${name}@example.com` }, scopes }));

  expectUnauthorized(await client.get('/statistics'), 'token_missing');
  expectForbidden(await client.get('/statistics').set(user('bob')), 'PolicyDeniedError', 'policy_denied');
  expect((await client.get('/statistics').set(user('ada'))).body).to.deep.equal({ notes: 1 });

  // a scope and a policy
  const write = (owner: number) => client.put(`/accounts/${owner}/notes`);
  expect((await write(1).set(user('ada', 'notes:write'))).body).to.deep.equal({ written: true });
  expect((await write(2).set(user('bob', 'notes:write'))).body).to.deep.equal({ written: true });
  expectScopeNeeded(await write(1).set(user('ada', 'notes:read')), 'notes:write');
  expectForbidden(await write(2).set(user('ada', 'notes:write')), 'PolicyDeniedError', 'policy_denied');

  // all of them must answer true, and a boolean
  useExpressServer(app, { controllers: [More], authorizationChecker: lm.checker });
  expectForbidden(await client.get('/more/outvoted').set(user('ada')), 'PolicyDeniedError', 'policy_denied');
  for (const [path, name, message] of [
    ['/more/text', 'ConfigurationError', 'true or false'],
    ['/more/throws', 'Error', 'No answer'],
  ] as const) {
    const response = await client.get(path).set(user('ada'));
    expect(response.status).to.equal(500);
    expect(response.body.name).to.equal(name);
    expect(response.body.message).to.include(message);
  }
};

export default check;
