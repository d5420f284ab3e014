import SwaggerParser from '@apidevtools/swagger-parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { expectScopeNeeded, expectUnauthorized } from '../trying';

const check: Check = async ({ app, document }) => {
  const client = supertest(app);
  const { body: served } = await client.get('/openapi.json');
  expect(served).to.deep.equal(JSON.parse(JSON.stringify(document)));
  expect((await new Validator().validate(structuredClone(served))).errors).to.equal(undefined);
  await SwaggerParser.validate(structuredClone(served));

  const { OAuth2PasswordBearer, cookieAuth } = served.components.securitySchemes;
  expect(OAuth2PasswordBearer.flows.password).to.deep.equal({
    tokenUrl: '/login',
    scopes: { 'notes:read': 'Read notes', 'notes:write': 'Write notes' },
  });
  expect(cookieAuth).to.deep.equal({ type: 'apiKey', in: 'cookie', name: 'access-token' });
  const { security, responses } = served.paths['/notes'].get;
  expect(security).to.deep.equal([{ OAuth2PasswordBearer: ['notes:read'] }, { cookieAuth: [] }]);
  expect(Object.keys(responses)).to.deep.equal(['200', '401', '403']);
  expect(served.paths['/login'].post).not.to.have.property('security');

  // as Swagger UI does it: the token from tokenUrl, with the scopes that were ticked
  const login = (scope: string) =>
    client
      .post(OAuth2PasswordBearer.flows.password.tokenUrl)
      .type('form')
      .send({ grant_type: 'password', username: 'ada@example.com', password: 'correct horse', scope });
  expectUnauthorized(await client.get('/notes'), 'token_missing');
  const { body: narrow } = await login('notes:write');
  expectScopeNeeded(await client.get('/notes').set(bearer(narrow.access_token)), 'notes:read');
  const { body: token } = await login(security[0].OAuth2PasswordBearer.join(' '));
  expect((await client.get('/notes').set(bearer(token.access_token))).body).to.deep.equal([
    'a note of ada@example.com',
  ]);
};

export default check;
